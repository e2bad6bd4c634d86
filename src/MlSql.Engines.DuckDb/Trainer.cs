using MlSql.Columnar;
using MlSql.Engines.DuckDb.Database;
using MlSql.Engines.DuckDb.Functions;
using MlSql.Models;
using MlSql.Models.Store;
using MlSql.Planning;
using MlSql.Planning.Plans;
using MlSql.Training;

namespace MlSql.Engines.DuckDb;

/// <summary>Runs a <see cref="TrainStep"/>: streams the rows into a training run, chunk by chunk, and hands back what is to be stored.</summary>
internal static class Trainer
{
    /// <summary>Trains. Throws <see cref="CodedException"/> and leaves nothing behind.</summary>
    public static EngineOutcome Run(
        DuckDbConnection connection, TrainingRowsFunction rows, BoundTrain train, string sql, DuckDbEngineOptions options, DuckDbEngine engine, RunContext context, ProgressPump progress, CancellationToken cancel)
    {
        var started = context.Time.GetTimestamp();
        int threads = options.Threads ?? Environment.ProcessorCount;
        long memory = options.Memory ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 10 * 8;
        progress.Phase = "reading";
        string ordered = RowOrder.Fix(connection, sql, cancel);
        using var run = new TrainingRun(Spec(train, Split(connection, train, sql, cancel)), threads, memory, context.Time, context.Progress is { } listener ? new Relay(listener) : null);
        var order = TrainingRows.Read(connection, rows, ordered, Columns(train), run, cancel);
        progress.Pause();
        var result = run.Finish(order, cancel);
        return new EngineOutcome.Trained(result.Model, Details(train, result, engine, context.Time.GetElapsedTime(started)));
    }

    // Of the step's query: the features, the label, and where they are said the weight and the split.
    private static int Columns(BoundTrain train) => train.Features.Length + 1 + (train.Weight is null ? 0 : 1) + (train.Split.By is null ? 0 : 1);

    // The automatic split goes by the number of rows: none below 500, a fifth for evaluation up to 50,000, else 10,000 rows.
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
                    long rows = count.NextChunk(cancel)!.Views[0].Values<long>()[0];
                    return rows < 500 ? SplitSpec.None : new SplitSpec(SplitMode.Random, rows <= 50_000 ? 0.2 : 10_000.0 / rows, train.Split.Test);
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
        train.Seed);

    private static VersionDetails Details(BoundTrain train, TrainingResult result, DuckDbEngine engine, TimeSpan duration) => new()
    {
        Estimator = train.Estimator.Name,
        Options = train.Options,
        Seed = train.Seed,
        Statement = train.Statement,
        Label = train.Label.Name,
        LabelType = LabelTypes.Of(train.Label.Type).ToString(),
        Rows = new VersionRows(result.Rows.Train, result.Rows.Eval, result.Rows.Test, result.Rows.DroppedNullLabels),
        DataFingerprint = result.DataFingerprint,
        Features = result.Features,
        Metrics = [.. result.Metrics.Select(m => new VersionMetric(m.Split, m.Metric, m.Value))],
        Iterations = [.. result.Iterations.Select(i => new VersionIteration(i.Iteration, i.Loss, i.EvalLoss, i.Duration.TotalMilliseconds))],
        Warnings = [.. result.Warnings.Select(w => new VersionWarning(w.Code, w.Hint is null ? w.Message : $"{w.Message} ({w.Hint})"))],
        Engine = engine.Name,
        EngineVersion = engine.Version,
        MlSqlVersion = typeof(Trainer).Assembly.GetName().Version!.ToString(3),
        Duration = duration,
        Comment = train.Comment,
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
