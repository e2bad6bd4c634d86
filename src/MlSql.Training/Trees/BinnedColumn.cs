using System.Collections.Immutable;

namespace MlSql.Training.Trees;

/// <summary>How one encoded column becomes bins: x ≤ Cuts[b] and above the cut before it is bin b, above all of them bin Cuts.Length; a missing value is bin <see cref="Missing"/>.</summary>
/// <param name="Cuts">Ascending numbers, at most 254.</param>
/// <param name="Categories">True where the values are categories, each below <see cref="Missing"/> a bin of its own.</param>
internal sealed record BinnedColumn(ImmutableArray<double> Cuts, bool Categories)
{
    /// <summary>The bin of missing values.</summary>
    public const int Missing = 255;

    /// <summary>Bins of values.</summary>
    public int Bins => Cuts.Length + 1;

    /// <summary>The bin of a value.</summary>
    public byte BinOf(double value)
    {
        if (double.IsNaN(value)) return Missing;
        int low = 0, high = Cuts.Length;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (value <= Cuts[middle]) high = middle;
            else low = middle + 1;
        }
        return (byte)low;
    }
}
