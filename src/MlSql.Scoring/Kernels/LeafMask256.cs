using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MlSql.Scoring.Kernels;

/// <summary>Runs <see cref="LeafMasks"/> with 32 rows a vector. Needs AVX2, whose comparisons are signed: bins and thresholds that are compared have their upper bit flipped.</summary>
internal static unsafe class LeafMask256
{
    private const int Rows = BlockScratch.MaxRows;

    /// <summary>Writes the masks of one tree for a block, and what lies between the last of them and the next multiple of 256.</summary>
    public static void Mask(LeafMasks masks, in MaskTree tree, byte* bins, byte* planes, int rows)
    {
        for (int at = 0; at < rows; at += 256)
        {
            if (rows - at > 128) MaskPart(masks.Steps, masks.Starts + tree.FirstPlane, tree.Planes, bins + at, planes + at);
            else
                for (int from = at; from < rows; from += 32) MaskVector(masks.Steps, masks.Starts + tree.FirstPlane, tree.Planes, bins + from, planes + from);
        }
        for (int i = 0; i < tree.Sets; i++) TakeSet(masks, masks.Sets + tree.FirstSet + i, tree.Planes, bins, planes, rows);
    }

    // 256 rows: a step is read once for eight vectors.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MaskPart(MaskStep* steps, int* starts, int count, byte* bins, byte* planes)
    {
        for (int p = 0; p < count; p++)
        {
            Vector256<byte> a = Vector256<byte>.AllBitsSet, b = a, c = a, d = a, e = a, f = a, g = a, h = a;
            for (MaskStep* step = steps + starts[p], end = steps + starts[p + 1]; step < end; step++)
            {
                byte* x = bins + step->Offset;
                var threshold = Vector256.Create((sbyte)step->Threshold);
                var dropped = Vector256.Create((byte)~step->Keep);
                a = Take(a, x, threshold, dropped);
                b = Take(b, x + 32, threshold, dropped);
                c = Take(c, x + 64, threshold, dropped);
                d = Take(d, x + 96, threshold, dropped);
                e = Take(e, x + 128, threshold, dropped);
                f = Take(f, x + 160, threshold, dropped);
                g = Take(g, x + 192, threshold, dropped);
                h = Take(h, x + 224, threshold, dropped);
            }
            byte* into = planes + p * Rows;
            a.Store(into);
            b.Store(into + 32);
            c.Store(into + 64);
            d.Store(into + 96);
            e.Store(into + 128);
            f.Store(into + 160);
            g.Store(into + 192);
            h.Store(into + 224);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MaskVector(MaskStep* steps, int* starts, int count, byte* bins, byte* planes)
    {
        for (int p = 0; p < count; p++)
        {
            var a = Vector256<byte>.AllBitsSet;
            for (MaskStep* step = steps + starts[p], end = steps + starts[p + 1]; step < end; step++) a = Take(a, bins + step->Offset, Vector256.Create((sbyte)step->Threshold), Vector256.Create((byte)~step->Keep));
            a.Store(planes + p * Rows);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Take(Vector256<byte> mask, byte* bins, Vector256<sbyte> threshold, Vector256<byte> dropped) =>
        Avx2.AndNot(Avx2.CompareGreaterThan(Vector256.Load((sbyte*)bins), threshold).AsByte() & dropped, mask);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TakeSet(LeafMasks masks, SetStep* set, int count, byte* bins, byte* planes, int rows)
    {
        Vector128<byte> lower = Vector128.Load(masks.SetBits + set->Bits), upper = Vector128.Load(masks.SetBits + set->Bits + 16);
        Vector256<byte> lowers = Vector256.Create(lower, lower), uppers = Vector256.Create(upper, upper);
        var bitOf = Vector256.Create(0x8040_2010_0804_0201UL).AsByte();
        Vector256<byte> seven = Vector256.Create((byte)7), fifteen = Vector256.Create((byte)15);
        for (int at = 0; at < rows; at += 32)
        {
            var bin = Vector256.Load(bins + set->Offset + at);
            var own = Avx2.Shuffle(bitOf, bin & seven);
            var place = Vector256.ShiftRightLogical(bin.AsUInt16(), 3).AsByte() & fifteen;
            // The bin's upper bit says which half of the bits.
            var held = Avx2.BlendVariable(Avx2.Shuffle(lowers, place), Avx2.Shuffle(uppers, place), bin) & own;
            var right = ~Vector256.Equals(held, Vector256<byte>.Zero);
            for (int p = 0; p < count; p++)
            {
                byte* plane = planes + p * Rows + at;
                Avx2.AndNot(right & Vector256.Create((byte)~masks.SetKeeps[set->Keep + p]), Vector256.Load(plane)).Store(plane);
            }
        }
    }

    /// <summary>Writes the leaves of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Leaves(byte* planes, int count, int rows, byte* leaves)
    {
        // 1, 2, 4, 8 → 0 … 3 of the lower half of the byte; → 4 … 7 of the upper one.
        var ofLower = Vector256.Create(0x0000_0002_0001_0000UL, 3, 0x0000_0002_0001_0000UL, 3).AsByte();
        var ofUpper = Vector256.Create(0x0000_0006_0005_0400UL, 7, 0x0000_0006_0005_0400UL, 7).AsByte();
        var nibble = Vector256.Create((byte)15);
        for (int at = 0; at < rows; at += 32)
        {
            Vector256<byte> mask = Vector256.Load(planes + (count - 1) * Rows + at), first = Vector256.Create((byte)(8 * (count - 1)));
            for (int p = count - 2; p >= 0; p--)
            {
                var plane = Vector256.Load(planes + p * Rows + at);
                var empty = Vector256.Equals(plane, Vector256<byte>.Zero);
                mask = Avx2.BlendVariable(plane, mask, empty);
                first = Avx2.BlendVariable(Vector256.Create((byte)(8 * p)), first, empty);
            }
            var low = mask & -mask;
            (first + Avx2.Shuffle(ofLower, low & nibble) + Avx2.Shuffle(ofUpper, Vector256.ShiftRightLogical(low.AsUInt16(), 4).AsByte() & nibble)).Store(leaves + at);
        }
    }

    /// <summary>Adds the values of leaves to 32-bit sums; also those of the up to three rows that fill the last four. Single loads: gathers take longer on most CPUs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(byte* leaves, int rows, float* values, float* sums)
    {
        for (int at = 0; at < rows; at += 4)
        {
            sums[at] += values[leaves[at]];
            sums[at + 1] += values[leaves[at + 1]];
            sums[at + 2] += values[leaves[at + 2]];
            sums[at + 3] += values[leaves[at + 3]];
        }
    }

    /// <summary>As the other form, in 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(byte* leaves, int rows, double* values, double* sums)
    {
        for (int at = 0; at < rows; at += 4)
        {
            var first = Sse2.LoadHigh(Sse2.LoadScalarVector128(values + leaves[at]), values + leaves[at + 1]);
            var second = Sse2.LoadHigh(Sse2.LoadScalarVector128(values + leaves[at + 2]), values + leaves[at + 3]);
            (Vector128.Load(sums + at) + first).Store(sums + at);
            (Vector128.Load(sums + at + 2) + second).Store(sums + at + 2);
        }
    }
}
