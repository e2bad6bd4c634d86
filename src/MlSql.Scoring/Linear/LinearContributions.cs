using System.Collections.Immutable;
using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Scoring.Featurizers;

namespace MlSql.Scoring.Linear;

/// <summary>What each featurizer adds to the score of a linear model; then its intercept. They sum up to the score. Safe for any number of threads at once.</summary>
internal sealed class LinearContributions
{
    private readonly ImmutableArray<FeatureKernel?> _kernels;
    private readonly double _intercept;

    public LinearContributions(Model model, LinearStructure structure)
    {
        var kernels = ImmutableArray.CreateBuilder<FeatureKernel?>();
        int at = 0;
        foreach (var featurizer in model.Featurizers)
        {
            kernels.Add(FeatureKernel.Create(featurizer, new FeatureSource(model.Signature, featurizer), structure.Weights.AsSpan().Slice(at, featurizer.Width)));
            at += featurizer.Width;
        }
        (_kernels, _intercept) = (kernels.ToImmutable(), structure.Intercept);
    }

    /// <summary>Numbers a row: one a featurizer, and the intercept.</summary>
    public int Width => _kernels.Length + 1;

    /// <summary>Writes those of rows <paramref name="first"/> …, row after row.</summary>
    public void Write(ReadOnlySpan<ColumnView> features, int first, int rows, Span<double> into)
    {
        Span<double> scratch = stackalloc double[FeatureBlock.MaxRows], sums = stackalloc double[FeatureBlock.MaxRows];
        Span<ulong> words = stackalloc ulong[FeatureBlock.MaxRows / 64];
        for (int start = 0; start < rows; start += FeatureBlock.MaxRows)
        {
            var part = sums[..Math.Min(FeatureBlock.MaxRows, rows - start)];
            for (int i = 0; i < Width; i++)
            {
                part.Fill(i < _kernels.Length ? 0 : _intercept);
                if (i < _kernels.Length && _kernels[i] is { } kernel) kernel.Add(kernel.Source.Resolve(features, first + start, part.Length, words, scratch), part);
                for (int row = 0; row < part.Length; row++) into[(start + row) * Width + i] = part[row];
            }
        }
    }
}
