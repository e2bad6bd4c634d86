using System.Diagnostics;
using MlSql.Models.Featurizers;

namespace MlSql.Scoring.Featurizers;

/// <summary>
/// Adds weight · encoded value of one featurizer to the scores of a block. A row's result depends on that row alone, bit by bit: the same operations in the same order whatever the block, the thread or the CPU.
/// </summary>
internal abstract class FeatureKernel(FeatureSource source)
{
    public FeatureSource Source { get; } = source;

    public abstract void Add(in FeatureBlock block, Span<double> scores);

    /// <summary>Makes the kernel of a featurizer with its share of the model's weights; null where it adds nothing to any row.</summary>
    public static FeatureKernel? Create(Featurizer featurizer, FeatureSource source, ReadOnlySpan<double> weights) => featurizer switch
    {
        NumericFeaturizer n => NumericKernel.Create(n, source, weights[0]),
        NumberListFeaturizer l => new NumberListKernel(l, source, weights),
        OneHotFeaturizer h => new OneHotKernel(h, source, weights),
        CalendarFeaturizer c => new CalendarKernel(c, source, weights),
        _ => throw new UnreachableException(featurizer.GetType().Name),
    };

    /// <summary>The factor on (x − mean): weight / scale, 0 for a constant column.</summary>
    protected static double Fold(double weight, double mean, double scale, FeatureSource source)
    {
        if (scale == 0 || weight == 0) return 0;
        double folded = weight / scale;
        if (!double.IsFinite(folded) || !double.IsFinite(mean)) throw ScoringErrors.Damaged($"a weight, mean or scale is not a finite number: {source.Name}");
        return folded;
    }
}
