using System.Text.Json;
using MlSql.Engines.DuckDb.Database;

namespace MlSql.Engines.DuckDb;

/// <summary>How the engine would run a query: the trees of operators that its EXPLAIN tells.</summary>
internal sealed class QueryPlan
{
    private QueryPlan(List<JsonElement> roots) => Roots = roots;

    /// <summary>The last operator of each tree; a query has one, unless it looks something up by a statement before it.</summary>
    public IReadOnlyList<JsonElement> Roots { get; }

    /// <summary>Asks for the plan of a query. Throws <see cref="EngineException"/>.</summary>
    public static QueryPlan Of(DuckDbConnection connection, string sql, CancellationToken cancel)
    {
        List<JsonElement> roots = [];
        using var result = connection.ExecuteWhole("EXPLAIN (FORMAT json) " + sql, cancel);
        while (result.NextChunk(cancel) is { } chunk)
        {
            for (int row = 0; row < chunk.Rows; row++)
            {
                using var plan = JsonDocument.Parse(chunk.Views[^1].Text(row).ToArray());
                foreach (var root in plan.RootElement.EnumerateArray()) roots.Add(root.Clone());
            }
        }
        return new QueryPlan(roots);
    }

    /// <summary>An operator's name, as SEQ_SCAN.</summary>
    public static string NameOf(JsonElement node) => node.GetProperty("name").GetString()!.Trim();

    /// <summary>The operators that one takes its rows from.</summary>
    public static JsonElement.ArrayEnumerator ChildrenOf(JsonElement node) => node.GetProperty("children").EnumerateArray();
}
