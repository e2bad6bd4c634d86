using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MlSql.Models.Trees;
using MlSql.Scoring.Trees;

namespace MlSql.Scoring.Kernels;

/// <summary>A node of a walk; a leaf is its own left child.</summary>
/// <param name="LastLeft">Larger bins go to the node behind the left child.</param>
/// <param name="Slot">Of the bins.</param>
/// <param name="Left">The left child.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct WalkNode(ushort LastLeft, ushort Slot, int Left);

/// <summary>One tree of any size that is walked over bins of two bytes, several rows at a time. Nodes lie level by level, the two children of a node side by side.</summary>
internal sealed unsafe class BinWalk
{
    /// <summary>The most bins of a column.</summary>
    public const int MaxBins = 65_536;

    private readonly PinnedTable<WalkNode> _nodes;
    private readonly PinnedTable<double> _values;
    private readonly int _width;

    // Of a tree that asks for sets: where each node's bits begin, −1 for a comparison.
    private readonly int[]? _sets;
    private readonly ulong[] _setBits = [];

    public BinWalk(Tree tree, BinLayout layout)
    {
        int count = tree.Splits.Length + tree.Leaves.Length;
        _nodes = new(count);
        _values = new(count * tree.Width);
        _width = tree.Width;
        List<ulong> bits = [];
        int[] sets = new int[count], from = new int[count];
        Array.Fill(sets, -1);
        from[0] = tree.Splits.IsEmpty ? ~0 : 0;
        for (int node = 0, free = 1; node < count; node++)
        {
            if (from[node] < 0)
            {
                _nodes.Values[node] = new(ushort.MaxValue, 0, node);
                tree.Values.AsSpan(~from[node] * _width, _width).CopyTo(_values.Values[(node * _width)..]);
                continue;
            }
            TreeSplit split = tree.Splits[from[node]];
            (from[free], from[free + 1]) = (split.Left, split.Right);
            _nodes.Values[node] = new((ushort)(split.Test == SplitTest.InSet ? 0 : layout.LastBinLeft(split)), (ushort)layout.SlotOf(split), free);
            free += 2;
            if (split.Test != SplitTest.InSet) continue;
            sets[node] = bits.Count;
            ClassColumn classes = layout.ClassesOf(split);
            ulong[] right = new ulong[(classes.Bins + 63) / 64];
            classes.MarkRight(split, tree.Sets[(int)split.Threshold], right);
            bits.AddRange(right);
        }
        if (bits.Count == 0) return;
        _sets = sets;
        _setBits = [.. bits];
    }

    /// <summary>Writes the node at which each row ends, and what lies between the last and the next multiple of 32.</summary>
    public void Ends(ushort* bins, int rows, int* ends, VectorPath path)
    {
        if (_sets is not null)
            for (int row = 0; row < rows; row++) ends[row] = EndBySets(bins + row);
        else if (path == VectorPath.Scalar) EndsOneByOne(_nodes.At, bins, rows, ends);
        else
            for (int row = 0; row < rows; row += 32) EndsOf32(_nodes.At, bins, row, ends + row);
    }

    /// <summary>Adds what the rows' ends hold to the sums of an output: its own, or one of several.</summary>
    public void Add(int* ends, int rows, int output, double* sums)
    {
        double* values = _values.At + output;
        int width = _width;
        for (int row = 0; row < rows; row++) sums[row] += values[(long)ends[row] * width];
    }

    /// <summary>As the other form, in 32 bits.</summary>
    public void Add(int* ends, int rows, int output, float* sums)
    {
        double* values = _values.At + output;
        int width = _width;
        for (int row = 0; row < rows; row++) sums[row] += (float)values[(long)ends[row] * width];
    }

    private int EndBySets(ushort* bins)
    {
        for (int node = 0; ;)
        {
            WalkNode at = _nodes.At[node];
            if (at.Left == node) return node;
            int bin = bins[at.Slot * BlockScratch.MaxRows], set = _sets![node];
            bool right = set < 0 ? bin > at.LastLeft : (_setBits[set + (bin >> 6)] >> (bin & 63) & 1) != 0;
            node = right ? at.Left + 1 : at.Left;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EndsOneByOne(WalkNode* nodes, ushort* bins, int rows, int* ends)
    {
        for (int row = 0; row < rows; row += 4)
        {
            int a = 0, b = 0, c = 0, d = 0, changed;
            do
            {
                int e = Next(nodes, a, bins + row), f = Next(nodes, b, bins + row + 1), g = Next(nodes, c, bins + row + 2), h = Next(nodes, d, bins + row + 3);
                changed = a ^ e | b ^ f | c ^ g | d ^ h;
                (a, b, c, d) = (e, f, g, h);
            }
            while (changed != 0);
            (ends[row], ends[row + 1], ends[row + 2], ends[row + 3]) = (a, b, c, d);
        }
    }

    // The sign of the difference, not a comparison: nothing to mispredict.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Next(WalkNode* nodes, int node, ushort* bins) => nodes[node].Left + (int)((uint)(nodes[node].LastLeft - bins[nodes[node].Slot * BlockScratch.MaxRows]) >> 31);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EndsOf32(WalkNode* nodes, ushort* bins, int row, int* ends)
    {
        var a = Vector256<int>.Zero;
        Vector256<int> b = a, c = a, d = a;
        var rows = Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7);
        bins += row;
        while (true)
        {
            Vector256<int> e = Next(nodes, a, bins, rows), f = Next(nodes, b, bins + 8, rows), g = Next(nodes, c, bins + 16, rows), h = Next(nodes, d, bins + 24, rows);
            bool same = (a ^ e | b ^ f | c ^ g | d ^ h) == Vector256<int>.Zero;
            (a, b, c, d) = (e, f, g, h);
            if (same) break;
        }
        a.Store(ends);
        b.Store(ends + 8);
        c.Store(ends + 16);
        d.Store(ends + 24);
    }

    // Gathers read 4 bytes for a bin of 2.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Next(WalkNode* nodes, Vector256<int> at, ushort* bins, Vector256<int> rows)
    {
        var test = Avx2.GatherVector256((int*)nodes, at, 8);
        var left = Avx2.GatherVector256((int*)nodes + 1, at, 8);
        var sixteen = Vector256.Create(0xFFFF);
        var bin = Avx2.GatherVector256((int*)bins, Vector256.ShiftLeft(Vector256.ShiftRightLogical(test, 16), BlockScratch.RowBits) + rows, 2) & sixteen;
        return left - Vector256.GreaterThan(bin, test & sixteen);
    }
}
