using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MlSql.Scoring.Kernels;

/// <summary>Runs <see cref="LeafMasks"/> with 64 rows a vector. Needs AVX-512 BW and VBMI.</summary>
internal static unsafe class LeafMask512
{
    private const int Rows = BlockScratch.MaxRows;

    /// <summary>Writes the masks of one tree for a block, and what lies between the last of them and the next multiple of 64.</summary>
    public static void Mask(LeafMasks masks, in MaskTree tree, byte* bins, byte* planes, int rows)
    {
        // Beyond half a block all eight vectors cost less than one after another.
        if (rows > Rows / 2) MaskBlock(masks.Steps, masks.Starts + tree.FirstPlane, tree.Planes, bins, planes);
        else
            for (int at = 0; at < rows; at += 64) MaskVector(masks.Steps, masks.Starts + tree.FirstPlane, tree.Planes, bins + at, planes + at);
        for (int i = 0; i < tree.Sets; i++) TakeSet(masks, masks.Sets + tree.FirstSet + i, tree.Planes, bins, planes, rows);
    }

    // 512 rows: a step is read once for eight vectors.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MaskBlock(MaskStep* steps, int* starts, int count, byte* bins, byte* planes)
    {
        for (int p = 0; p < count; p++)
        {
            Vector512<byte> a = Vector512<byte>.AllBitsSet, b = a, c = a, d = a, e = a, f = a, g = a, h = a;
            for (MaskStep* step = steps + starts[p], end = steps + starts[p + 1]; step < end; step++)
            {
                byte* x = bins + step->Offset;
                Vector512<byte> threshold = Vector512.Create(step->Threshold), keep = Vector512.Create(step->Keep);
                a = Take(a, x, threshold, keep);
                b = Take(b, x + 64, threshold, keep);
                c = Take(c, x + 128, threshold, keep);
                d = Take(d, x + 192, threshold, keep);
                e = Take(e, x + 256, threshold, keep);
                f = Take(f, x + 320, threshold, keep);
                g = Take(g, x + 384, threshold, keep);
                h = Take(h, x + 448, threshold, keep);
            }
            byte* into = planes + p * Rows;
            a.Store(into);
            b.Store(into + 64);
            c.Store(into + 128);
            d.Store(into + 192);
            e.Store(into + 256);
            f.Store(into + 320);
            g.Store(into + 384);
            h.Store(into + 448);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MaskVector(MaskStep* steps, int* starts, int count, byte* bins, byte* planes)
    {
        for (int p = 0; p < count; p++)
        {
            var a = Vector512<byte>.AllBitsSet;
            for (MaskStep* step = steps + starts[p], end = steps + starts[p + 1]; step < end; step++) a = Take(a, bins + step->Offset, Vector512.Create(step->Threshold), Vector512.Create(step->Keep));
            a.Store(planes + p * Rows);
        }
    }

    // mask & (bin <= threshold | keep)
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Take(Vector512<byte> mask, byte* bins, Vector512<byte> threshold, Vector512<byte> keep) =>
        Avx512F.TernaryLogic(mask, Vector512.LessThanOrEqual(Vector512.Load(bins), threshold), keep, 0xE0);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TakeSet(LeafMasks masks, SetStep* set, int count, byte* bins, byte* planes, int rows)
    {
        var bits = Vector512.Create(Vector256.Load(masks.SetBits + set->Bits), Vector256<byte>.Zero);
        var bitOf = Vector512.Create(0x8040_2010_0804_0201UL).AsByte();
        Vector512<byte> seven = Vector512.Create((byte)7), thirtyOne = Vector512.Create((byte)31);
        for (int at = 0; at < rows; at += 64)
        {
            var bin = Vector512.Load(bins + set->Offset + at);
            var own = Avx512BW.Shuffle(bitOf, bin & seven);
            var held = Avx512Vbmi.PermuteVar64x8(bits, Vector512.ShiftRightLogical(bin.AsUInt16(), 3).AsByte() & thirtyOne) & own;
            var left = Vector512.Equals(held, Vector512<byte>.Zero);
            for (int p = 0; p < count; p++)
            {
                byte* plane = planes + p * Rows + at;
                Avx512F.TernaryLogic(Vector512.Load(plane), left, Vector512.Create(masks.SetKeeps[set->Keep + p]), 0xE0).Store(plane);
            }
        }
    }

    /// <summary>Writes the leaves of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Leaves(byte* planes, int count, int rows, byte* leaves)
    {
        for (int at = 0; at < rows; at += 64) Leaf(planes + at, count).Store(leaves + at);
    }

    /// <summary>Adds the values of a tree whose table is in bytes to 32-bit sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddSingles(byte* planes, int count, int rows, byte* table, float* sums)
    {
        // Unpacking four bytes of 16 rows leaves row 4 j + e of lane g in lane g of vector j: so row 16 j + 4 g + e is put there before.
        var order = Vector512.Create(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
        Vector512<byte> t0 = Vector512.Load(table), t1 = Vector512.Load(table + 64), t2 = Vector512.Load(table + 128), t3 = Vector512.Load(table + 192);
        for (int at = 0; at < rows; at += 64)
        {
            var leaf = Avx512F.PermuteVar16x32(Leaf(planes + at, count).AsInt32(), order).AsByte();
            Vector512<byte> b0 = Avx512Vbmi.PermuteVar64x8(t0, leaf), b1 = Avx512Vbmi.PermuteVar64x8(t1, leaf), b2 = Avx512Vbmi.PermuteVar64x8(t2, leaf), b3 = Avx512Vbmi.PermuteVar64x8(t3, leaf);
            Vector512<ushort> l01 = Avx512BW.UnpackLow(b0, b1).AsUInt16(), h01 = Avx512BW.UnpackHigh(b0, b1).AsUInt16(), l23 = Avx512BW.UnpackLow(b2, b3).AsUInt16(), h23 = Avx512BW.UnpackHigh(b2, b3).AsUInt16();
            Add(sums + at, Avx512BW.UnpackLow(l01, l23).AsSingle());
            Add(sums + at + 16, Avx512BW.UnpackHigh(l01, l23).AsSingle());
            Add(sums + at + 32, Avx512BW.UnpackLow(h01, h23).AsSingle());
            Add(sums + at + 48, Avx512BW.UnpackHigh(h01, h23).AsSingle());
        }
    }

    /// <summary>Adds the values of a tree whose table is in bytes to 64-bit sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddDoubles(byte* planes, int count, int rows, byte* table, double* sums)
    {
        // As for 32 bits, in pairs of rows: row 8 j + 2 g + e goes to lane g of vector j.
        var order = Vector512.Create((ushort)0, 4, 8, 12, 16, 20, 24, 28, 1, 5, 9, 13, 17, 21, 25, 29, 2, 6, 10, 14, 18, 22, 26, 30, 3, 7, 11, 15, 19, 23, 27, 31);
        Vector512<byte> t0 = Vector512.Load(table), t1 = Vector512.Load(table + 64), t2 = Vector512.Load(table + 128), t3 = Vector512.Load(table + 192),
            t4 = Vector512.Load(table + 256), t5 = Vector512.Load(table + 320), t6 = Vector512.Load(table + 384), t7 = Vector512.Load(table + 448);
        for (int at = 0; at < rows; at += 64)
        {
            var leaf = Avx512BW.PermuteVar32x16(Leaf(planes + at, count).AsUInt16(), order).AsByte();
            Vector512<byte> b0 = Avx512Vbmi.PermuteVar64x8(t0, leaf), b1 = Avx512Vbmi.PermuteVar64x8(t1, leaf), b2 = Avx512Vbmi.PermuteVar64x8(t2, leaf), b3 = Avx512Vbmi.PermuteVar64x8(t3, leaf);
            Vector512<ushort> l01 = Avx512BW.UnpackLow(b0, b1).AsUInt16(), h01 = Avx512BW.UnpackHigh(b0, b1).AsUInt16(), l23 = Avx512BW.UnpackLow(b2, b3).AsUInt16(), h23 = Avx512BW.UnpackHigh(b2, b3).AsUInt16();
            Vector512<uint> lower0 = Avx512BW.UnpackLow(l01, l23).AsUInt32(), lower1 = Avx512BW.UnpackHigh(l01, l23).AsUInt32(), lower2 = Avx512BW.UnpackLow(h01, h23).AsUInt32(), lower3 = Avx512BW.UnpackHigh(h01, h23).AsUInt32();
            Vector512<byte> b4 = Avx512Vbmi.PermuteVar64x8(t4, leaf), b5 = Avx512Vbmi.PermuteVar64x8(t5, leaf), b6 = Avx512Vbmi.PermuteVar64x8(t6, leaf), b7 = Avx512Vbmi.PermuteVar64x8(t7, leaf);
            Vector512<ushort> l45 = Avx512BW.UnpackLow(b4, b5).AsUInt16(), h45 = Avx512BW.UnpackHigh(b4, b5).AsUInt16(), l67 = Avx512BW.UnpackLow(b6, b7).AsUInt16(), h67 = Avx512BW.UnpackHigh(b6, b7).AsUInt16();
            Vector512<uint> upper0 = Avx512BW.UnpackLow(l45, l67).AsUInt32(), upper1 = Avx512BW.UnpackHigh(l45, l67).AsUInt32(), upper2 = Avx512BW.UnpackLow(h45, h67).AsUInt32(), upper3 = Avx512BW.UnpackHigh(h45, h67).AsUInt32();
            double* into = sums + at;
            Add(into, Avx512F.UnpackLow(lower0, upper0).AsDouble());
            Add(into + 8, Avx512F.UnpackHigh(lower0, upper0).AsDouble());
            Add(into + 16, Avx512F.UnpackLow(lower1, upper1).AsDouble());
            Add(into + 24, Avx512F.UnpackHigh(lower1, upper1).AsDouble());
            Add(into + 32, Avx512F.UnpackLow(lower2, upper2).AsDouble());
            Add(into + 40, Avx512F.UnpackHigh(lower2, upper2).AsDouble());
            Add(into + 48, Avx512F.UnpackLow(lower3, upper3).AsDouble());
            Add(into + 56, Avx512F.UnpackHigh(lower3, upper3).AsDouble());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* sums, Vector512<float> values) => (Vector512.Load(sums) + values).Store(sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(double* sums, Vector512<double> values) => (Vector512.Load(sums) + values).Store(sums);

    // The lowest bit of the first byte that is not 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Leaf(byte* planes, int count)
    {
        Vector512<byte> mask = Vector512.Load(planes + (count - 1) * Rows), first = Vector512.Create((byte)(8 * (count - 1)));
        for (int p = count - 2; p >= 0; p--)
        {
            var plane = Vector512.Load(planes + p * Rows);
            var empty = Vector512.Equals(plane, Vector512<byte>.Zero);
            mask = Vector512.ConditionalSelect(empty, mask, plane);
            first = Vector512.ConditionalSelect(empty, first, Vector512.Create((byte)(8 * p)));
        }
        Vector512<byte> low = mask & -mask, nibble = Vector512.Create((byte)15);
        // 1, 2, 4, 8 → 0 … 3 of the lower half of the byte; → 4 … 7 of the upper one.
        var ofLower = Vector512.Create(0x0000_0002_0001_0000UL, 3, 0x0000_0002_0001_0000UL, 3, 0x0000_0002_0001_0000UL, 3, 0x0000_0002_0001_0000UL, 3).AsByte();
        var ofUpper = Vector512.Create(0x0000_0006_0005_0400UL, 7, 0x0000_0006_0005_0400UL, 7, 0x0000_0006_0005_0400UL, 7, 0x0000_0006_0005_0400UL, 7).AsByte();
        return first + Avx512BW.Shuffle(ofLower, low & nibble) + Avx512BW.Shuffle(ofUpper, Vector512.ShiftRightLogical(low.AsUInt16(), 4).AsByte() & nibble);
    }
}
