using MlSql.Training.Rounds;
using MlSql.Training.Trees;

namespace MlSql.Training.Kernels;

/// <summary>
/// Grows one tree at a time, the leaf that gains most first (Shi: Best-first decision tree learning, 2007). Of two new leaves only the smaller one's histogram is summed up, the other's is what is left of their parent's.
/// </summary>
internal sealed unsafe class TreeGrower
{
    private readonly BinnedRows _rows;
    private readonly BoostingOptions _options;
    private readonly BlockCrew _crew;
    private readonly int[] _ids;
    private readonly int[] _scratch;
    private readonly Leaf[] _leaves;
    private readonly long[][] _tables;

    public TreeGrower(BinnedRows rows, BoostingOptions options, BlockCrew crew)
    {
        (_rows, _options, _crew) = (rows, options, crew);
        // Kernels read a little beyond their lists.
        _ids = GC.AllocateArray<int>(rows.Rows + 64, pinned: true);
        _scratch = GC.AllocateArray<int>(rows.Rows + 64, pinned: true);
        Pairs = GC.AllocateArray<int>(rows.Rows + 64, pinned: true);
        int cells = rows.Columns.Count * HistogramKernel.Bins;
        _leaves = [.. Enumerable.Range(0, options.MaxLeaves).Select(_ => new Leaf { Gradients = new long[cells], Hessians = new long[cells] })];
        _tables = [.. Enumerable.Range(0, rows.Groups).Select(_ => GC.AllocateArray<long>(HistogramKernel.Columns * HistogramKernel.Bins, pinned: true))];
    }

    /// <summary>The packed gradients of the next tree, one a row.</summary>
    public int[] Pairs { get; }

    /// <summary>Leaves of the last tree.</summary>
    public int Leaves { get; private set; }

    /// <summary>Sums of a leaf of the last tree.</summary>
    public LeafSums Sums(int leaf) => _leaves[leaf].Sums;

    /// <summary>The rows of a leaf of the last tree.</summary>
    public ReadOnlySpan<int> RowsOf(int leaf) => _ids.AsSpan(_leaves[leaf].Start, _leaves[leaf].Count);

    /// <summary>Grows a tree over <see cref="Pairs"/>; its splits in the order in which they were made, children as ~leaf or split.</summary>
    public List<GrownSplit> Grow(double gradientUnit, double hessianUnit, CancellationToken cancel)
    {
        SplitSearch search = new(_options, gradientUnit, hessianUnit);
        for (int i = 0; i < _rows.Rows; i++) _ids[i] = i;
        Leaf root = _leaves[0];
        (root.Start, root.Count, root.Depth, root.Parent) = (0, _rows.Rows, 0, -1);
        Histogram(root, all: true, cancel);
        long g = 0, h = 0;
        for (int bin = 0; bin < HistogramKernel.Bins; bin++) (g, h) = (g + root.Gradients[bin], h + root.Hessians[bin]);
        root.Sums = new(g, h, root.Count);
        root.Best = Best(search, root, cancel);
        Leaves = 1;
        List<GrownSplit> splits = [];
        while (Leaves < _options.MaxLeaves)
        {
            cancel.ThrowIfCancellationRequested();
            int best = 0;
            for (int i = 1; i < Leaves; i++)
                if (_leaves[i].Best.Gain > _leaves[best].Best.Gain) best = i;
            if (_leaves[best].Best.Column < 0) break;
            Split(search, best, splits, cancel);
        }
        return splits;
    }

    private void Split(SplitSearch search, int at, List<GrownSplit> splits, CancellationToken cancel)
    {
        Leaf left = _leaves[at], right = _leaves[Leaves];
        SplitChoice choice = left.Best;
        LeafSums whole = left.Sums;
        int lefts = Partition(left, choice);
        (right.Start, right.Count, right.Depth) = (left.Start + lefts, left.Count - lefts, left.Depth + 1);
        (left.Count, left.Depth) = (lefts, left.Depth + 1);

        splits.Add(new(choice, whole, ~at, ~Leaves));
        if (left.Parent >= 0) splits[left.Parent] = left.IsRight ? splits[left.Parent] with { Right = splits.Count - 1 } : splits[left.Parent] with { Left = splits.Count - 1 };
        (left.Parent, left.IsRight, right.Parent, right.IsRight) = (splits.Count - 1, false, splits.Count - 1, true);

        (Leaf small, Leaf large) = left.Count < right.Count ? (left, right) : (right, left);
        // The parent's sums are in what was the left leaf: the larger child takes them over.
        if (small == left) (left.Gradients, left.Hessians, right.Gradients, right.Hessians) = (right.Gradients, right.Hessians, left.Gradients, left.Hessians);
        Histogram(small, all: false, cancel);
        for (int i = 0; i < large.Gradients.Length; i++)
        {
            large.Gradients[i] -= small.Gradients[i];
            large.Hessians[i] -= small.Hessians[i];
        }
        long g = 0, h = 0;
        for (int bin = 0; bin < HistogramKernel.Bins; bin++) (g, h) = (g + small.Gradients[bin], h + small.Hessians[bin]);
        small.Sums = new(g, h, small.Count);
        large.Sums = new(whole.Gradient - g, whole.Hessian - h, large.Count);
        Leaves++;
        left.Best = Best(search, left, cancel);
        right.Best = Best(search, right, cancel);
    }

    private void Histogram(Leaf leaf, bool all, CancellationToken cancel)
    {
        Array.Clear(leaf.Gradients);
        Array.Clear(leaf.Hessians);
        _crew.Run(_rows.Groups, group =>
        {
            int first = _rows.First(group), cells = (_rows.First(group + 1) - first) * HistogramKernel.Bins;
            fixed (byte* records = _rows.Records(group))
            fixed (int* ids = _ids, pairs = Pairs)
            fixed (long* table = _tables[group], gradients = &leaf.Gradients[first * HistogramKernel.Bins], hessians = &leaf.Hessians[first * HistogramKernel.Bins])
            {
                for (int from = 0; from < leaf.Count; from += HistogramKernel.MaxRows)
                {
                    cancel.ThrowIfCancellationRequested();
                    int count = Math.Min(HistogramKernel.MaxRows, leaf.Count - from);
                    if (all) HistogramKernel.AddRange(records, pairs, from, from + count, table);
                    else HistogramKernel.AddListed(records, pairs, ids + leaf.Start + from, count, table);
                    HistogramKernel.Flush(table, gradients, hessians, cells);
                    new Span<long>(table, HistogramKernel.Columns * HistogramKernel.Bins).Clear();
                }
            }
        }, cancel);
    }

    private SplitChoice Best(SplitSearch search, Leaf leaf, CancellationToken cancel)
    {
        if (_options.MaxDepth > 0 && leaf.Depth >= _options.MaxDepth) return SplitChoice.None;
        var found = new SplitChoice[_rows.Groups];
        _crew.Run(_rows.Groups, group =>
        {
            SplitChoice best = SplitChoice.None;
            for (int column = _rows.First(group); column < _rows.First(group + 1); column++)
                best = search.Of(column, _rows.Columns[column], leaf.Gradients.AsSpan(column * HistogramKernel.Bins, HistogramKernel.Bins), leaf.Hessians.AsSpan(column * HistogramKernel.Bins, HistogramKernel.Bins), leaf.Sums, best);
            found[group] = best;
        }, cancel);
        SplitChoice all = SplitChoice.None;
        foreach (SplitChoice choice in found)
            if (choice.Gain > all.Gain) all = choice;
        return all;
    }

    private int Partition(Leaf leaf, SplitChoice choice)
    {
        byte* goesLeft = stackalloc byte[HistogramKernel.Bins];
        for (int bin = 0; bin < HistogramKernel.Bins; bin++) goesLeft[bin] = bin == BinnedColumn.Missing ? (choice.MissingLeft ? (byte)1 : (byte)0) : bin <= choice.Bin ? (byte)1 : (byte)0;
        fixed (byte* records = _rows.Records(_rows.GroupOf(choice.Column)))
        fixed (int* ids = &_ids[leaf.Start], rights = _scratch)
        {
            int lefts = PartitionKernel.Divide(ids, leaf.Count, records + _rows.Offset(choice.Column), goesLeft, ids, rights);
            new ReadOnlySpan<int>(rights, leaf.Count - lefts).CopyTo(new Span<int>(ids + lefts, leaf.Count - lefts));
            return lefts;
        }
    }

    private sealed class Leaf
    {
        public int Start, Count, Depth, Parent;
        public bool IsRight;
        public LeafSums Sums;
        public SplitChoice Best;
        public long[] Gradients = [], Hessians = [];
    }
}

/// <summary>A split of a grown tree; children are splits, or ~leaf.</summary>
internal readonly record struct GrownSplit(SplitChoice Choice, LeafSums Sums, int Left, int Right);
