using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MlSql.Columnar;

namespace MlSql.Engines.Spark.Lowering;

/// <summary>Prints rows that are known as a subquery.</summary>
internal static class SparkRowsText
{
    /// <summary>The rows as "(SELECT …)"; values as in <see cref="SparkLiterals.Value"/>, a string for another type is its text.</summary>
    public static string Print(Schema schema, ImmutableArray<ImmutableArray<object?>> rows)
    {
        var into = new StringBuilder("(SELECT ");
        for (int c = 0; c < schema.Fields.Length; c++)
            into.Append(CultureInfo.InvariantCulture, $"{(c > 0 ? ", " : "")}CAST(c{c} AS {SparkTypeNames.Of(schema.Fields[c].Type)}) AS {SparkTypeNames.Quoted(schema.Fields[c].Name)}");
        into.Append(" FROM (VALUES ");
        for (int r = 0; r < Math.Max(rows.Length, 1); r++)
        {
            into.Append(r > 0 ? ", (" : "(");
            for (int c = 0; c < schema.Fields.Length; c++) into.Append(c > 0 ? ", " : "").Append(rows.IsEmpty ? "NULL" : SparkLiterals.Value(rows[r][c]));
            into.Append(')');
        }
        into.Append(") AS t(").AppendJoin(", ", Enumerable.Range(0, schema.Fields.Length).Select(c => string.Create(CultureInfo.InvariantCulture, $"c{c}"))).Append(')');
        if (rows.IsEmpty) into.Append(" WHERE false");
        return into.Append(')').ToString();
    }
}
