using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MlSql.Cli.Output;
using MlSql.Columnar;

namespace MlSql.SpecTests;

/// <summary>Rows as spec scripts write them: cells with tabs between them, exact numbers, NULL, (empty) for empty text.</summary>
internal static partial class ResultRows
{
    private static readonly UTF8Encoding Utf8 = new(false, true);

    /// <summary>Adds the rows of a batch.</summary>
    public static void Append(RecordBatch batch, List<string[]> rows)
    {
        CellWriter[] writers = [.. batch.Schema.Fields.Select(f => CellWriters.For(f.Type, CellStyle.Exact))];
        var buffer = new Utf8Buffer();
        for (int row = 0; row < batch.Rows; row++)
        {
            string[] cells = new string[writers.Length];
            for (int i = 0; i < writers.Length; i++)
            {
                if (batch.Columns[i].Type is NullType || batch.Columns[i].IsNull(row))
                {
                    cells[i] = "NULL";
                    continue;
                }
                buffer.Clear();
                writers[i](buffer, batch.Columns[i], row);
                cells[i] = Visible(Utf8.GetString(buffer.Written));
            }
            rows.Add(cells);
        }
    }

    /// <summary>What is wrong with the columns for these letters (I integer, R real or decimal, B boolean, T anything), or null.</summary>
    public static string? Mismatch(string letters, Schema schema)
    {
        if (letters.Length != schema.Fields.Length)
            return $"the record has {letters.Length} columns, the result {schema.Fields.Length}: {string.Join(", ", schema.Fields.Select(f => $"{f.Name} {f.Type}"))}";
        for (int i = 0; i < letters.Length; i++)
        {
            var type = schema.Fields[i].Type;
            bool fits = letters[i] switch
            {
                'T' => true,
                'I' => type is IntegerType,
                'R' => type is FloatType or DecimalType,
                'B' => type is BooleanType,
                _ => throw new FormatException($"No type has this letter: {letters[i]}"),
            };
            if (!fits) return $"column {schema.Fields[i].Name} is {type}, and the record says {letters[i]}";
        }
        return null;
    }

    /// <summary>True when the cells are equal, or when all numbers in them differ by at most the tolerance (relative above 1).</summary>
    public static bool Same(string expected, string found, double tolerance)
    {
        if (expected == found) return true;
        if (tolerance == 0) return false;
        var left = Number().Matches(expected);
        var right = Number().Matches(found);
        if (left.Count != right.Count || Number().Replace(expected, "0") != Number().Replace(found, "0")) return false;
        for (int i = 0; i < left.Count; i++)
        {
            double a = double.Parse(left[i].Value, CultureInfo.InvariantCulture), b = double.Parse(right[i].Value, CultureInfo.InvariantCulture);
            if (Math.Abs(a - b) > tolerance * Math.Max(1, Math.Abs(a))) return false;
        }
        return true;
    }

    private static string Visible(string text) =>
        text.Length == 0 ? "(empty)" : text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);

    [GeneratedRegex(@"-?\d+(\.\d+)?([eE][+-]?\d+)?")]
    private static partial Regex Number();
}
