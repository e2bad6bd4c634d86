using System.Globalization;
using System.Text.Json;
using MlSql.Engines.DuckDb.Database;
using MlSql.Language;
using MlSql.Planning;

namespace MlSql.Engines.DuckDb;

/// <summary>A table whose rows a query gives as they are, all of them: rows that are read more than once need no copy then. A session is the only one that writes to its database.</summary>
internal static class WholeTable
{
    // What the plan says of a scan of all rows; filters and samples would be told here too.
    private static readonly HashSet<string> Plain = new(StringComparer.Ordinal) { "Table", "Type", "Projections", "Estimated Cardinality" };

    /// <summary>
    /// The step's query over the table itself, with the number of each row, from 0 on, before its columns. Null where the query does more than read a table, where weights or the split are computed, which might be by chance,
    /// and where rows were deleted or are not committed yet.
    /// </summary>
    public static string? WithPlaces(DuckDbConnection connection, TrainStep step, CancellationToken cancel)
    {
        if (step.Train.Weight is not null || step.Train.Split.By is not null) return null;
        if (QueryPlan.Of(connection, step.Source, cancel).Roots is not [var root] || QueryPlan.NameOf(root) != "SEQ_SCAN" || QueryPlan.ChildrenOf(root).Any()) return null;
        JsonElement scan = root.GetProperty("extra_info");
        if (!scan.EnumerateObject().All(p => Plain.Contains(p.Name)) || !scan.TryGetProperty("Table", out var table) || !scan.TryGetProperty("Projections", out var read)) return null;
        List<string> columns = read.ValueKind == JsonValueKind.Array ? [.. read.EnumerateArray().Select(n => n.GetString()!)] : [read.GetString()!], names;
        using (DuckDbResult none = connection.ExecuteWhole($"SELECT * FROM ({step.Source}\n) LIMIT 0", cancel)) names = [.. none.Schema.Fields.Select(f => f.Name)];
        // A field of a STRUCT is told as column.field; a rowid is not told at all.
        if (columns.Count != names.Count || columns.Any(name => name.Contains('.', StringComparison.Ordinal))) return null;
        if (FirstPlace(connection, table.GetString()!, cancel) is not { } first) return null;
        string list = string.Join(", ", columns.Zip(names, (column, name) => $"{SqlQuote.Identifier(column)} AS {SqlQuote.Identifier(name)}"));
        return string.Create(CultureInfo.InvariantCulture, $"SELECT __mlsql_place, {step.Columns} FROM (SELECT {list}, rowid - {first} AS __mlsql_place FROM {table.GetString()})");
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
