using MlSql.Columnar;
using MlSql.Engines.DuckDb.Database;
using MlSql.Engines.DuckDb.Functions;
using MlSql.Planning;
using MlSql.Planning.Plans;
using MlSql.Training;

namespace MlSql.Engines.DuckDb;

/// <summary>Runs a <see cref="TrainStep"/>: streams the rows into a training run, chunk by chunk, and hands back what is to be stored.</summary>
internal static class Trainer
{
    /// <summary>Trains. Throws <see cref="CodedException"/> and leaves nothing behind.</summary>
    public static EngineOutcome Run(
        DuckDbConnection connection, TrainingRowsFunction rows, TrainStep step, DuckDbEngineOptions options, DuckDbEngine engine, RunContext context, ProgressPump progress, CancellationToken cancel)
    {
        var started = context.Time.GetTimestamp();
        int threads = options.Threads ?? Environment.ProcessorCount;
        long memory = options.Memory ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 10 * 8;
        progress.Phase = "reading";
        BoundTrain train = step.Train;
        string ordered = RowOrder.Fix(connection, step.Sql, cancel);
        var spec = Spec(train, Split(connection, train, step.Sql, cancel));
        using var run = new TrainingRun(spec, threads, memory, context.Time, context.Progress is { } listener ? new Relay(listener) : null);
        // Weights and a split are expressions: another reading might give others.
        bool reads = run.ReadsAgain && ordered == step.Sql && train.Weight is null && train.Split.By is null;
        string? placed = reads ? WholeTable.WithPlaces(connection, step.Columns, step.Source, cancel) : null;
        var order = TrainingRows.Read(connection, rows, ordered, placed, train.QueryColumns, run, options.Memory, cancel);
        progress.Pause();
        var result = run.Finish(order, cancel);
        var origin = new TrainingOrigin(train.Statement, train.Comment, engine.Name, engine.Version, context.Time.GetElapsedTime(started));
        return new EngineOutcome.Trained(result.Model, result.Details(spec, origin));
    }

    private static SplitSpec Split(DuckDbConnection connection, BoundTrain train, string sql, CancellationToken cancel)
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
                using (var count = connection.ExecuteWhole($"SELECT count(*) FROM ({sql}\n)", cancel))
                {
                    return SplitSpec.Automatic(count.NextChunk(cancel)!.Views[0].Values<long>()[0], train.Split.Test);
                }
            default:
                throw new System.Diagnostics.UnreachableException(train.Split.Kind.ToString());
        }
    }

    private static TrainingSpec Spec(BoundTrain train, SplitSpec split) => new(
        train.Estimator,
        train.Options,
        train.Features,
        train.Label,
        train.Weight is not null,
        new ClassWeighting(train.BalancedClasses, train.ClassWeights),
        split,
        train.Seed)
    {
        EarlyStopping = train.EarlyStopping,
    };

    /// <summary>Passes a trainer's progress on.</summary>
    private sealed class Relay(IProgress<RunProgress> listener) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => listener.Report(new RunProgress(
            value.Phase,
            null,
            value.Rows, value.RowsPerSecond, value.Iteration, value.MaxIterations, value.Loss, value.Elapsed));
    }
}
