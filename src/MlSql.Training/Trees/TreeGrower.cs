using MlSql.Training.Kernels;
using MlSql.Training.Rounds;

namespace MlSql.Training.Trees;

/// <summary>
/// Grows one tree at a time, the leaf that gains most first (Shi: Best-first decision tree learning, 2007). Of two new leaves only the smaller one's derivatives are summed up, the other's are what is left of their parent's.
/// </summary>
internal sealed class TreeGrower(TreeRows rows, BoostingOptions options, BlockCrew crew)
{
    // Sums that are kept for leaves that may be divided yet; a parent whose sums were given up has both children summed up.
    private const long KeptBytes = 256L << 20;

    private readonly int _cells = rows.Columns.Count * HistogramKernel.Bins;
    private readonly Stack<LeafHistogram> _free = new();
    private readonly List<GrowingLeaf> _leaves = [];
    private int _kept;

    /// <summary>Leaves of the last tree.</summary>
    public int Leaves => _leaves.Count;

    /// <summary>Sums of a leaf of the last tree.</summary>
    public LeafSums Sums(int leaf) => _leaves[leaf].Sums;

    /// <summary>What the value of a leaf of the last tree may be.</summary>
    public ValueBounds Bounds(int leaf) => _leaves[leaf].Bounds;

    /// <summary>Grows a tree over the derivatives of the rows that <see cref="TreeRows.Begin"/> took, by the columns that are marked; its splits in the order in which they were made.</summary>
    public List<GrownSplit> Grow(bool[] columns, double gradientUnit, double hessianUnit, CancellationToken cancel)
    {
        LeafSearch search = new(rows, columns, options, new SplitSearch(options, gradientUnit, hessianUnit), crew);
        foreach (GrowingLeaf leaf in _leaves) Give(leaf);
        _leaves.Clear();
        GrowingLeaf root = new() { Parent = -1 };
        _leaves.Add(root);
        root.Sums = root.Sums with { Rows = rows.RowsOf(0).Length };
        Sum(0, _ => { }, cancel);
        root.Sums = Total(root.Histogram!, root.Sums.Rows);
        search.All(root, cancel);
        Choose(search, 0, cancel);
        List<GrownSplit> splits = [];
        while (_leaves.Count < options.MaxLeaves)
        {
            cancel.ThrowIfCancellationRequested();
            int best = 0;
            for (int i = 1; i < _leaves.Count; i++)
                if (_leaves[i].Best.Gain > _leaves[best].Best.Gain) best = i;
            if (_leaves[best].Best.Column < 0) break;
            Split(search, best, splits, cancel);
        }
        return splits;
    }

    private void Split(LeafSearch search, int at, List<GrownSplit> splits, CancellationToken cancel)
    {
        GrowingLeaf left = _leaves[at], right = new();
        int added = _leaves.Count;
        SplitChoice choice = left.Best;
        LeafSums whole = left.Sums;
        bool seesMissing = left.SeesMissing;
        Span<byte> goesLeft = stackalloc byte[HistogramKernel.Bins];
        choice.Mark(goesLeft);
        int lefts = rows.Divide(at, added, choice.Column, goesLeft, cancel);
        _leaves.Add(right);
        splits.Add(new(choice, whole, lefts, seesMissing, ~at, ~added));
        if (left.Parent >= 0) splits[left.Parent] = left.IsRight ? splits[left.Parent] with { Right = splits.Count - 1 } : splits[left.Parent] with { Left = splits.Count - 1 };
        (left.Parent, left.IsRight, right.Parent, right.IsRight) = (splits.Count - 1, false, splits.Count - 1, true);
        left.Depth = right.Depth = left.Depth + 1;
        left.Sums = left.BestLeft with { Rows = lefts };
        right.Sums = new(whole.Gradient - left.Sums.Gradient, whole.Hessian - left.Sums.Hessian, whole.Rows - lefts);
        (left.Bounds, right.Bounds) = search.BoundsOf(choice, left.Bounds, left.Sums, right.Sums);
        SearchChildren(search, at, added, cancel);
        Choose(search, at, cancel);
        Choose(search, added, cancel);
        foreach (GrowingLeaf leaf in (ReadOnlySpan<GrowingLeaf>)[left, right])
            if (leaf.Best.Column < 0 || _kept * (long)_cells * 16 > KeptBytes) Give(leaf);
    }

    // The first one has its parent's sums, if they were kept. Of each group of columns one thread sums up the smaller leaf, takes that from the parent and searches both; what will not be divided needs no sums.
    private void SearchChildren(LeafSearch search, int at, int added, CancellationToken cancel)
    {
        GrowingLeaf left = _leaves[at];
        (int small, int large) = left.Sums.Rows < _leaves[added].Sums.Rows ? (at, added) : (added, at);
        GrowingLeaf smaller = _leaves[small], larger = _leaves[large];
        LeafHistogram? parent = left.Histogram;
        left.Histogram = null;
        if (!MayDivide(larger))
        {
            Give(parent);
            return;
        }
        Action<int> searchSmaller = MayDivide(smaller) ? search.OfGroup(smaller) : _ => { }, searchLarger = search.OfGroup(larger);
        if (parent is null)
        {
            if (MayDivide(smaller)) Sum(small, searchSmaller, cancel);
            Sum(large, searchLarger, cancel);
        }
        else
        {
            larger.Histogram = parent;
            Sum(small, group =>
            {
                parent.Subtract(smaller.Histogram!, LeafSearch.CellsOf(rows.ColumnsOf(group)));
                searchSmaller(group);
                searchLarger(group);
            }, cancel);
        }
    }

    private bool MayDivide(GrowingLeaf leaf) => _leaves.Count < options.MaxLeaves && (options.MaxDepth == 0 || leaf.Depth < options.MaxDepth) && leaf.Sums.Rows >= 2L * options.MinDataInLeaf;

    private void Sum(int leaf, Action<int> then, CancellationToken cancel)
    {
        LeafHistogram histogram = _free.TryPop(out LeafHistogram? free) ? free : new(_cells);
        _kept++;
        histogram.Clear();
        _leaves[leaf].Histogram = histogram;
        rows.AddSums(leaf, histogram.Gradients, histogram.Hessians, then, cancel);
    }

    private void Give(GrowingLeaf leaf)
    {
        Give(leaf.Histogram);
        leaf.Histogram = null;
    }

    private void Give(LeafHistogram? histogram)
    {
        if (histogram is null) return;
        _free.Push(histogram);
        _kept--;
    }

    private void Choose(LeafSearch search, int at, CancellationToken cancel)
    {
        if (MayDivide(_leaves[at])) search.Choose(at, _leaves[at], cancel);
        else _leaves[at].Best = SplitChoice.None;
    }

    private static LeafSums Total(LeafHistogram histogram, int count)
    {
        long g = 0, h = 0;
        for (int bin = 0; bin < HistogramKernel.Bins; bin++) (g, h) = (g + histogram.Gradients[bin], h + histogram.Hessians[bin]);
        return new(g, h, count);
    }
}

/// <summary>A split of a grown tree with the sums of its rows; children are splits, or ~leaf.</summary>
internal readonly record struct GrownSplit(SplitChoice Choice, LeafSums Sums, int LeftRows, bool SeesMissing, int Left, int Right);
