using System.Text.Json;
using MlSql.Engines.DuckDb.Database;

namespace MlSql.Engines.DuckDb;

/// <summary>
/// Puts training rows into an order that threads cannot change: the engine keeps the order of scans, filters and sorts, but not of joins, groups and windows. Sums over doubles depend on the order, and so would the model's bytes.
/// </summary>
internal static class RowOrder
{
    // Operators through which rows come in the order of their source.
    private static readonly HashSet<string> Keeping = new(StringComparer.Ordinal)
    {
        "PROJECTION", "FILTER", "SEQ_SCAN", "TABLE_SCAN", "READ_PARQUET", "PARQUET_SCAN", "READ_CSV", "READ_CSV_AUTO", "READ_JSON", "READ_JSON_AUTO", "RANGE", "GENERATE_SERIES",
        "ORDER_BY", "LIMIT", "STREAMING_LIMIT", "COLUMN_DATA_SCAN", "DUMMY_SCAN", "EMPTY_RESULT", "UNNEST", "UNION",
    };

    /// <summary>The query itself when its plan keeps an order, else the query sorted by all of its columns: equal rows may change places then, and nothing else.</summary>
    public static string Fix(DuckDbConnection connection, string sql, CancellationToken cancel) =>
        IsKept(connection, cancel) && QueryPlan.Of(connection, sql, cancel).Roots.All(Keeps) ? sql : $"SELECT * FROM ({sql}\n) ORDER BY ALL";

    private static bool IsKept(DuckDbConnection connection, CancellationToken cancel)
    {
        using var setting = connection.ExecuteWhole("SELECT current_setting('preserve_insertion_order')::BOOLEAN", cancel);
        return setting.NextChunk(cancel)!.Views[0].Values<byte>()[0] != 0;
    }

    private static bool Keeps(JsonElement node) => Keeping.Contains(QueryPlan.NameOf(node)) && QueryPlan.ChildrenOf(node).All(Keeps);
}
