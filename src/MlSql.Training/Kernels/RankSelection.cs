using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlSql.Training.Kernels;

/// <summary>Finds values by rank without sorting all of them.</summary>
internal static class RankSelection
{
    /// <summary>Counts the values below <paramref name="low"/> and appends those of [low, high] to <paramref name="inside"/> from <paramref name="used"/> on; NaN is neither. Returns the count below, and how many are inside.</summary>
    public static (long Below, int Used) Partition(ReadOnlySpan<double> values, double low, double high, Span<double> inside, int used)
    {
        ref double value = ref MemoryMarshal.GetReference(values);
        Vector512<double> lows = Vector512.Create(low), highs = Vector512.Create(high);
        long below = 0;
        int i = 0;
        for (; i <= values.Length - 8; i += 8)
        {
            Vector512<double> eight = Vector512.LoadUnsafe(ref value, (nuint)i);
            below += BitOperations.PopCount(Vector512.LessThan(eight, lows).ExtractMostSignificantBits());
            ulong hits = (Vector512.GreaterThanOrEqual(eight, lows) & Vector512.LessThanOrEqual(eight, highs)).ExtractMostSignificantBits();
            for (; hits != 0; hits &= hits - 1) inside[used++] = values[i + BitOperations.TrailingZeroCount(hits)];
        }
        for (; i < values.Length; i++)
        {
            if (values[i] < low) below++;
            else if (values[i] >= low && values[i] <= high) inside[used++] = values[i];
        }
        return (below, used);
    }

    /// <summary>The value of that rank, 0 the least (Hoare's selection, the middle of three as pivot). Reorders the values; there is no NaN among them.</summary>
    public static double Select(Span<double> values, int rank)
    {
        while (values.Length > 1)
        {
            double pivot = Middle(values[0], values[values.Length / 2], values[^1]);
            int left = 0, right = values.Length - 1;
            while (left <= right)
            {
                while (values[left] < pivot) left++;
                while (values[right] > pivot) right--;
                if (left > right) break;
                (values[left], values[right]) = (values[right], values[left]);
                left++;
                right--;
            }
            if (rank <= right)
            {
                values = values[..(right + 1)];
            }
            else if (rank >= left)
            {
                values = values[left..];
                rank -= left;
            }
            else
            {
                return pivot;
            }
        }
        return values[0];
    }

    private static double Middle(double a, double b, double c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
