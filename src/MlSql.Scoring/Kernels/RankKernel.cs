using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MlSql.Scoring.Kernels;

/// <summary>Writes how many of a column's cuts lie below each value, a byte a row; 0 for NaN.</summary>
internal static unsafe class RankKernel
{
    /// <summary>Ranks 32-bit values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rank(CutTable cuts, float* values, byte* ranks, int rows, VectorPath path)
    {
        int whole = rows & ~15;
        if (path == VectorPath.Avx512)
        {
            if (cuts.Stride == 1) RankBy32(cuts.SingleTops, values, ranks, whole);
            else if (cuts.Stride == 4) RankBy128(cuts.SingleTops, cuts.Singles, values, ranks, whole);
            else RankBy256(cuts.SingleTops, cuts.Singles, values, ranks, whole);
        }
        else if (path == VectorPath.Avx2)
        {
            if (cuts.Count < 64) RankByEights(cuts.SingleEighths, cuts.Singles, values, ranks, whole);
            else if (cuts.SingleBuckets is { } buckets) RankByBuckets(buckets.Starts, buckets.Cuts, buckets.Low, buckets.Scale, values, ranks, whole);
            else if (cuts.Count < 128) RankByEightSixteens(cuts.SingleSixteenths, cuts.Singles, values, ranks, whole);
            else RankBySixteens(cuts.SingleSixteenths, cuts.Singles, values, ranks, whole);
        }
        else
        {
            whole = 0;
        }
        for (int i = whole; i < rows; i++) ranks[i] = One(cuts.Singles, values[i]);
    }

    /// <summary>Ranks 64-bit values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rank(CutTable cuts, double* values, byte* ranks, int rows, VectorPath path)
    {
        if (path == VectorPath.Avx512) RankByEights512(cuts.DoubleTops, cuts.DoubleEighths, cuts.Doubles, values, ranks, rows);
        else if (path == VectorPath.Avx2) RankByEights256(cuts.DoubleTops, cuts.DoubleEighths, cuts.Doubles, values, ranks, rows);
        else
            for (int i = 0; i < rows; i++) ranks[i] = One(cuts.Doubles, values[i]);
    }

    // A binary search over 255 sorted numbers without branches to mispredict.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte One<T>(T* cuts, T value) where T : unmanaged, INumber<T>
    {
        int rank = 0;
        for (int step = 128; step > 0; step >>= 1) rank = value > cuts[rank + step - 1] ? rank + step : rank;
        return (byte)rank;
    }

    // Binary searches of 16 rows at once in tables that lie in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RankBy32(float* tops, float* values, byte* ranks, int rows)
    {
        Vector512<float> a = Vector512.Load(tops), b = Vector512.Load(tops + 16);
        for (int i = 0; i < rows; i += 16) Avx512F.ConvertToVector128Byte(Search32(a, b, Vector512.Load(values + i)).AsUInt32()).Store(ranks + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RankBy128(float* tops, float* cuts, float* values, byte* ranks, int rows)
    {
        Vector512<float> a = Vector512.Load(tops), b = Vector512.Load(tops + 16);
        Vector512<float> c0 = Vector512.Load(cuts), c1 = Vector512.Load(cuts + 16), c2 = Vector512.Load(cuts + 32), c3 = Vector512.Load(cuts + 48),
            c4 = Vector512.Load(cuts + 64), c5 = Vector512.Load(cuts + 80), c6 = Vector512.Load(cuts + 96), c7 = Vector512.Load(cuts + 112);
        for (int i = 0; i < rows; i += 16)
        {
            var value = Vector512.Load(values + i);
            var rank = Vector512.ShiftLeft(Search32(a, b, value), 2);
            Vector512<int> second = Bit(rank, 32), third = Bit(rank, 64);
            for (int step = 2; step > 0; step >>= 1)
            {
                var at = rank + Vector512.Create(step - 1);
                var lower = Vector512.ConditionalSelect(second.AsSingle(), Avx512F.PermuteVar16x32x2(c2, at, c3), Avx512F.PermuteVar16x32x2(c0, at, c1));
                var upper = Vector512.ConditionalSelect(second.AsSingle(), Avx512F.PermuteVar16x32x2(c6, at, c7), Avx512F.PermuteVar16x32x2(c4, at, c5));
                rank = Step(rank, step, value, Vector512.ConditionalSelect(third.AsSingle(), upper, lower));
            }
            Avx512F.ConvertToVector128Byte(rank.AsUInt32()).Store(ranks + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RankBy256(float* tops, float* cuts, float* values, byte* ranks, int rows)
    {
        Vector512<float> a = Vector512.Load(tops), b = Vector512.Load(tops + 16);
        for (int i = 0; i < rows; i += 16)
        {
            var value = Vector512.Load(values + i);
            var rank = Vector512.ShiftLeft(Search32(a, b, value), 3);
            Vector512<int> second = Bit(rank, 32), third = Bit(rank, 64), fourth = Bit(rank, 128);
            for (int step = 4; step > 0; step >>= 1)
            {
                var at = rank + Vector512.Create(step - 1);
                rank = Step(rank, step, value, Vector512.ConditionalSelect(fourth.AsSingle(), Of128(cuts + 128, at, second, third), Of128(cuts, at, second, third)));
            }
            Avx512F.ConvertToVector128Byte(rank.AsUInt32()).Store(ranks + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Of128(float* cuts, Vector512<int> at, Vector512<int> second, Vector512<int> third)
    {
        var lower = Vector512.ConditionalSelect(second.AsSingle(), Of32(cuts + 32, at), Of32(cuts, at));
        var upper = Vector512.ConditionalSelect(second.AsSingle(), Of32(cuts + 96, at), Of32(cuts + 64, at));
        return Vector512.ConditionalSelect(third.AsSingle(), upper, lower);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Of32(float* cuts, Vector512<int> at) => Avx512F.PermuteVar16x32x2(Vector512.Load(cuts), at, Vector512.Load(cuts + 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Bit(Vector512<int> rank, int bit) => Vector512.Equals(rank & Vector512.Create(bit), Vector512.Create(bit));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Step(Vector512<int> rank, int step, Vector512<float> value, Vector512<float> cut) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(value, cut).AsInt32(), rank + Vector512.Create(step), rank);

    // The rank among 31 numbers; the 32nd is not looked at.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Search32(Vector512<float> a, Vector512<float> b, Vector512<float> value)
    {
        var rank = Vector512<int>.Zero;
        rank = Step(rank, 16, value, Avx512F.PermuteVar16x32x2(a, rank + Vector512.Create(15), b));
        rank = Step(rank, 8, value, Avx512F.PermuteVar16x32x2(a, rank + Vector512.Create(7), b));
        rank = Step(rank, 4, value, Avx512F.PermuteVar16x32x2(a, rank + Vector512.Create(3), b));
        rank = Step(rank, 2, value, Avx512F.PermuteVar16x32x2(a, rank + Vector512.Create(1), b));
        return Step(rank, 1, value, Avx512F.PermuteVar16x32x2(a, rank, b));
    }

    // One row at a time: compares with tops, then with the cuts of a group. The last top is +∞, so that no value is above all of them. Here 8 tops and groups of 8 cuts.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RankByEights(float* tops, float* cuts, float* values, byte* ranks, int rows)
    {
        var a = Vector256.Load(tops);
        for (int i = 0; i < rows; i++)
        {
            var value = Vector256.Create(values[i]);
            uint group = 8 * Above(value, a);
            ranks[i] = (byte)(group + Above(value, Vector256.Load(cuts + group)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RankByEightSixteens(float* tops, float* cuts, float* values, byte* ranks, int rows)
    {
        var a = Vector256.Load(tops);
        for (int i = 0; i < rows; i++)
        {
            var value = Vector256.Create(values[i]);
            uint group = 16 * Above(value, a);
            ranks[i] = (byte)(group + Above(value, Vector256.Load(cuts + group), Vector256.Load(cuts + group + 8)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Above(Vector256<float> value, Vector256<float> cuts) => uint.PopCount((uint)Avx.MoveMask(Avx.CompareGreaterThan(value, cuts)));

    // Eight rows at a time find their buckets, then one at a time is compared with the cuts of its own and some above, which no value of the bucket is above.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RankByBuckets(byte* starts, float* cuts, float low, float scale, float* values, byte* ranks, int rows)
    {
        Vector256<float> first = Vector256.Create(low), factor = Vector256.Create(scale), last = Vector256.Create((float)(CutBuckets.Count - 1));
        int* buckets = stackalloc int[8];
        for (int i = 0; i < rows; i += 8)
        {
            // Of NaN and a number this maximum is the second.
            var at = Avx.Max((Vector256.Load(values + i) - first) * factor, Vector256<float>.Zero);
            Avx.ConvertToVector256Int32WithTruncation(Avx.Min(at, last)).Store(buckets);
            ranks[i + 0] = RankInBucket(starts, cuts, buckets[0], values[i + 0]);
            ranks[i + 1] = RankInBucket(starts, cuts, buckets[1], values[i + 1]);
            ranks[i + 2] = RankInBucket(starts, cuts, buckets[2], values[i + 2]);
            ranks[i + 3] = RankInBucket(starts, cuts, buckets[3], values[i + 3]);
            ranks[i + 4] = RankInBucket(starts, cuts, buckets[4], values[i + 4]);
            ranks[i + 5] = RankInBucket(starts, cuts, buckets[5], values[i + 5]);
            ranks[i + 6] = RankInBucket(starts, cuts, buckets[6], values[i + 6]);
            ranks[i + 7] = RankInBucket(starts, cuts, buckets[7], values[i + 7]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte RankInBucket(byte* starts, float* cuts, int bucket, float value)
    {
        uint start = starts[bucket];
        return (byte)(start + Above(Vector256.Create(value), Vector256.Load(cuts + start)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RankBySixteens(float* tops, float* cuts, float* values, byte* ranks, int rows)
    {
        Vector256<float> a = Vector256.Load(tops), b = Vector256.Load(tops + 8);
        for (int i = 0; i < rows; i++)
        {
            var value = Vector256.Create(values[i]);
            float* group = cuts + 16 * Above(value, a, b);
            ranks[i] = (byte)((uint)(group - cuts) + Above(value, Vector256.Load(group), Vector256.Load(group + 8)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Above(Vector256<float> value, Vector256<float> a, Vector256<float> b) =>
        uint.PopCount((uint)Avx.MoveMask(Avx.CompareGreaterThan(value, a)) | (uint)Avx.MoveMask(Avx.CompareGreaterThan(value, b)) << 8);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RankByEights512(double* tops, double* eighths, double* cuts, double* values, byte* ranks, int rows)
    {
        var top = Vector512.Load(tops);
        for (int i = 0; i < rows; i++)
        {
            var value = Vector512.Create(values[i]);
            ulong group = 8 * Above(value, top);
            group = 8 * (group + Above(value, Vector512.Load(eighths + group)));
            ranks[i] = (byte)(group + Above(value, Vector512.Load(cuts + group)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Above(Vector512<double> value, Vector512<double> cuts) => ulong.PopCount(Vector512.GreaterThan(value, cuts).ExtractMostSignificantBits());

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RankByEights256(double* tops, double* eighths, double* cuts, double* values, byte* ranks, int rows)
    {
        for (int i = 0; i < rows; i++)
        {
            var value = Vector256.Create(values[i]);
            // No value is above the upper four tops.
            uint group = 8 * uint.PopCount((uint)Avx.MoveMask(Avx.CompareGreaterThan(value, Vector256.Load(tops))));
            group = 8 * (group + Above(value, eighths + group));
            ranks[i] = (byte)(group + Above(value, cuts + group));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Above(Vector256<double> value, double* cuts) =>
        uint.PopCount((uint)Avx.MoveMask(Avx.CompareGreaterThan(value, Vector256.Load(cuts))) | (uint)Avx.MoveMask(Avx.CompareGreaterThan(value, Vector256.Load(cuts + 4))) << 4);
}
