using System.Globalization;
using System.Text;

namespace MlSql.Models.Onnx;

/// <summary>Text of a file as a message may show it: nothing that steers a terminal, and not long.</summary>
internal static class ShownText
{
    private const int NameLength = 80;
    private const int PathLength = 1_000;

    /// <summary>A name between backquotes; characters that print nothing or steer the output stand as U+FFFD.</summary>
    public static string Name(string text) => $"`{Cleaned(text, NameLength)}`";

    /// <summary>As <see cref="Name(string)"/> of UTF-8; bytes that are none stand as U+FFFD.</summary>
    public static string Name(ReadOnlySpan<byte> utf8) => Name(Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, 4 * NameLength)]));

    /// <summary>A path, without quotes.</summary>
    public static string Path(string path) => Cleaned(path, PathLength);

    private static string Cleaned(string text, int longest)
    {
        StringBuilder shown = new();
        int count = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (count++ == longest) return shown.Append('…').ToString();
            shown.Append(Prints(rune) ? rune : Rune.ReplacementChar);
        }
        return shown.ToString();
    }

    // Format characters turn the writing direction around or hide; the rest moves the cursor or starts an escape.
    private static bool Prints(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse);
}
