using MlSql.Training.Kernels;
using MlSql.Training.Rows;

namespace MlSql.Training.Trees;

/// <summary>Rows that stand for all when cuts are chosen: those whose hash, made of their values alone, lies below a threshold. A function of the set of rows, not of their order.</summary>
internal static class RowSample
{
    /// <summary>About so many rows are taken; where there are no more, all are.</summary>
    public const int Rows = 200_000;

    /// <summary>Fewer than this are not enough.</summary>
    private const int Least = 50_000;

    /// <summary>The threshold for these rows; the largest one takes all.</summary>
    public static ulong ThresholdOf(ChunkedArray<ulong> hashes)
    {
        double share = (double)Rows / hashes.Length;
        // Rows that are copies of a few share their fate.
        while (share < 1)
        {
            ulong threshold = (ulong)(share * ulong.MaxValue);
            if (Count(hashes, threshold) >= Least) return threshold;
            share *= 2;
        }
        return ulong.MaxValue;
    }

    /// <summary>Whether a row is taken.</summary>
    public static bool Takes(ulong threshold, ulong hash) => RowHash.Finish(hash) <= threshold;

    private static long Count(ChunkedArray<ulong> hashes, ulong threshold)
    {
        long count = 0;
        for (int block = 0; block < hashes.Blocks; block++)
            foreach (ulong hash in hashes.Block(block))
                if (Takes(threshold, hash)) count++;
        return count;
    }
}
