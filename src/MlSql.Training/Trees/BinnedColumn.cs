using System.Collections.Immutable;
using MlSql.Training.Kernels;

namespace MlSql.Training.Trees;

/// <summary>How one encoded column becomes bins of a byte.</summary>
/// <param name="Bins">Bins of values: 0 … Bins − 1.</param>
/// <param name="Cuts">Of numbers: x ≤ Cuts[b] and above the cut before it is bin b, above all of them the last bin. Ascending, one less than bins.</param>
/// <param name="BinOfLevel">Of categories: the bin of each level; empty for numbers.</param>
internal sealed record BinnedColumn(int Bins, ImmutableArray<double> Cuts, ImmutableArray<byte> BinOfLevel)
{
    /// <summary>The bin of missing values.</summary>
    public const byte Missing = 255;

    /// <summary>Most bins of values.</summary>
    public const int MaxBins = 255;

    /// <summary>Of categories the bin of those that no split sends left: levels that are too rare for a bin of their own, and those that training did not see.</summary>
    public const byte Rest = 254;

    /// <summary>Finds the bins of numbers.</summary>
    public BinKernel Finder { get; } = new(Cuts.AsSpan());

    /// <summary>Bins of numbers.</summary>
    public static BinnedColumn OfNumbers(ImmutableArray<double> cuts) => new(cuts.Length + 1, cuts, []);

    /// <summary>True where a bin is a level, not a range of numbers.</summary>
    public bool IsCategorical => !BinOfLevel.IsEmpty;
}
