using System.Globalization;
using System.Text;

namespace MlSql.Cli.Terminal;

/// <summary>How many columns of a terminal text takes: two for wide East Asian characters and emoji, none for combining marks.</summary>
internal static class DisplayWidth
{
    public static int Of(string text)
    {
        int width = 0;
        foreach (Rune rune in text.EnumerateRunes()) width += Of(rune);
        return width;
    }

    /// <summary>The text itself when it fits, else as much as fits in front of the mark.</summary>
    public static string Fit(string text, int width, string mark)
    {
        if (Of(text) <= width) return text;
        StringBuilder head = new();
        int left = width - mark.Length;
        foreach (Rune rune in text.EnumerateRunes())
        {
            left -= Of(rune);
            if (left < 0) break;
            head.Append(rune.ToString());
        }
        return head.Append(mark).ToString();
    }

    private static int Of(Rune rune)
    {
        int code = rune.Value;
        if (code < 0x300) return 1;
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format) return 0;
        return IsWide(code) ? 2 : 1;
    }

    // The blocks of Unicode's East Asian Width property W and F.
    private static bool IsWide(int code) => code switch
    {
        < 0x1100 => false,
        <= 0x115F or 0x2329 or 0x232A => true,
        0x231A or 0x231B or (>= 0x23E9 and <= 0x23EC) or 0x2705 or 0x274C or 0x2B50 => true,
        >= 0x2E80 and <= 0x303E => true,
        >= 0x3041 and <= 0xA4CF => true,
        >= 0xA960 and <= 0xA97C => true,
        >= 0xAC00 and <= 0xD7A3 => true,
        >= 0xF900 and <= 0xFAFF => true,
        >= 0xFE30 and <= 0xFE6F => true,
        (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6) => true,
        (>= 0x1F300 and <= 0x1F64F) or (>= 0x1F680 and <= 0x1F6FF) or (>= 0x1F900 and <= 0x1F9FF) or (>= 0x1FA70 and <= 0x1FAFF) => true,
        >= 0x20000 and <= 0x3FFFD => true,
        _ => false,
    };
}
