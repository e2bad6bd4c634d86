using System.Globalization;
using System.Text;

namespace MlSql.Cli.Terminal;

/// <summary>Makes text safe to show: nothing in data or messages may steer the terminal.</summary>
internal static class TerminalText
{
    /// <summary>One line: every control character, line separator and direction mark becomes an escape such as \n, \x1B or \u202E.</summary>
    public static string EscapeLine(string text) => Escape(text, keepLines: false);

    /// <summary>A message of several lines: newlines and tabs stay, all else is escaped.</summary>
    public static string EscapeLines(string text) => Escape(text, keepLines: true);

    private static string Escape(string text, bool keepLines)
    {
        int first = 0;
        while (first < text.Length && !MustEscape(text[first], keepLines)) first++;
        if (first == text.Length) return text;

        StringBuilder safe = new(text, 0, first, text.Length + 16);
        foreach (char c in text.AsSpan(first))
        {
            if (!MustEscape(c, keepLines)) safe.Append(c);
            else
            {
                safe.Append(c switch
                {
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\t' => "\\t",
                    < '\x80' => "\\x" + ((int)c).ToString("X2", CultureInfo.InvariantCulture),
                    _ => "\\u" + ((int)c).ToString("X4", CultureInfo.InvariantCulture),
                });
            }
        }
        return safe.ToString();
    }

    private static bool MustEscape(char c, bool keepLines) => c switch
    {
        '\n' or '\t' => !keepLines,
        < ' ' or (>= '\x7F' and <= '\x9F') => true,
        '\u200E' or '\u200F' or '\u061C' => true,
        >= '\u2028' and <= '\u202E' => true,
        >= '\u2066' and <= '\u2069' => true,
        _ => false,
    };
}
