using System.Collections.Immutable;
using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Training.Rounds;
using MlSql.Training.Rows;

namespace MlSql.Training;

/// <summary>One run of a trainer: it takes the rows, in one pass or in several, then learns from them.</summary>
internal abstract class Fitting : IDisposable
{
    /// <summary>True where the rows are read more than once.</summary>
    public virtual bool ReadsAgain => false;

    /// <summary>Rows taken in this pass.</summary>
    public abstract long Rows { get; }

    /// <summary>Takes a piece of the rows, <paramref name="first"/> being the place of its first one among all rows, or -1, and gives the number of the piece. Threads may come at once.</summary>
    public abstract int Append(ReadOnlySpan<ColumnView> columns, int rows, long first);

    /// <summary>Ends a pass: true when all rows are wanted once more. Throws <see cref="Columnar.CodedException"/> (MLS3xxx) for rows that cannot be trained on.</summary>
    public virtual bool NextPass(FittingContext context, CancellationToken cancel) => false;

    /// <summary>Learns; <paramref name="order"/> as of <see cref="TrainingRun.Finish"/>.</summary>
    public abstract FittedRows Finish(IReadOnlyList<int>? order, FittingContext context, CancellationToken cancel);

    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <summary>What a trainer works with.</summary>
/// <param name="Crew">The threads.</param>
/// <param name="Time">The clock.</param>
/// <param name="Progress">Where to tell how far it is.</param>
/// <param name="Warnings">Where warnings go.</param>
internal sealed record FittingContext(BlockCrew Crew, TimeProvider Time, ProgressReporter Progress, List<TrainingWarning> Warnings);

/// <summary>What a trainer learned, and from which rows.</summary>
/// <param name="Fitted">What it learned.</param>
/// <param name="Classes">The classes, ascending; null for regression.</param>
/// <param name="Counts">How many rows there were.</param>
/// <param name="Inputs">The model's inputs.</param>
/// <param name="Statistics">What the training rows hold in each feature column.</param>
/// <param name="Fingerprint">What tells this set of rows from others, whatever their order.</param>
/// <param name="Labels">The labels of a part's rows: values, or indexes of classes.</param>
/// <param name="Weights">What they weigh, by WEIGHT BY alone; empty where every row weighs 1.</param>
internal sealed record FittedRows(
    FittedModel Fitted, ClassLabels? Classes, TrainingRows Counts, ImmutableArray<Feature> Inputs, ImmutableArray<FeatureStatistics> Statistics, string Fingerprint,
    Func<RowPart, double[]> Labels, Func<RowPart, double[]> Weights);
