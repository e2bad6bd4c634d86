using System.Globalization;
using MlSql.Columnar;
using MlSql.Planning;
using MlSql.Planning.Plans;
using MlSql.Training;

namespace MlSql.Engines.Spark;

/// <summary>Runs a <see cref="TrainStep"/>: the query's rows are streamed here and trained on in this process. They come in the order of the partitions' ends, so that sums may differ in their last bits from one run to the next.</summary>
internal static class SparkTrainer
{
    private const string Table = "mlsql_training";

    /// <summary>Trains. Throws <see cref="CodedException"/> and leaves nothing behind.</summary>
    public static async Task<EngineOutcome> RunAsync(SparkStatements statements, BoundTrain train, string sql, SparkEngineOptions options, SparkEngine engine, RunContext context, CancellationToken cancel)
    {
        long started = context.Time.GetTimestamp();
        options.OnNotice?.Invoke(new RunNotice(EngineNotices.RowsTravel, "TRAIN on Spark brings the query's rows to this process and trains here", "select the columns and rows that the model needs; --memory bounds what is kept of them"));
        int threads = options.Threads ?? Environment.ProcessorCount;
        long memory = options.Memory ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 10 * 8;
        var spec = new TrainingSpec(
            train.Estimator, train.Options, train.Features, train.Label, train.Weight is not null,
            new ClassWeighting(train.BalancedClasses, train.ClassWeights), await SplitAsync(statements, train, sql, cancel).ConfigureAwait(false), train.Seed)
        { EarlyStopping = train.EarlyStopping };
        using var run = new TrainingRun(spec, threads, memory, context.Time, context.Progress is { } listener ? new TrainingRelay(listener) : null);
        if (run.ReadsAgain) await ReadAgainAsync(statements, sql, train.QueryColumns, run, cancel).ConfigureAwait(false);
        else await ReadAsync(statements, sql, run, cancel).ConfigureAwait(false);
        // Arithmetic from here on: off the caller's thread, which may wait for other things.
        var result = await Task.Run(() => run.Finish(null, cancel), cancel).ConfigureAwait(false);
        var origin = new TrainingOrigin(train.Statement, train.Comment, engine.Name, engine.Version, context.Time.GetElapsedTime(started));
        return new EngineOutcome.Trained(result.Model, result.Details(spec, origin));
    }

    private static async Task ReadAsync(SparkStatements statements, string sql, TrainingRun run, CancellationToken cancel)
    {
        await foreach (var batch in statements.BatchesAsync(sql, null, cancel).ConfigureAwait(false))
            if (batch.Rows > 0) run.Append(batch.Columns, batch.Rows);
        await Task.Run(() => run.NextPass(cancel), cancel).ConfigureAwait(false);
    }

    // The rows are fixed once: a query need not give the same ones again.
    private static async Task ReadAgainAsync(SparkStatements statements, string sql, int columns, TrainingRun run, CancellationToken cancel)
    {
        string names = string.Join(", ", Enumerable.Range(0, columns).Select(i => string.Create(CultureInfo.InvariantCulture, $"c{i}")));
        try
        {
            await statements.RunAsync($"CREATE OR REPLACE TEMP TABLE {Table} AS SELECT * FROM ({sql}\n) AS r({names})", null, cancel).ConfigureAwait(false);
            do
            {
                await foreach (var batch in statements.BatchesAsync($"SELECT * FROM {Table}", null, cancel).ConfigureAwait(false))
                    if (batch.Rows > 0) run.Append(batch.Columns, batch.Rows);
            }
            while (await Task.Run(() => run.NextPass(cancel), cancel).ConfigureAwait(false));
        }
        finally
        {
            await statements.RunAsync($"DROP TABLE IF EXISTS {Table}", null, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static async Task<SplitSpec> SplitAsync(SparkStatements statements, BoundTrain train, string sql, CancellationToken cancel)
    {
        switch (train.Split.Kind)
        {
            case BoundSplitKind.None:
                return SplitSpec.None;
            case BoundSplitKind.Random:
                return new SplitSpec(SplitMode.Random, train.Split.Eval, train.Split.Test);
            case BoundSplitKind.Column:
                return new SplitSpec(SplitMode.Column, 0, 0);
            case BoundSplitKind.Auto:
                long rows = 0;
                await foreach (var batch in statements.BatchesAsync(string.Create(CultureInfo.InvariantCulture, $"SELECT count(*) FROM ({sql}\n)"), null, cancel).ConfigureAwait(false))
                    if (batch.Rows > 0) rows = batch.Columns[0].Values<long>()[0];
                return SplitSpec.Automatic(rows, train.Split.Test);
            default:
                throw new System.Diagnostics.UnreachableException(train.Split.Kind.ToString());
        }
    }
}
