using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MlSql.Columnar;

namespace MlSql.Models.Store.Manifests;

/// <summary>
/// A file of two JSON values: a line with kind, format number and SHA-256, then the content. The hash is over that line up to itself, and the content.
/// </summary>
internal static class HashedJson
{
    /// <summary>No file of this form is longer.</summary>
    public const long MaxBytes = 256 << 20;

    private const string Format = "1";
    private const int HashLength = 64;

    private static ReadOnlySpan<byte> HashKey => "\"sha256\":\""u8;
    private static ReadOnlySpan<byte> LineEnd => "\"}\n"u8;

    public static byte[] Write(string kind, Action<Utf8JsonWriter> content)
    {
        ArrayBufferWriter<byte> body = new();
        using (Utf8JsonWriter json = new(body, new() { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }
        body.Write("\n"u8);
        byte[] start = Encoding.UTF8.GetBytes(Start(kind) + Format + ",");
        byte[] hash = Encoding.ASCII.GetBytes(HashOf(start, body.WrittenSpan));
        return [.. start, .. HashKey, .. hash, .. LineEnd, .. body.WrittenSpan];
    }

    /// <summary>Reads a file's content once its hash has been found right; everything else is a typed error that names <paramref name="path"/>.</summary>
    public static T Read<T>(byte[] bytes, string kind, string path, Func<JsonElement, T> read)
    {
        ReadOnlySpan<byte> body = Verify(bytes, kind, path);
        try
        {
            Utf8JsonReader reader = new(body);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            return read(document.RootElement);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw ModelErrors.Damaged(path, "its hash is right, but its content is not what this version of MlSql writes", wrong);
        }
    }

    private static ReadOnlySpan<byte> Verify(ReadOnlySpan<byte> bytes, string kind, string path)
    {
        int comma = bytes.IndexOf(HashKey) - 1;
        byte[] prefix = Encoding.UTF8.GetBytes(Start(kind));
        if (comma < prefix.Length || !bytes.StartsWith(prefix)) throw ModelErrors.Damaged(path, $"it does not begin as a {kind} file");
        ReadOnlySpan<byte> rest = bytes[(comma + 1 + HashKey.Length)..];
        if (rest.Length < HashLength + LineEnd.Length || !rest[HashLength..].StartsWith(LineEnd)) throw ModelErrors.Damaged(path, "its first line is cut short");
        string expected = Encoding.Latin1.GetString(rest[..HashLength]);
        ReadOnlySpan<byte> body = rest[(HashLength + LineEnd.Length)..];
        string found = HashOf(bytes[..(comma + 1)], body);
        if (found != expected) throw Differs(path, expected, found);
        string format = Encoding.Latin1.GetString(bytes[prefix.Length..comma]);
        return format == Format ? body : throw ModelErrors.StoreTooNew(path, format);
    }

    private static CodedException Differs(string path, string expected, string found) => ModelErrors.HashMismatch(path, expected, found);

    private static string Start(string kind) => string.Create(CultureInfo.InvariantCulture, $"{{\"mlsql\":\"{kind}\",\"format\":");

    private static string HashOf(ReadOnlySpan<byte> start, ReadOnlySpan<byte> body)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(start);
        hash.AppendData(body);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
