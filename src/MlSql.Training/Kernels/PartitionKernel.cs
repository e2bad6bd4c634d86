using System.Runtime.CompilerServices;

namespace MlSql.Training.Kernels;

/// <summary>Divides row ids by the bin of one column.</summary>
internal static unsafe class PartitionKernel
{
    /// <summary>
    /// Writes ids whose bin has a 1 among the 256 bytes of <paramref name="left"/> to <paramref name="lefts"/>, others to <paramref name="rights"/>, each in their order, and returns the number of lefts.
    /// Both lists have room for all ids.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Divide(int* ids, int count, byte* firstBin, byte* left, int* lefts, int* rights)
    {
        int l = 0, r = 0;
        for (int i = 0; i < count; i++)
        {
            int id = ids[i];
            int goesLeft = left[firstBin[(long)id * HistogramKernel.RecordBytes]];
            // No branch: both are written, one is kept.
            rights[r] = id;
            lefts[l] = id;
            l += goesLeft;
            r += 1 - goesLeft;
        }
        return l;
    }
}
