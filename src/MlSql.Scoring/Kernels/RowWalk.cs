using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MlSql.Models.Trees;
using MlSql.Scoring.Trees;

namespace MlSql.Scoring.Kernels;

/// <summary>A node of a tree that a single row walks.</summary>
/// <param name="Cut">Values up to it go left; NaN for a leaf, where nothing does.</param>
/// <param name="Slot">Of the row's values, in bytes.</param>
/// <param name="Right">The right child, before the left one; a leaf is its own.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct RowNode(double Cut, uint Slot, int Right);

/// <summary>
/// Raw scores of single rows: the bits of <see cref="TreeWalk.Score"/>. Eight trees are walked at once, so that the memory's latency of one hides behind the others, and without branches to mispredict; trees with sets of
/// categories, linear leaves or thresholds that nothing is below are walked by themselves. Values are added in the order of the trees. Safe for any number of threads at once; allocates nothing per call.
/// </summary>
internal sealed unsafe class RowWalk
{
    private const int AtOnce = 8;

    private readonly TreeStructure _ensemble;
    private readonly int _columns;
    private readonly RowSlots _slots;
    private readonly PinnedTable<RowNode> _nodes;

    // Of a leaf's node: where its values begin.
    private readonly PinnedTable<int> _valueOf;
    private readonly PinnedTable<double> _values;

    // The first nodes of the trees that are walked together, filled up to a multiple of AtOnce.
    private readonly int[] _roots;
    private readonly Part[] _parts;

    public RowWalk(TreeStructure ensemble, int columns)
    {
        (_ensemble, _columns) = (ensemble, columns);
        _slots = new(ensemble.Precision);
        _parts = [.. ensemble.Trees.Select(tree => new Part(RowSlots.IsPlain(tree, ensemble.Precision), tree.Width == 1 ? tree.Output : 0, tree.Width))];
        Tree[] plain = [.. ensemble.Trees.Where((_, i) => _parts[i].Together)];
        // A leaf for the places that are only filled up.
        int count = 1 + plain.Sum(tree => tree.Splits.Length + tree.Leaves.Length), free = 1, value = 0;
        _nodes = new(count);
        _valueOf = new(count);
        _values = new(plain.Sum(tree => tree.Values.Length));
        _roots = new int[(plain.Length + AtOnce - 1) / AtOnce * AtOnce];
        _nodes.Values[0] = new(double.NaN, 0, 0);
        foreach (var (i, tree) in plain.Index())
        {
            _roots[i] = free;
            tree.Values.CopyTo(_values.Values[value..]);
            AddTree(tree, value, ref free);
            value += tree.Values.Length;
        }
    }

    /// <summary>Writes a row's raw scores, one an output. <paramref name="row"/> holds the encoded columns, NaN for a missing one.</summary>
    public void Score(ReadOnlySpan<double> row, Span<double> scores)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(row.Length, _columns, nameof(row));
        // A leaf reads the first of them, whatever it is.
        double[] values = ArrayPool<double>.Shared.Rent(Math.Max(_slots.Count, 1));
        int[] ends = ArrayPool<int>.Shared.Rent(Math.Max(_roots.Length, 1));
        _slots.Write(row, values);
        fixed (double* first = values)
        fixed (int* end = ends)
            for (int tree = 0; tree < _roots.Length; tree += AtOnce) Ends(_nodes.At, first, _roots.AsSpan(tree, AtOnce), end + tree);
        Sum(row, ends, scores);
        ArrayPool<int>.Shared.Return(ends);
        ArrayPool<double>.Shared.Return(values);
        // Its tables are read through pointers.
        GC.KeepAlive(this);
    }

    // Level by level, so that the nodes that every row passes lie together.
    private void AddTree(Tree tree, int value, ref int free)
    {
        Queue<(int Child, int Node)> waiting = [];
        waiting.Enqueue((tree.Splits.IsEmpty ? ~0 : 0, free++));
        while (waiting.TryDequeue(out var next))
        {
            if (next.Child < 0)
            {
                _nodes.Values[next.Node] = new(double.NaN, 0, next.Node);
                _valueOf.Values[next.Node] = value + ~next.Child * tree.Width;
                continue;
            }
            TreeSplit split = tree.Splits[next.Child];
            _nodes.Values[next.Node] = new(SplitCut.Of(split, _ensemble.Precision), checked((uint)_slots.IndexOf(split) * sizeof(double)), free);
            waiting.Enqueue((split.Right, free));
            waiting.Enqueue((split.Left, free + 1));
            free += 2;
        }
    }

    private void Sum(ReadOnlySpan<double> row, ReadOnlySpan<int> ends, Span<double> scores)
    {
        bool single = _ensemble.Precision == TreePrecision.Single;
        if (_ensemble.Aggregate == TreeAggregate.Sum) _ensemble.Bases.CopyTo(scores);
        else scores[.._ensemble.Bases.Length].Clear();
        int next = 0;
        for (int i = 0; i < _parts.Length; i++)
        {
            Part part = _parts[i];
            if (!part.Together)
            {
                TreeWalk.Add(_ensemble, _ensemble.Trees[i], row, scores);
                continue;
            }
            double* values = _values.At + _valueOf.At[ends[next++]];
            for (int v = 0; v < part.Width; v++)
            {
                ref double score = ref scores[part.Output + v];
                double sum = score + values[v];
                score = single ? (float)sum : sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Ends(RowNode* nodes, double* values, ReadOnlySpan<int> roots, int* ends)
    {
        int a = roots[0], b = roots[1], c = roots[2], d = roots[3], e = roots[4], f = roots[5], g = roots[6], h = roots[7], moved;
        do
        {
            // Two steps for each look whether all have come to an end; a leaf leads to itself.
            moved = 0;
            a = Next(nodes, a, values);
            b = Next(nodes, b, values);
            c = Next(nodes, c, values);
            d = Next(nodes, d, values);
            e = Next(nodes, e, values);
            f = Next(nodes, f, values);
            g = Next(nodes, g, values);
            h = Next(nodes, h, values);
            moved |= Step(nodes, ref a, values);
            moved |= Step(nodes, ref b, values);
            moved |= Step(nodes, ref c, values);
            moved |= Step(nodes, ref d, values);
            moved |= Step(nodes, ref e, values);
            moved |= Step(nodes, ref f, values);
            moved |= Step(nodes, ref g, values);
            moved |= Step(nodes, ref h, values);
        }
        while (moved != 0);
        (ends[0], ends[1], ends[2], ends[3], ends[4], ends[5], ends[6], ends[7]) = (a, b, c, d, e, f, g, h);
    }

    // Not 0 where the node is no leaf.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Step(RowNode* nodes, ref int node, double* values)
    {
        int was = node;
        node = Next(nodes, was, values);
        return was ^ node;
    }

    // A comparison that is added, not a branch: nothing to mispredict.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Next(RowNode* nodes, int node, double* values)
    {
        RowNode* at = nodes + (uint)node;
        return at->Right + (at->Cut >= *(double*)((byte*)values + at->Slot) ? 1 : 0);
    }

    /// <summary>A tree: whether it is walked with others, the first output that it adds to, and how many.</summary>
    private readonly record struct Part(bool Together, int Output, int Width);
}
