using System.Globalization;
using System.Text.Json;
using MlSql.Engines.DuckDb.Database;
using MlSql.Language;

namespace MlSql.Engines.DuckDb;

/// <summary>A table whose rows a query gives as they are, all of them: rows that are read more than once need no copy then. A session is the only one that writes to its database.</summary>
internal static class WholeTable
{
    private const string Place = "__mlsql_place";

    // What the plan says of a scan of all rows; filters and samples would be told here too.
    private static readonly HashSet<string> Plain = new(StringComparer.Ordinal) { "Table", "Type", "Projections", "Estimated Cardinality" };

    /// <summary>
    /// A query of <paramref name="columns"/>, by their names, of the table that <paramref name="source"/> reads, with the number of each row, from 0 on, before them. Null where that does more than read a table,
    /// and where rows were deleted or are not committed yet.
    /// </summary>
    public static string? WithPlaces(DuckDbConnection connection, string columns, string source, CancellationToken cancel)
    {
        if (QueryPlan.Of(connection, source, cancel).Roots is not [var root] || QueryPlan.NameOf(root) != "SEQ_SCAN" || QueryPlan.ChildrenOf(root).Any()) return null;
        JsonElement scan = root.GetProperty("extra_info");
        if (!scan.EnumerateObject().All(p => Plain.Contains(p.Name)) || !scan.TryGetProperty("Table", out var table) || !scan.TryGetProperty("Projections", out var read)) return null;
        List<string> found = read.ValueKind == JsonValueKind.Array ? [.. read.EnumerateArray().Select(n => n.GetString()!)] : [read.GetString()!];
        var fields = connection.Describe(source, cancel).Fields;
        // A field of a STRUCT is told as column.field; a rowid is not told at all.
        if (found.Count != fields.Length || found.Any(name => name.Contains('.', StringComparison.Ordinal)) || fields.Any(field => field.Name.Equals(Place, StringComparison.OrdinalIgnoreCase))) return null;
        if (FirstPlace(connection, table.GetString()!, cancel) is not { } first) return null;
        string list = string.Join(", ", found.Zip(fields, (column, field) => $"{SqlQuote.Identifier(column)} AS {SqlQuote.Identifier(field.Name)}"));
        return string.Create(CultureInfo.InvariantCulture, $"SELECT {Place}, {columns} FROM (SELECT {list}, rowid - {first} AS {Place} FROM {table.GetString()})");
    }

    // Null where the numbers have gaps.
    private static long? FirstPlace(DuckDbConnection connection, string table, CancellationToken cancel)
    {
        using DuckDbResult places = connection.ExecuteWhole($"SELECT coalesce(min(rowid), 0)::BIGINT, coalesce(max(rowid), -1)::BIGINT, count(*)::BIGINT FROM {table}", cancel);
        var views = places.NextChunk(cancel)!.Views;
        (long first, long last, long rows) = (views[0].Values<long>()[0], views[1].Values<long>()[0], views[2].Values<long>()[0]);
        return last - first + 1 == rows ? first : null;
    }
}
