using System.Globalization;
using System.Text;

namespace MlSql.Engines.Spark.Lowering;

/// <summary>Values as Spark's SQL spells them, with escapedStringLiterals on: a backslash is a backslash.</summary>
internal static class SparkLiterals
{
    /// <summary>A text.</summary>
    public static string Text(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";

    /// <summary>A double, to the bit; NaN and infinities by a cast.</summary>
    public static string Number(double value) => double.IsFinite(value)
        ? value.ToString("R", CultureInfo.InvariantCulture) + "D"
        : $"CAST('{(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity")}' AS DOUBLE)";

    /// <summary>A null, string, double, long, int, bool, list of texts or list of (string?, double) pairs.</summary>
    public static string Value(object? value) => value switch
    {
        null => "NULL",
        string s => Text(s),
        bool b => b ? "true" : "false",
        int i => i.ToString(CultureInfo.InvariantCulture),
        long.MinValue => "CAST('-9223372036854775808' AS BIGINT)",
        long l => l.ToString(CultureInfo.InvariantCulture) + "L",
        double d => Number(d),
        IEnumerable<(string?, double)> pairs => List(pairs.Select(p => $"named_struct('category', CAST({Value(p.Item1)} AS STRING), 'weight', {Number(p.Item2)})")),
        IEnumerable<string> texts => List(texts.Select(Text)),
        _ => throw new System.Diagnostics.UnreachableException(value.GetType().Name),
    };

    private static string List(IEnumerable<string> items) => new StringBuilder("array(").AppendJoin(", ", items).Append(')').ToString();
}
