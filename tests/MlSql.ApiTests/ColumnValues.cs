using System.Diagnostics;
using MlSql.Columnar;

namespace MlSql.ApiTests;

/// <summary>Values of a query's columns as a program of .NET has them.</summary>
internal static class ColumnValues
{
    private static readonly DateOnly Epoch = new(1970, 1, 1);

    public static object? Of(Column column, int row)
    {
        if (column.IsNull(row)) return null;
        return (column, column.Type) switch
        {
            (FixedColumn<byte> c, BooleanType) => c.Values[row] != 0,
            (FixedColumn<int> c, DateType) => Epoch.AddDays(c.Values[row]),
            (FixedColumn<long> c, TimestampType { Zoned: false }) => DateTime.UnixEpoch.AddMicroseconds(c.Values[row]),
            (FixedColumn<long> c, TimestampType) => new DateTimeOffset(DateTime.UnixEpoch.AddMicroseconds(c.Values[row])),
            (FixedColumn<long> c, DecimalType d) => c.Values[row] / (decimal)Math.Pow(10, d.Scale),
            (FixedColumn<sbyte> c, _) => c.Values[row],
            (FixedColumn<byte> c, _) => c.Values[row],
            (FixedColumn<short> c, _) => c.Values[row],
            (FixedColumn<ushort> c, _) => c.Values[row],
            (FixedColumn<int> c, _) => c.Values[row],
            (FixedColumn<uint> c, _) => c.Values[row],
            (FixedColumn<long> c, _) => c.Values[row],
            (FixedColumn<ulong> c, _) => c.Values[row],
            (FixedColumn<float> c, _) => c.Values[row],
            (FixedColumn<double> c, _) => c.Values[row],
            (TextColumn c, _) => c.Text(row),
            (ListColumn c, MapType) => Elements(c, row).Cast<Dictionary<string, object?>>().ToDictionary(e => e["key"]!, e => e["value"]),
            (ListColumn c, _) => Typed(Elements(c, row)),
            (StructColumn c, StructType t) => t.Fields.Select((f, i) => (f.Name, Value: Of(c.Fields[i], row))).ToDictionary(f => f.Name, f => f.Value),
            _ => throw new UnreachableException($"{column.GetType()} of {column.Type}"),
        };
    }

    /// <summary>The rows of a query.</summary>
    public static async Task<List<Dictionary<string, object?>>> RowsAsync(MlSqlSession session, string query)
    {
        List<Dictionary<string, object?>> rows = [];
        await using var result = await session.QueryAsync(query);
        await foreach (var batch in result.ReadAsync())
            for (int row = 0; row < batch.Rows; row++) rows.Add(batch.Schema.Fields.Select((f, i) => (f.Name, Value: Of(batch.Columns[i], row))).ToDictionary(f => f.Name, f => f.Value));
        return rows;
    }

    private static object?[] Elements(ListColumn column, int row)
    {
        var (start, length) = column.Range(row);
        return [.. Enumerable.Range(start, length).Select(i => Of(column.Elements, i))];
    }

    // A list of numbers is one of numbers, not of objects.
    private static object Typed(object?[] elements) => elements switch
    {
        [double, ..] when elements.All(e => e is double) => elements.Cast<double>().ToArray(),
        [float, ..] when elements.All(e => e is float) => elements.Cast<float>().ToArray(),
        [long, ..] when elements.All(e => e is long) => elements.Cast<long>().ToArray(),
        [string, ..] when elements.All(e => e is string) => elements.Cast<string>().ToArray(),
        _ => elements,
    };
}
