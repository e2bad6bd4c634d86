using MlSql.Training.Kernels;
using MlSql.Training.Rounds;

namespace MlSql.Training.Trees;

/// <summary>
/// Divides leaves of one tree by the best of their splits and finds the best splits of both sides. Of two sides only the smaller one's derivatives are summed up, the other's are what is left of the leaf's.
/// Threads may divide different leaves at once; work that gets no crew stays on the caller's thread.
/// </summary>
internal sealed class LeafDivider(TreeRows rows, BoostingOptions options, LeafSearch search, LeafHistograms histograms)
{
    /// <summary>The leaf of all rows.</summary>
    public GrowingLeaf Root(int count, BlockCrew crew, CancellationToken cancel)
    {
        GrowingLeaf root = new() { Node = 0, Sums = new(0, 0, count) };
        Sum(root, _ => { }, crew, cancel);
        (long gradient, long hessian) = (0, 0);
        for (int bin = 0; bin < HistogramKernel.Bins; bin++) (gradient, hessian) = (gradient + root.Histogram!.Gradients[bin], hessian + root.Histogram.Hessians[bin]);
        root.Sums = root.Sums with { Gradient = gradient, Hessian = hessian };
        if (options.MaxLeaves == 1 || !MayDivide(root)) return root;
        search.All(root, crew, cancel);
        search.Choose(root, crew, cancel);
        root.Rank = root.Best.Gain;
        return root;
    }

    /// <summary>Divides a leaf into two nodes; nothing is searched in them when they are the tree's last.</summary>
    public (GrowingLeaf Left, GrowingLeaf Right) Divide(GrowingLeaf leaf, int leftNode, int rightNode, bool areLast, BlockCrew? crew, CancellationToken cancel)
    {
        Span<byte> goesLeft = stackalloc byte[HistogramKernel.Bins];
        leaf.Best.Mark(goesLeft);
        int lefts = rows.Divide(leaf.Node, leftNode, rightNode, leaf.Best.Column, goesLeft, crew, cancel);
        LeafSums ofLeft = leaf.BestLeft with { Rows = lefts }, ofRight = new(leaf.Sums.Gradient - ofLeft.Gradient, leaf.Sums.Hessian - ofLeft.Hessian, leaf.Sums.Rows - lefts);
        (ValueBounds leftBounds, ValueBounds rightBounds) = search.BoundsOf(leaf.Best, leaf.Bounds, ofLeft, ofRight);
        GrowingLeaf left = new() { Node = leftNode, Depth = leaf.Depth + 1, Sums = ofLeft, Bounds = leftBounds };
        GrowingLeaf right = new() { Node = rightNode, Depth = leaf.Depth + 1, IsRight = true, Sums = ofRight, Bounds = rightBounds };
        if (!areLast) SearchSides(leaf, lefts < ofRight.Rows ? left : right, lefts < ofRight.Rows ? right : left, crew, cancel);
        histograms.Give(leaf);
        return (left, right);
    }

    // Of each group of columns one thread sums up the smaller side, takes that from the whole and searches both; what will not be divided needs no sums.
    private void SearchSides(GrowingLeaf leaf, GrowingLeaf smaller, GrowingLeaf larger, BlockCrew? crew, CancellationToken cancel)
    {
        if (!MayDivide(larger)) return;
        Action<int> searchSmaller = MayDivide(smaller) ? search.OfGroup(smaller) : _ => { }, searchLarger = search.OfGroup(larger);
        if (leaf.Histogram is { } whole)
        {
            (leaf.Histogram, larger.Histogram) = (null, whole);
            Sum(smaller, group =>
            {
                whole.Subtract(smaller.Histogram!, LeafSearch.CellsOf(rows.ColumnsOf(group)));
                searchSmaller(group);
                searchLarger(group);
            }, crew, cancel);
        }
        else
        {
            if (MayDivide(smaller)) Sum(smaller, searchSmaller, crew, cancel);
            Sum(larger, searchLarger, crew, cancel);
        }
        foreach (GrowingLeaf side in (ReadOnlySpan<GrowingLeaf>)[smaller, larger])
        {
            if (MayDivide(side)) search.Choose(side, crew, cancel);
            side.Rank = Math.Min(leaf.Rank, side.Best.Gain);
            if (side.Best.Column < 0 || histograms.TooMany) histograms.Give(side);
        }
    }

    private void Sum(GrowingLeaf leaf, Action<int> then, BlockCrew? crew, CancellationToken cancel)
    {
        leaf.Histogram = histograms.Take();
        rows.AddSums(leaf.Node, leaf.Histogram.Gradients, leaf.Histogram.Hessians, then, crew, cancel);
    }

    private bool MayDivide(GrowingLeaf leaf) => (options.MaxDepth == 0 || leaf.Depth < options.MaxDepth) && leaf.Sums.Rows >= 2L * options.MinDataInLeaf;
}
