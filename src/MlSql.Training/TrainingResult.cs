using System.Collections.Immutable;
using MlSql.Models;

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
    string DataFingerprint);

/// <summary>Row counts of a training.</summary>
public sealed record TrainingRows(long Train, long Eval, long Test, long DroppedNullLabels);

/// <summary>One iteration: the mean loss with penalty on the training rows, the loss on the eval rows (null without any), and its duration.</summary>
public sealed record IterationInfo(int Iteration, double Loss, double? EvalLoss, TimeSpan Duration);

/// <summary>A metric on one part of the rows: "train", "eval" or "test". The value is null where the metric is not defined.</summary>
public sealed record SplitMetric(string Split, string Metric, double? Value);

/// <summary>A warning with its code (MLS3xxx).</summary>
public sealed record TrainingWarning(string Code, string Message, string? Hint);

/// <summary>How far a training is. <paramref name="Phase"/> is "reading", "encoding", "training" or "evaluating"; loss is null where there is none yet.</summary>
public sealed record TrainingProgress(string Phase, long Rows, int Iteration, int MaxIterations, double? Loss, double RowsPerSecond, TimeSpan Elapsed);
