using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MlSql.Models.Trees;
using MlSql.Scoring.Trees;

namespace MlSql.Scoring.Kernels;

/// <summary>
/// Writes the steps of <see cref="LeafMasks"/>, tree by tree. The smaller subtree of a split is the left one in the order of leaves, since a step costs as much as the planes that its leaves lie in: where that is the split's right one,
/// rows take it out that go left, which are those whose bins, counted from above, are above a threshold.
/// </summary>
internal sealed class LeafMaskBuilder(BinLayout layout, VectorPath path)
{
    private readonly byte _flip = path == VectorPath.Avx2 ? (byte)0x80 : (byte)0;
    private readonly List<LeftSubtree> _subtrees = [];

    public List<MaskTree> Trees { get; } = [];

    public List<MaskStep> Steps { get; } = [];

    public List<int> Starts { get; } = [];

    public List<SetStep> Sets { get; } = [];

    public List<byte> SetBits { get; } = [];

    public List<byte> SetKeeps { get; } = [];

    public List<byte> Values { get; } = [];

    public void Add(Tree tree)
    {
        _subtrees.Clear();
        int[] order = new int[tree.Leaves.Length];
        int ordered = 0;
        bool[] reversed = layout.Reversed(tree);
        Visit(tree, tree.Splits.IsEmpty ? ~0 : 0, reversed, order, ref ordered);
        int planes = (order.Length + 7) / 8, firstPlane = Starts.Count, firstSet = Sets.Count;
        for (int plane = 0; plane < planes; plane++)
        {
            Starts.Add(Steps.Count);
            foreach (var (split, turned, from, to) in _subtrees)
                if (split.Test != SplitTest.InSet && Keep(plane, from, to) is var keep and not byte.MaxValue)
                    Steps.Add(new(layout.SlotOf(split, turned) * BlockScratch.MaxRows, (byte)((turned ? 254 - layout.LastBinLeft(split) : layout.LastBinLeft(split)) ^ _flip), keep));
        }
        foreach (LeftSubtree subtree in _subtrees)
            if (subtree.Split.Test == SplitTest.InSet) AddSet(tree, subtree, planes);
        bool inBytes = path == VectorPath.Avx512 && order.Length <= LeafMasks.MaxInBytes && tree.Width == 1;
        Trees.Add(new(planes, firstPlane, firstSet, Sets.Count - firstSet, Values.Count, inBytes));
        if (inBytes) AddBytes(tree, order);
        else AddNumbers(tree, order);
    }

    // Leaves get their numbers from left to right; a split takes those of its left subtree out.
    private void Visit(Tree tree, int node, bool[] reversed, int[] order, ref int ordered)
    {
        if (node < 0)
        {
            order[ordered++] = ~node;
            return;
        }
        TreeSplit split = tree.Splits[node];
        int from = ordered;
        Visit(tree, reversed[node] ? split.Right : split.Left, reversed, order, ref ordered);
        _subtrees.Add(new(split, reversed[node], from, ordered));
        Visit(tree, reversed[node] ? split.Left : split.Right, reversed, order, ref ordered);
    }

    private static byte Keep(int plane, int from, int to)
    {
        int low = Math.Clamp(from - 8 * plane, 0, 8), high = Math.Clamp(to - 8 * plane, 0, 8);
        return (byte)~((1 << high) - (1 << low));
    }

    private void AddSet(Tree tree, LeftSubtree subtree, int planes)
    {
        var (split, turned, from, to) = subtree;
        Span<ulong> right = stackalloc ulong[BinWriter.MaxBins / 64];
        layout.ClassesOf(split).MarkRight(split, tree.Sets[(int)split.Threshold], right);
        if (turned)
            for (int i = 0; i < right.Length; i++) right[i] = ~right[i];
        Sets.Add(new(layout.SlotOf(split) * BlockScratch.MaxRows, SetBits.Count, SetKeeps.Count));
        SetBits.AddRange(MemoryMarshal.AsBytes(right));
        for (int plane = 0; plane < planes; plane++) SetKeeps.Add(Keep(plane, from, to));
    }

    private void AddBytes(Tree tree, int[] order)
    {
        int width = layout.Precision == TreePrecision.Single ? sizeof(float) : sizeof(double);
        Span<byte> table = stackalloc byte[width * LeafMasks.MaxInBytes];
        Span<byte> number = stackalloc byte[width];
        table.Clear();
        for (int i = 0; i < order.Length; i++)
        {
            Write(tree.Values[order[i]], number);
            for (int b = 0; b < width; b++) table[b * LeafMasks.MaxInBytes + i] = number[b];
        }
        Values.AddRange(table);
    }

    // Output by output a table of all leaves.
    private void AddNumbers(Tree tree, int[] order)
    {
        Span<byte> number = stackalloc byte[layout.Precision == TreePrecision.Single ? sizeof(float) : sizeof(double)];
        for (int output = 0; output < tree.Width; output++)
            foreach (int leaf in order)
            {
                Write(tree.Values[leaf * tree.Width + output], number);
                Values.AddRange(number);
            }
    }

    private static void Write(double value, Span<byte> into)
    {
        if (into.Length == sizeof(float)) BinaryPrimitives.WriteSingleLittleEndian(into, (float)value);
        else BinaryPrimitives.WriteDoubleLittleEndian(into, value);
    }

    private sealed record LeftSubtree(TreeSplit Split, bool Turned, int From, int To);
}
