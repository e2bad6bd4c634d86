using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlSql.Training.Kernels;

/// <summary>Finds values by rank without sorting all of them.</summary>
internal static class RankSelection
{
    private const int Buckets = 1_024;

    // Fewer values than this are selected by exchanges.
    private const int FewValues = 256;

    /// <summary>
    /// Appends the values strictly between <paramref name="low"/> and <paramref name="high"/> to <paramref name="inside"/> from <paramref name="used"/> on, and adds the number of
    /// those up to <paramref name="low"/> to <paramref name="upToLow"/>; NaN is neither. Returns how many are inside now.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Partition<T>(ReadOnlySpan<T> values, T low, T high, Span<T> inside, int used, ref long upToLow) where T : unmanaged, INumber<T>
    {
        ref T value = ref MemoryMarshal.GetReference(values);
        ref T hit = ref MemoryMarshal.GetReference(inside[used..(used + values.Length)]);
        Vector256<T> lows = Vector256.Create(low), highs = Vector256.Create(high);
        long lower = 0;
        nuint hits = 0;
        int i = 0;
        for (; i <= values.Length - Vector256<T>.Count; i += Vector256<T>.Count)
        {
            Vector256<T> lane = Vector256.LoadUnsafe(ref value, (nuint)i);
            ulong upTo = Vector256.LessThanOrEqual(lane, lows).ExtractMostSignificantBits();
            ulong between = Vector256.LessThan(lane, highs).ExtractMostSignificantBits() & ~upTo;
            lower += BitOperations.PopCount(upTo);
            for (; between != 0; between &= between - 1) Unsafe.Add(ref hit, hits++) = Unsafe.Add(ref value, i + BitOperations.TrailingZeroCount(between));
        }
        for (; i < values.Length; i++)
        {
            if (values[i] <= low) lower++;
            else if (values[i] < high) Unsafe.Add(ref hit, hits++) = values[i];
        }
        upToLow += lower;
        return used + (int)hits;
    }

    /// <summary>The numbers of values below <paramref name="bound"/> and up to it.</summary>
    public static (long Below, long UpTo) Count<T>(ReadOnlySpan<T> values, T bound) where T : unmanaged, INumber<T>
    {
        long below = 0, upTo = 0;
        ref T first = ref MemoryMarshal.GetReference(values);
        Vector256<T> bounds = Vector256.Create(bound);
        int i = 0;
        for (; i <= values.Length - Vector256<T>.Count; i += Vector256<T>.Count)
        {
            Vector256<T> lane = Vector256.LoadUnsafe(ref first, (nuint)i);
            below += BitOperations.PopCount(Vector256.LessThan(lane, bounds).ExtractMostSignificantBits());
            upTo += BitOperations.PopCount(Vector256.LessThanOrEqual(lane, bounds).ExtractMostSignificantBits());
        }
        for (; i < values.Length; i++)
        {
            below += values[i] < bound ? 1 : 0;
            upTo += values[i] <= bound ? 1 : 0;
        }
        return (below, upTo);
    }

    /// <summary>The value of that rank, 0 the least. Reorders the values, and keeps all of them; there is no NaN among them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Select<T>(Span<T> values, int rank) where T : unmanaged, INumber<T>
    {
        // Equal steps between the least and the most: two passes without a branch to guess leave a thousandth of even values.
        Span<int> counts = stackalloc int[Buckets];
        while (values.Length > FewValues)
        {
            T least = values[0], most = values[0];
            foreach (T value in values)
            {
                if (value < least) least = value;
                if (value > most) most = value;
            }
            if (least == most) return least;
            double from = double.CreateTruncating(least), steps = Buckets / (double.CreateTruncating(most) - from);
            counts.Clear();
            foreach (T value in values) counts[Bucket(value, from, steps)]++;
            int bucket = 0;
            for (; rank >= counts[bucket]; bucket++) rank -= counts[bucket];
            int kept = 0;
            for (int i = 0; i < values.Length; i++)
            {
                T value = values[i];
                if (Bucket(value, from, steps) != bucket) continue;
                values[i] = values[kept];
                values[kept++] = value;
            }
            bool slow = kept > values.Length / 2;
            values = values[..kept];
            if (slow) break;
        }
        return SelectByExchange(values, rank);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Bucket<T>(T value, double from, double steps) where T : unmanaged, INumber<T> =>
        Math.Min((int)((double.CreateTruncating(value) - from) * steps), Buckets - 1);

    // Hoare's selection, the middle of three as pivot.
    private static T SelectByExchange<T>(Span<T> values, int rank) where T : unmanaged, INumber<T>
    {
        while (values.Length > 1)
        {
            T pivot = Middle(values[0], values[values.Length / 2], values[^1]);
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

    private static T Middle<T>(T a, T b, T c) where T : unmanaged, INumber<T> => T.Max(T.Min(a, b), T.Min(T.Max(a, b), c));
}
