using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MlSql.Columnar;
using MlSql.Language;

namespace MlSql.Planning.Lowering;

/// <summary>Prints rows that are known as a subquery.</summary>
public static class ConstantRows
{
    /// <summary>The rows as "(SELECT …)". Values are null, string, double, long, int, bool or lists of (string?, double) pairs; a string for another type is its text.</summary>
    public static string Print(Schema schema, ImmutableArray<ImmutableArray<object?>> rows)
    {
        var into = new StringBuilder("(SELECT ");
        for (int c = 0; c < schema.Fields.Length; c++)
            into.Append(CultureInfo.InvariantCulture, $"{(c > 0 ? ", " : "")}CAST(c{c} AS {schema.Fields[c].Type}) AS {SqlQuote.Identifier(schema.Fields[c].Name)}");
        into.Append(" FROM (VALUES ");
        for (int r = 0; r < Math.Max(rows.Length, 1); r++)
        {
            into.Append(r > 0 ? ", (" : "(");
            for (int c = 0; c < schema.Fields.Length; c++)
            {
                if (c > 0) into.Append(", ");
                if (r == 0) into.Append(CultureInfo.InvariantCulture, $"CAST({(rows.IsEmpty ? "NULL" : Value(rows[r][c]))} AS {Carrier(schema.Fields[c].Type)})");
                else into.Append(Value(rows[r][c]));
            }
            into.Append(')');
        }
        into.Append(") AS t(").AppendJoin(", ", Enumerable.Range(0, schema.Fields.Length).Select(c => string.Create(CultureInfo.InvariantCulture, $"c{c}"))).Append(')');
        if (rows.IsEmpty) into.Append(" WHERE false");
        return into.Append(')').ToString();
    }

    // Columns of other types come as text and are cast outside.
    private static string Carrier(DataType type) => type is FloatType or IntegerType or BooleanType or ListType ? type.ToString() : "VARCHAR";

    private static string Value(object? value) => value switch
    {
        null => "NULL",
        string s => SqlQuote.Text(s),
        bool b => b ? "true" : "false",
        int i => i.ToString(CultureInfo.InvariantCulture),
        long l => l.ToString(CultureInfo.InvariantCulture),
        double d => double.IsFinite(d) ? d.ToString("R", CultureInfo.InvariantCulture) + "::DOUBLE" : $"'{(double.IsNaN(d) ? "nan" : d > 0 ? "inf" : "-inf")}'::DOUBLE",
        IEnumerable<(string?, double)> pairs => "[" + string.Join(", ", pairs.Select(p => $"{{'category': {Value(p.Item1)}, 'weight': {Value(p.Item2)}}}")) + "]",
        IEnumerable<string> texts => "[" + string.Join(", ", texts.Select(SqlQuote.Text)) + "]",
        _ => throw new System.Diagnostics.UnreachableException(value.GetType().Name),
    };
}
