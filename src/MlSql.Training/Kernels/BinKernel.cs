using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MlSql.Training.Trees;

namespace MlSql.Training.Kernels;

/// <summary>Finds the bins of numbers.</summary>
internal static class BinKernel
{
    // A search of 8 steps ends at one of so many bins.
    private const int Slots = 256;

    /// <summary>Writes the bin of each value, the number of cuts below it, to every <paramref name="stride"/>th byte: <see cref="BinnedColumn.Missing"/> for NaN. There are up to 254 cuts, ascending.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write(ReadOnlySpan<double> values, ReadOnlySpan<double> cuts, Span<byte> bins, int stride)
    {
        if (values.IsEmpty) return;
        Span<double> padded = stackalloc double[Slots];
        cuts.CopyTo(padded);
        padded[cuts.Length..].Fill(double.PositiveInfinity);
        ref double first = ref MemoryMarshal.GetReference(padded);
        // Bounds are checked by the last index.
        ref byte bin = ref MemoryMarshal.GetReference(bins[..((values.Length - 1) * stride + 1)]);
        int i = 0;
        // Four searches at once, as each step of one waits for the step before: 48 ns a value with branches, 4 so.
        for (; i <= values.Length - 4; i += 4)
        {
            double a = values[i], b = values[i + 1], c = values[i + 2], d = values[i + 3];
            nuint atA = 0, atB = 0, atC = 0, atD = 0;
            for (nuint step = Slots / 2; step > 0; step >>= 1)
            {
                atA += IsBelow(ref first, atA + step, a) * step;
                atB += IsBelow(ref first, atB + step, b) * step;
                atC += IsBelow(ref first, atC + step, c) * step;
                atD += IsBelow(ref first, atD + step, d) * step;
            }
            Unsafe.Add(ref bin, i * stride) = Of(a, atA);
            Unsafe.Add(ref bin, (i + 1) * stride) = Of(b, atB);
            Unsafe.Add(ref bin, (i + 2) * stride) = Of(c, atC);
            Unsafe.Add(ref bin, (i + 3) * stride) = Of(d, atD);
        }
        for (; i < values.Length; i++)
        {
            nuint at = 0;
            for (nuint step = Slots / 2; step > 0; step >>= 1) at += IsBelow(ref first, at + step, values[i]) * step;
            Unsafe.Add(ref bin, i * stride) = Of(values[i], at);
        }
    }

    // 1 where the cut before a place lies below a value.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nuint IsBelow(ref double cuts, nuint place, double value) => Unsafe.Add(ref cuts, place - 1) < value ? (nuint)1 : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte Of(double value, nuint bin) => double.IsNaN(value) ? BinnedColumn.Missing : (byte)bin;
}
