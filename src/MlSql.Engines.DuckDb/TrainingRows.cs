using System.Globalization;
using MlSql.Columnar;
using MlSql.Engines.DuckDb.Database;
using MlSql.Engines.DuckDb.Functions;
using MlSql.Training;

namespace MlSql.Engines.DuckDb;

/// <summary>
/// Brings the rows of a query into a training run. Streamed, they would come one after another on one thread; instead a function takes them inside the engine, where all threads read, and the column
/// that it gives tells in which order the pieces lie, for the engine keeps the order of a result's rows. A run that reads its rows again gets them from the table where they lie, or else from a temporary one, which spills to disk above the engine's memory limit.
/// </summary>
internal static class TrainingRows
{
    private const string Table = "mlsql_training";

    /// <summary>
    /// Appends all rows of the query, which has that many columns, as often as the run wants them, and gives the order of their pieces; null when they came in order. <paramref name="placed"/> gives the same rows from where they lie, their numbers before;
    /// null where they must be copied to be read again. <paramref name="memory"/> is what the engine and the run may use, in bytes.
    /// </summary>
    public static IReadOnlyList<int>? Read(DuckDbConnection connection, TrainingRowsFunction function, string sql, string? placed, int columns, TrainingRun run, long? memory, CancellationToken cancel)
    {
        function.Run = run;
        try
        {
            if (run.ReadsAgain)
            {
                using var share = memory is { } limit ? new MemoryShare(connection.Database, limit) : null;
                return placed is null ? Copy(connection, sql, columns, run, cancel) : ReadAgain(connection, placed, columns, run, cancel);
            }
            // What a PIVOT's columns are is looked up by a statement before it.
            var order = sql.Contains("PIVOT", StringComparison.OrdinalIgnoreCase) ? Stream(connection, sql, run, cancel) : Collect(connection, sql, columns, cancel);
            run.NextPass(cancel);
            return order;
        }
        finally
        {
            function.Run = null;
        }
    }

    private static List<int> Copy(DuckDbConnection connection, string sql, int columns, TrainingRun run, CancellationToken cancel)
    {
        try
        {
            connection.ExecuteWhole($"CREATE OR REPLACE TEMP TABLE {Table} AS {sql}", cancel).Dispose();
            // Within a transaction the engine counts the rows of a new table from a large number on.
            var order = ReadAgain(connection, $"SELECT rowid - (SELECT min(rowid) FROM temp.{Table}), * FROM temp.{Table}", columns, run, cancel);
            Drop(connection);
            return order;
        }
        catch
        {
            try
            {
                Drop(connection);
            }
            catch (CodedException)
            {
                // A transaction that failed takes no statement any more, and the table with it.
            }
            throw;
        }
    }

    private static void Drop(DuckDbConnection connection) => connection.ExecuteWhole($"DROP TABLE IF EXISTS temp.{Table}", CancellationToken.None).Dispose();

    private static List<int> ReadAgain(DuckDbConnection connection, string placed, int columns, TrainingRun run, CancellationToken cancel)
    {
        List<int> order;
        do order = Collect(connection, placed, columns + 1, cancel);
        while (run.NextPass(cancel));
        return order;
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
