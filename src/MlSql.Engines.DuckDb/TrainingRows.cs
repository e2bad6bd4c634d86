using System.Globalization;
using MlSql.Engines.DuckDb.Database;
using MlSql.Engines.DuckDb.Functions;
using MlSql.Training;

namespace MlSql.Engines.DuckDb;

/// <summary>
/// Brings the rows of a query into a training run. Streamed, they would come one after another on one thread; instead a function takes them inside the engine, where all threads read, and the column
/// that it gives tells in which order the pieces lie, for the engine keeps the order of a result's rows.
/// </summary>
internal static class TrainingRows
{
    /// <summary>Appends all rows of the query, which has that many columns, and gives the order of their pieces; null when they came in order.</summary>
    public static IReadOnlyList<int>? Read(DuckDbConnection connection, TrainingRowsFunction function, string sql, int columns, TrainingRun run, CancellationToken cancel)
    {
        // What a PIVOT's columns are is looked up by a statement before it.
        if (sql.Contains("PIVOT", StringComparison.OrdinalIgnoreCase)) return Stream(connection, sql, run, cancel);
        function.Run = run;
        try
        {
            return Collect(connection, sql, columns, cancel);
        }
        finally
        {
            function.Run = null;
        }
    }

    private static List<int> Collect(DuckDbConnection connection, string sql, int columns, CancellationToken cancel)
    {
        string names = string.Join(", ", Enumerable.Range(0, columns).Select(i => string.Create(CultureInfo.InvariantCulture, $"c{i}")));
        using DuckDbResult rows = connection.ExecuteWhole($"SELECT {TrainingRowsFunction.Name}({names}) FROM ({sql}\n) AS r({names})", cancel);
        List<int> order = [];
        while (rows.NextChunk(cancel) is { } chunk)
        {
            foreach (int piece in chunk.Views[0].Values<int>()[..chunk.Rows])
                if (order.Count == 0 || order[^1] != piece) order.Add(piece);
        }
        return order;
    }

    private static IReadOnlyList<int>? Stream(DuckDbConnection connection, string sql, TrainingRun run, CancellationToken cancel)
    {
        using DuckDbResult rows = connection.ExecuteStreaming(sql, cancel);
        while (rows.NextChunk(cancel) is { } chunk) run.Append(chunk.Views, chunk.Rows);
        return null;
    }
}
