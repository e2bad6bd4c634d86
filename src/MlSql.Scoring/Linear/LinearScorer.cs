using System.Collections.Immutable;
using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Scoring.Featurizers;

namespace MlSql.Scoring.Linear;

/// <summary>Intercept + Σ over the featurizers in their order, read from the columns where they lie. Products and sums are rounded one by one (no fused multiply-add), so that every CPU gives the same bits.</summary>
internal sealed class LinearScorer : IScorer
{
    private readonly ImmutableArray<FeatureKernel> _kernels;
    private readonly double _intercept;
    private readonly FeatureColumns _columns;

    public LinearScorer(Model model, LinearStructure structure)
    {
        if (structure.Weights.Length != model.EncodedWidth) throw ScoringErrors.Damaged("it has another number of weights than of encoded columns");
        if (!double.IsFinite(structure.Intercept)) throw ScoringErrors.Damaged("its intercept is not a finite number");
        Signature = model.Signature;
        _columns = new(Signature.Features);
        // Adding 0 turns -0 into 0: from then on a term of 0 changes no bit of a sum, and may be left out.
        _intercept = structure.Intercept + 0.0;
        var kernels = ImmutableArray.CreateBuilder<FeatureKernel>();
        int at = 0;
        foreach (var featurizer in model.Featurizers)
        {
            var weights = structure.Weights.AsSpan().Slice(at, featurizer.Width);
            if (FeatureKernel.Create(featurizer, new FeatureSource(model.Signature, featurizer), weights) is { } kernel) kernels.Add(kernel);
            at += featurizer.Width;
        }
        _kernels = kernels.ToImmutable();
    }

    public ModelSignature Signature { get; }

    public int Outputs => 1;

    public void Score(ReadOnlySpan<ColumnView> features, Span<double> scores)
    {
        _columns.Check(features, scores.Length);
        Span<double> scratch = stackalloc double[FeatureBlock.MaxRows];
        Span<ulong> words = stackalloc ulong[FeatureBlock.MaxRows / 64];
        for (int start = 0; start < scores.Length; start += FeatureBlock.MaxRows)
        {
            var sums = scores.Slice(start, Math.Min(FeatureBlock.MaxRows, scores.Length - start));
            sums.Fill(_intercept);
            foreach (var kernel in _kernels) kernel.Add(kernel.Source.Resolve(features, start, sums.Length, words, scratch), sums);
        }
    }
}
