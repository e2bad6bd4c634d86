using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MlSql.Models.Store;

/// <summary>
/// The name of a model's folder: the model's name in lower case, all but a-z, 0-9, _ and - as %xx of its UTF-8 bytes, cut and hashed when it gets long.
/// A folder keeps its name when its model is renamed, so this is where a model starts to look, and what people see, but not what decides.
/// </summary>
internal static class EncodedName
{
    private const int MaxLength = 200;
    private const int KeptLength = 120;
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    public static string Of(string name)
    {
        StringBuilder encoded = new();
        foreach (byte b in Encoding.UTF8.GetBytes(name.ToLowerInvariant()))
            encoded = b is >= (byte)'a' and <= (byte)'z' or >= (byte)'0' and <= (byte)'9' or (byte)'_' or (byte)'-'
                ? encoded.Append((char)b)
                : encoded.Append(CultureInfo.InvariantCulture, $"%{b:x2}");
        if (encoded.Length > MaxLength)
        {
            string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(encoded.ToString())));
            encoded.Length = KeptLength;
            encoded.Append('.').Append(hash);
        }
        string text = encoded.ToString();
        return IsDevice(text) ? $"%{(int)text[0]:x2}{text[1..]}" : text;
    }

    /// <summary>A second folder for the same name, needed while a renamed or dropped model still has the first.</summary>
    public static string WithOrdinal(string folder, int ordinal) => ordinal == 0 ? folder : string.Create(CultureInfo.InvariantCulture, $"{folder}~{ordinal}");

    public static string WithoutOrdinal(string folder) => folder.Split('~')[0];

    /// <summary>True when a name has a character and is valid Unicode.</summary>
    public static bool IsUsable(string name)
    {
        try
        {
            return Utf8.GetByteCount(name) > 0;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    // Windows opens devices under these names in every folder.
    private static bool IsDevice(string text) =>
        text is "con" or "prn" or "aux" or "nul" || text.Length == 4 && (text.StartsWith("com", StringComparison.Ordinal) || text.StartsWith("lpt", StringComparison.Ordinal)) && char.IsAsciiDigit(text[3]);
}
