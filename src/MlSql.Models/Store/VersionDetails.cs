using System.Collections.Immutable;
using MlSql.Models.Estimators;

namespace MlSql.Models.Store;

/// <summary>How a model version came to be. Not part of its content hash.</summary>
public sealed record VersionDetails
{
    /// <summary>Name of the estimator, or the format that the model was imported from.</summary>
    public required string Estimator { get; init; }

    /// <summary>All options of the estimator.</summary>
    public OptionValues Options { get; init; } = new(ImmutableSortedDictionary<string, string>.Empty);

    /// <summary>The seed of every random decision.</summary>
    public long Seed { get; init; }

    /// <summary>The statement in canonical form.</summary>
    public required string Statement { get; init; }

    /// <summary>Name of the label column.</summary>
    public string Label { get; init; } = "";

    /// <summary>SQL name of the label's type; empty when not known.</summary>
    public string LabelType { get; init; } = "";

    /// <summary>Rows by their part, and rows left out for a NULL label.</summary>
    public VersionRows Rows { get; init; } = new(0, 0, 0, 0);

    /// <summary>Tells one set of training rows from another, whatever their order; empty when there were none.</summary>
    public string DataFingerprint { get; init; } = "";

    /// <summary>What the training columns held.</summary>
    public ImmutableArray<FeatureStatistics> Features { get; init; } = [];

    /// <summary>Metrics on each part of the rows.</summary>
    public ImmutableArray<VersionMetric> Metrics { get; init; } = [];

    /// <summary>One line an iteration.</summary>
    public ImmutableArray<VersionIteration> Iterations { get; init; } = [];

    /// <summary>What EARLY STOPPING did, or null.</summary>
    public VersionStopping? Stopping { get; init; }

    /// <summary>Warnings of the training.</summary>
    public ImmutableArray<VersionWarning> Warnings { get; init; } = [];

    /// <summary>Name of the engine that read the rows.</summary>
    public string Engine { get; init; } = "";

    /// <summary>Its version.</summary>
    public string EngineVersion { get; init; } = "";

    /// <summary>Version of MlSql that made the model.</summary>
    public string MlSqlVersion { get; init; } = "";

    /// <summary>When the version was kept, in UTC. <see cref="ModelStore.Save"/> sets it from the store's clock.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>How long the training took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>A comment, or null.</summary>
    public string? Comment { get; init; }
}

/// <summary>The model is that of <paramref name="BestIteration"/>, and training ended before its last one where <paramref name="Early"/> is true.</summary>
public sealed record VersionStopping(int BestIteration, bool Early);

/// <summary>Row counts of a training.</summary>
public sealed record VersionRows(long Train, long Eval, long Test, long Dropped);

/// <summary>A metric on one part of the rows: "train", "eval" or "test"; null where it is not defined. Every NaN is kept as the one NaN, all other numbers exactly.</summary>
public sealed record VersionMetric(string Split, string Metric, double? Value);

/// <summary>One iteration of a training: losses on the training and, if there are any, the eval rows.</summary>
public sealed record VersionIteration(int Iteration, double Loss, double? EvalLoss, double Milliseconds);

/// <summary>A warning with its code.</summary>
public sealed record VersionWarning(string Code, string Message);
