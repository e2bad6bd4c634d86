using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace MlSql.Training.Kernels;

/// <summary>Adds what a leaf holds to its rows' scores.</summary>
internal static unsafe class ScoreKernel
{
    private const int Ahead = 32;

    /// <summary>Adds <paramref name="value"/> to the scores of some rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ReadOnlySpan<int> rows, double value, double[] scores)
    {
        fixed (double* first = scores)
        {
            int i = 0;
            for (; i < rows.Length - Ahead; i++)
            {
                if (Sse.IsSupported) Sse.Prefetch0(first + rows[i + Ahead]);
                first[rows[i]] += value;
            }
            for (; i < rows.Length; i++) first[rows[i]] += value;
        }
    }
}
