using System.Collections.Immutable;
using MlSql.Models;
using MlSql.Models.Store;
using MlSql.Training.Rows;

namespace MlSql.Training;

/// <summary>What a training gave.</summary>
/// <param name="Model">The model.</param>
/// <param name="Rows">Rows by their part, and rows left out.</param>
/// <param name="Iterations">One line an iteration (one line, number 0, for a closed form).</param>
/// <param name="Metrics">Metrics of the model on each part that has rows.</param>
/// <param name="Features">What the training rows hold in each column (fields of a struct by their own).</param>
/// <param name="Warnings">What the user should know; one sentence each, with a code.</param>
/// <param name="DataFingerprint">32 hexadecimal digits made of the rows' values, whatever their order.</param>
public sealed record TrainingResult(
    Model Model,
    TrainingRows Rows,
    ImmutableArray<IterationInfo> Iterations,
    ImmutableArray<SplitMetric> Metrics,
    ImmutableArray<FeatureStatistics> Features,
    ImmutableArray<TrainingWarning> Warnings,
    string DataFingerprint)
{
    /// <summary>What EARLY STOPPING did, or null.</summary>
    public VersionStopping? Stopping { get; init; }

    /// <summary>What is kept with the version; <paramref name="origin"/> says what the result does not know.</summary>
    public VersionDetails Details(TrainingSpec spec, TrainingOrigin origin) => new()
    {
        Estimator = spec.Estimator.Name,
        Options = spec.Options,
        Seed = spec.Seed,
        Statement = origin.Statement,
        Label = spec.Label.Name,
        LabelType = LabelTypes.Of(spec.Label.Type).ToString(),
        Rows = new VersionRows(Rows.Train, Rows.Eval, Rows.Test, Rows.DroppedNullLabels),
        DataFingerprint = DataFingerprint,
        Features = Features,
        Metrics = [.. Metrics.Select(m => new VersionMetric(m.Split, m.Metric, m.Value))],
        Iterations = [.. Iterations.Select(i => new VersionIteration(i.Iteration, i.Loss, i.EvalLoss, i.Duration.TotalMilliseconds))],
        Stopping = Stopping,
        Warnings = [.. Warnings.Select(w => new VersionWarning(w.Code, w.Hint is null ? w.Message : $"{w.Message} ({w.Hint})"))],
        Engine = origin.Engine,
        EngineVersion = origin.EngineVersion,
        MlSqlVersion = typeof(TrainingResult).Assembly.GetName().Version!.ToString(3),
        Duration = origin.Duration,
        Comment = origin.Comment,
    };
}

/// <summary>Where a training came from: the statement in canonical form with its comment or null, the engine that read the rows, and how long all of it took.</summary>
public sealed record TrainingOrigin(string Statement, string? Comment, string Engine, string EngineVersion, TimeSpan Duration);

/// <summary>Row counts of a training.</summary>
public sealed record TrainingRows(long Train, long Eval, long Test, long DroppedNullLabels)
{
    internal long Of(RowPart part) => part switch { RowPart.Train => Train, RowPart.Eval => Eval, RowPart.Test => Test, _ => DroppedNullLabels };

    // Throws MLS3004, MLS3005 where nothing is left to train on.
    internal void Check(long all)
    {
        if (all == DroppedNullLabels) throw TrainingErrors.NoRows(DroppedNullLabels);
        if (Train == 0) throw TrainingErrors.NoTrainRows(all - DroppedNullLabels);
    }
}

/// <summary>One iteration: the mean loss with penalty on the training rows, the loss on the eval rows (null without any), and its duration.</summary>
public sealed record IterationInfo(int Iteration, double Loss, double? EvalLoss, TimeSpan Duration);

/// <summary>A metric on one part of the rows: "train", "eval" or "test". The value is null where the metric is not defined.</summary>
public sealed record SplitMetric(string Split, string Metric, double? Value);

/// <summary>A warning with its code (MLS3xxx).</summary>
public sealed record TrainingWarning(string Code, string Message, string? Hint);

/// <summary>How far a training is. <paramref name="Phase"/> is "reading", "encoding", "training" or "evaluating"; loss is null where there is none yet.</summary>
public sealed record TrainingProgress(string Phase, long Rows, int Iteration, int MaxIterations, double? Loss, double RowsPerSecond, TimeSpan Elapsed);
