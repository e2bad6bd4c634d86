using System.Globalization;
using System.Text;

namespace MlSql.Language;

/// <summary>Makes text safe to show on a terminal: characters that steer it or that cannot be seen are spelled out.</summary>
public static class VisibleText
{
    /// <summary>The text with control characters (C0, DEL, C1), direction marks and lone surrogates written as \u and four digits. Line ends too.</summary>
    public static string Escape(string text)
    {
        if (!NeedsEscape(text)) return text;
        var escaped = new StringBuilder(text.Length + 16);
        for (int i = 0; i < text.Length;)
        {
            int length = Unit(text, i, out string? spelled);
            if (spelled is null) escaped.Append(text, i, length);
            else escaped.Append(spelled);
            i += length;
        }
        return escaped.ToString();
    }

    /// <summary>The number of UTF-16 units of the character at a position, and its spelling when it must not be shown as it is.</summary>
    internal static int Unit(string text, int position, out string? spelled)
    {
        char c = text[position];
        if (c is >= ' ' and < '\u007F')
        {
            spelled = null;
            return 1;
        }
        if (!Rune.TryGetRuneAt(text, position, out Rune rune) || IsHidden(rune))
        {
            spelled = string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            return 1;
        }
        spelled = null;
        return rune.Utf16SequenceLength;
    }

    /// <summary>Columns that a character takes on a terminal: 0 for combining marks, 2 for wide letters and pictures (approximate), else 1.</summary>
    internal static int Width(string text, int position)
    {
        if (text[position] < '\u0300' || !Rune.TryGetRuneAt(text, position, out Rune rune)) return 1;
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark) return 0;
        return rune.Value is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF)
            or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6) or (>= 0x1F300 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD) ? 2 : 1;
    }

    private static bool NeedsEscape(string text)
    {
        for (int i = 0; i < text.Length;)
        {
            i += Unit(text, i, out string? spelled);
            if (spelled is not null) return true;
        }
        return false;
    }

    private static bool IsHidden(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
