using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Models.Estimators;

namespace MlSql.Training;

/// <summary>
/// Everything that decides a model beside the rows. Batches that are appended have these columns: the features in order, the label, then the weight if <paramref name="HasWeight"/>,
/// then the split column if <paramref name="Split"/> is by column.
/// </summary>
/// <param name="Estimator">What is trained.</param>
/// <param name="Options">Its options, all present.</param>
/// <param name="Features">Names and types of the feature columns.</param>
/// <param name="Label">Name and type of the label column.</param>
/// <param name="HasWeight">True when a weight column (DOUBLE) follows the label.</param>
/// <param name="ClassWeighting">How classes are weighted.</param>
/// <param name="Split">Which rows train.</param>
/// <param name="Seed">The seed of every random decision.</param>
public sealed record TrainingSpec(
    EstimatorInfo Estimator,
    OptionValues Options,
    ImmutableArray<Field> Features,
    Field Label,
    bool HasWeight,
    ClassWeighting ClassWeighting,
    SplitSpec Split,
    long Seed)
{
    /// <summary>When to stop before the last iteration; null for never. Needs rows for evaluation, and an estimator with stopping metrics.</summary>
    public EarlyStopping? EarlyStopping { get; init; }
}

/// <summary>How classes are weighted: not at all, n / (k · n_c), or by value (class text as in <see cref="Models.ClassLabels"/>; a class that is not listed weighs 1).</summary>
public sealed record ClassWeighting(bool Balanced, ImmutableSortedDictionary<string, double> Weights)
{
    /// <summary>Every row weighs the same.</summary>
    public static ClassWeighting None { get; } = new(false, ImmutableSortedDictionary<string, double>.Empty);
}

/// <summary>How rows are divided.</summary>
public enum SplitMode
{
    /// <summary>All rows train.</summary>
    None,

    /// <summary>By a hash of the row's values and the seed.</summary>
    Random,

    /// <summary>By the split column: BOOLEAN (true = eval) or text 'train' | 'eval' | 'test'.</summary>
    Column,
}

/// <summary>Which rows train, which are held out for evaluation and for a last test. Fractions of 1; used by <see cref="SplitMode.Random"/> only.</summary>
public sealed record SplitSpec(SplitMode Mode, double EvalFraction, double TestFraction)
{
    /// <summary>All rows train.</summary>
    public static SplitSpec None { get; } = new(SplitMode.None, 0, 0);

    /// <summary>BigQuery ML's automatic split by the number of rows: none below 500, a fifth for evaluation up to 50,000, else 10,000 rows.</summary>
    public static SplitSpec Automatic(long rows, double testFraction) =>
        rows < 500 ? None : new SplitSpec(SplitMode.Random, rows <= 50_000 ? 0.2 : 10_000.0 / rows, testFraction);
}
