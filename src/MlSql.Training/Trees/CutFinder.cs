using System.Collections.Immutable;

namespace MlSql.Training.Trees;

/// <summary>
/// Chooses cuts of a column: a function of how often each value occurs, which no order of rows can change. Every value gets a bin of its own where there are few; else bins hold about as many rows each,
/// and a value as frequent as that stands alone (the greedy rule of LightGBM's bin.cpp).
/// </summary>
internal static class CutFinder
{
    /// <summary>Cuts between distinct ascending values, of which each came so often, for at most so many bins.</summary>
    public static ImmutableArray<double> Of(ReadOnlySpan<double> values, ReadOnlySpan<long> counts, int maxBins)
    {
        var cuts = ImmutableArray.CreateBuilder<double>();
        if (values.Length <= maxBins)
        {
            for (int i = 1; i < values.Length; i++) Add(cuts, values[i - 1], values[i]);
            return cuts.ToImmutable();
        }
        long left = 0, bins = maxBins, inBin = 0;
        foreach (long count in counts) left += count;
        double mean = (double)left / bins;
        // Values that fill a bin of their own leave the others' share to the rest.
        bool[] alone = new bool[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            if (counts[i] < mean) continue;
            alone[i] = true;
            bins--;
            left -= counts[i];
        }
        mean = (double)left / Math.Max(1, bins);
        for (int i = 0; i < values.Length - 1 && cuts.Count < maxBins - 1; i++)
        {
            inBin += counts[i];
            if (!alone[i] && !alone[i + 1] && inBin < mean) continue;
            Add(cuts, values[i], values[i + 1]);
            if (!alone[i])
            {
                left -= inBin;
                bins--;
                mean = (double)left / Math.Max(1, bins);
            }
            inBin = 0;
        }
        return cuts.ToImmutable();
    }

    // The middle, or the lower value where there is nothing between them.
    private static void Add(ImmutableArray<double>.Builder cuts, double lower, double upper)
    {
        double middle = lower / 2 + upper / 2;
        cuts.Add(middle > lower && middle < upper ? middle : lower);
    }
}
