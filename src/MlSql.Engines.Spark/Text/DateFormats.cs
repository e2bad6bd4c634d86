using System.Text;

namespace MlSql.Engines.Spark.Text;

/// <summary>Formats of dates and times: from strptime's to Java's letters.</summary>
internal static class DateFormats
{
    /// <summary>The format in Java's letters, or null where a part of it has no letters there. Letters that stand for themselves come into quotes.</summary>
    public static string? Spark(string format)
    {
        var spark = new StringBuilder();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                bool letter = char.IsAsciiLetter(format[i]);
                spark.Append(letter ? "'" : "").Append(format[i] == '\'' ? "''" : format[i].ToString()).Append(letter ? "'" : "");
                continue;
            }
            bool short_ = i + 1 < format.Length && format[i + 1] == '-';
            i += short_ ? 2 : 1;
            string? part = i < format.Length ? Letters(format[i]) : null;
            if (part is null) return null;
            spark.Append(short_ ? part[..1] : part);
        }
        return spark.ToString();
    }

    private static string? Letters(char specifier) => specifier switch
    {
        'Y' => "yyyy",
        'y' => "yy",
        'm' => "MM",
        'd' => "dd",
        'H' => "HH",
        'I' => "hh",
        'M' => "mm",
        'S' => "ss",
        'f' => "SSSSSS",
        'g' => "SSS",
        'p' => "a",
        'b' => "MMM",
        'B' => "MMMM",
        'a' => "EEE",
        'A' => "EEEE",
        'j' => "DDD",
        'z' => "xx",
        '%' => "%",
        _ => null,
    };
}
