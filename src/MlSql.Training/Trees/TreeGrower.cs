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
    private bool[] _columns = [];
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
        SplitSearch search = new(options, gradientUnit, hessianUnit);
        foreach (GrowingLeaf leaf in _leaves) Give(leaf);
        _leaves.Clear();
        _columns = columns;
        GrowingLeaf root = new() { Parent = -1 };
        _leaves.Add(root);
        root.Sums = root.Sums with { Rows = rows.RowsOf(0).Length };
        Sum(0, cancel);
        root.Sums = Total(root.Histogram!, root.Sums.Rows);
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

    private void Split(SplitSearch search, int at, List<GrownSplit> splits, CancellationToken cancel)
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
        SumChildren(at, added, cancel);
        (left.Bounds, right.Bounds) = search.BoundsOf(choice, left.Bounds, left.Sums, right.Sums);
        Choose(search, at, cancel);
        Choose(search, added, cancel);
        foreach (GrowingLeaf leaf in (ReadOnlySpan<GrowingLeaf>)[left, right])
            if (leaf.Best.Column < 0 || _kept * (long)_cells * 16 > KeptBytes) Give(leaf);
    }

    // The first one has its parent's sums, if they were kept. What will not be divided needs none.
    private void SumChildren(int at, int added, CancellationToken cancel)
    {
        GrowingLeaf left = _leaves[at];
        (int small, int large) = left.Sums.Rows < _leaves[added].Sums.Rows ? (at, added) : (added, at);
        GrowingLeaf smaller = _leaves[small], larger = _leaves[large];
        LeafHistogram? parent = left.Histogram;
        left.Histogram = null;
        if (MayDivide(smaller) || MayDivide(larger)) Sum(small, cancel);
        if (!MayDivide(larger)) Give(parent);
        else if (parent is null) Sum(large, cancel);
        else
        {
            parent.Subtract(smaller.Histogram!);
            larger.Histogram = parent;
        }
    }

    private bool MayDivide(GrowingLeaf leaf) => _leaves.Count < options.MaxLeaves && (options.MaxDepth == 0 || leaf.Depth < options.MaxDepth) && leaf.Sums.Rows >= 2L * options.MinDataInLeaf;

    private void Sum(int leaf, CancellationToken cancel)
    {
        LeafHistogram histogram = _free.TryPop(out LeafHistogram? free) ? free : new(_cells);
        _kept++;
        histogram.Clear();
        rows.AddSums(leaf, histogram.Gradients, histogram.Hessians, cancel);
        _leaves[leaf].Histogram = histogram;
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

    private static LeafSums Total(LeafHistogram histogram, int count)
    {
        long g = 0, h = 0;
        for (int bin = 0; bin < HistogramKernel.Bins; bin++) (g, h) = (g + histogram.Gradients[bin], h + histogram.Hessians[bin]);
        return new(g, h, count);
    }

    private void Choose(SplitSearch search, int at, CancellationToken cancel)
    {
        GrowingLeaf leaf = _leaves[at];
        leaf.Best = Best(search, at, cancel);
        if (leaf.Best.Column < 0) return;
        Range bins = (leaf.Best.Column * HistogramKernel.Bins)..((leaf.Best.Column + 1) * HistogramKernel.Bins);
        ReadOnlySpan<long> gradients = leaf.Histogram!.Gradients.AsSpan(bins), hessians = leaf.Histogram.Hessians.AsSpan(bins);
        leaf.BestLeft = new(Lefts(leaf.Best, gradients), Lefts(leaf.Best, hessians), 0);
        leaf.SeesMissing = hessians[BinnedColumn.Missing] != 0 || gradients[BinnedColumn.Missing] != 0;
    }

    private SplitChoice Best(SplitSearch search, int leaf, CancellationToken cancel)
    {
        LeafSums sums = _leaves[leaf].Sums;
        if (!MayDivide(_leaves[leaf])) return SplitChoice.None;
        Dictionary<int, long[]> counted = [];
        while (true)
        {
            SplitChoice best = Search(search, _leaves[leaf], counted, cancel);
            if (best.Column < 0 || counted.ContainsKey(best.Column)) return best;
            // Each row's hessian is at most so much: the sums may tell already that both sides have rows enough.
            long enough = Math.Max(1L, options.MinDataInLeaf), hessian = Lefts(best, _leaves[leaf].Histogram!.Hessians.AsSpan(best.Column * HistogramKernel.Bins, HistogramKernel.Bins));
            if (Math.Min(hessian, sums.Hessian - hessian) >= enough * GradientKernel.MaxHessian) return best;
            // Estimated rows may be too many: those of the column that won are counted, and it must win again.
            long[] counts = rows.CountRows(leaf, best.Column);
            long lefts = Lefts(best, counts);
            if (Math.Min(lefts, sums.Rows - lefts) >= enough) return best;
            counted.Add(best.Column, counts);
        }
    }

    private static long Lefts(SplitChoice choice, ReadOnlySpan<long> ofBins)
    {
        Span<byte> goesLeft = stackalloc byte[HistogramKernel.Bins];
        choice.Mark(goesLeft);
        long lefts = 0;
        for (int bin = 0; bin < ofBins.Length; bin++)
            if (goesLeft[bin] != 0) lefts += ofBins[bin];
        return lefts;
    }

    private SplitChoice Search(SplitSearch search, GrowingLeaf leaf, Dictionary<int, long[]> counted, CancellationToken cancel)
    {
        // So many take about as long as to hand work to another thread.
        const int ColumnsAPiece = 64;
        int columns = rows.Columns.Count, pieces = (columns + ColumnsAPiece - 1) / ColumnsAPiece;
        var found = new SplitChoice[pieces];
        GainKernel? kernel = search.KernelOf(leaf.Sums, leaf.Bounds);
        crew.Run(pieces, piece =>
        {
            SplitChoice best = SplitChoice.None;
            for (int column = piece * ColumnsAPiece; column < Math.Min(columns, (piece + 1) * ColumnsAPiece); column++)
            {
                if (!_columns[column]) continue;
                Range cells = (column * HistogramKernel.Bins)..((column + 1) * HistogramKernel.Bins);
                best = search.Of(column, rows.Columns[column], new(leaf.Histogram!.Gradients.AsSpan(cells), leaf.Histogram.Hessians.AsSpan(cells), counted.GetValueOrDefault(column)), leaf.Sums, leaf.Bounds, kernel, best);
            }
            found[piece] = best;
        }, cancel);
        SplitChoice all = SplitChoice.None;
        foreach (SplitChoice choice in found)
            if (choice.Gain > all.Gain) all = choice;
        return all;
    }
}

/// <summary>A split of a grown tree with the sums of its rows; children are splits, or ~leaf.</summary>
internal readonly record struct GrownSplit(SplitChoice Choice, LeafSums Sums, int LeftRows, bool SeesMissing, int Left, int Right);
