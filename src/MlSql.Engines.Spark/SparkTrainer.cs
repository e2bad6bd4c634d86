using System.Globalization;
using MlSql.Columnar;
using MlSql.Planning;
using MlSql.Planning.Plans;
using MlSql.Training;

namespace MlSql.Engines.Spark;

/// <summary>Runs a <see cref="TrainStep"/>: the query's rows are streamed here and trained on in this process. They come in the order of the partitions' ends, so that sums may differ in their last bits from one run to the next.</summary>
internal static class SparkTrainer
{
    /// <summary>Trains. Throws <see cref="CodedException"/> and leaves nothing behind.</summary>
    public static async Task<EngineOutcome> RunAsync(SparkStatements statements, BoundTrain train, string sql, SparkEngineOptions options, SparkEngine engine, RunContext context, CancellationToken cancel)
    {
        long started = context.Time.GetTimestamp();
        options.OnNotice?.Invoke(new RunNotice(EngineNotices.RowsTravel, "TRAIN on Spark brings the query's rows to this process and trains here", "select the columns and rows that the model needs; --memory bounds what is kept of them"));
        int threads = options.Threads ?? Environment.ProcessorCount;
        long memory = options.Memory ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 10 * 8;
        var spec = new TrainingSpec(
            train.Estimator, train.Options, train.Features, train.Label, train.Weight is not null,
            new ClassWeighting(train.BalancedClasses, train.ClassWeights), await SplitAsync(statements, train, sql, cancel).ConfigureAwait(false), train.Seed) { EarlyStopping = train.EarlyStopping };
        using var run = new TrainingRun(spec, threads, memory, context.Time, context.Progress is { } listener ? new TrainingRelay(listener) : null);
        await foreach (var batch in statements.BatchesAsync(sql, null, cancel).ConfigureAwait(false))
            if (batch.Rows > 0) run.Append(batch.Columns, batch.Rows);
        // Arithmetic from here on: off the caller's thread, which may wait for other things.
        var result = await Task.Run(() => run.Finish(null, cancel), cancel).ConfigureAwait(false);
        var origin = new TrainingOrigin(train.Statement, train.Comment, engine.Name, engine.Version, context.Time.GetElapsedTime(started));
        return new EngineOutcome.Trained(result.Model, result.Details(spec, origin));
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
