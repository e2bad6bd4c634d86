using MlSql.Training.Kernels;
using MlSql.Training.Rounds;

namespace MlSql.Training.Trees;

/// <summary>Chooses the splits of the leaves of one tree, among the columns that are marked: by groups of columns, which threads may search side by side; the first column counts of those that gain as much.</summary>
internal sealed class LeafSearch(TreeRows rows, bool[] columns, BoostingOptions options, SplitSearch search)
{
    /// <summary>The cells of columns within a leaf's sums.</summary>
    public static Range CellsOf(Range columns) => (columns.Start.Value * HistogramKernel.Bins)..(columns.End.Value * HistogramKernel.Bins);

    /// <summary>What finds the best split of a leaf by the columns of one group, whose sums there are when it is called.</summary>
    public Action<int> OfGroup(GrowingLeaf leaf, Dictionary<int, long[]>? counted = null)
    {
        var found = leaf.BestOfGroups = new SplitChoice[rows.Groups];
        Array.Fill(found, SplitChoice.None);
        GainKernel? kernel = search.KernelOf(leaf.Sums, leaf.Bounds);
        return group =>
        {
            SplitChoice best = SplitChoice.None;
            (int first, int count) = rows.ColumnsOf(group).GetOffsetAndLength(rows.Columns.Count);
            for (int column = first; column < first + count; column++)
            {
                if (!columns[column]) continue;
                Range cells = CellsOf(column);
                best = search.Of(column, rows.Columns[column], new(leaf.Histogram!.Gradients.AsSpan(cells), leaf.Histogram.Hessians.AsSpan(cells), counted?.GetValueOrDefault(column)), leaf.Sums, leaf.Bounds, kernel, best);
            }
            found[group] = best;
        };
    }

    /// <summary>Finds the best splits of a leaf by all groups; without a crew on the caller's thread.</summary>
    public void All(GrowingLeaf leaf, BlockCrew? crew, CancellationToken cancel, Dictionary<int, long[]>? counted = null)
    {
        // So many take about as long as to hand work to another thread.
        const int FewGroups = 4;
        Action<int> work = OfGroup(leaf, counted);
        if (crew is not null && rows.Groups > FewGroups) crew.Run(rows.Groups, work, cancel);
        else
            for (int group = 0; group < rows.Groups; group++) work(group);
    }

    /// <summary>Chooses the best of the splits that were found for a leaf by its groups, and says what it sends left.</summary>
    public void Choose(GrowingLeaf leaf, BlockCrew? crew, CancellationToken cancel)
    {
        leaf.Best = Best(leaf, crew, cancel);
        if (leaf.Best.Column < 0) return;
        Range cells = CellsOf(leaf.Best.Column);
        ReadOnlySpan<long> gradients = leaf.Histogram!.Gradients.AsSpan(cells), hessians = leaf.Histogram.Hessians.AsSpan(cells);
        leaf.BestLeft = new(Lefts(leaf.Best, gradients), Lefts(leaf.Best, hessians), 0);
        leaf.SeesMissing = hessians[BinnedColumn.Missing] != 0 || gradients[BinnedColumn.Missing] != 0;
    }

    /// <summary>The bounds of both sides of a split of a leaf with some.</summary>
    public (ValueBounds Left, ValueBounds Right) BoundsOf(SplitChoice choice, in ValueBounds bounds, in LeafSums left, in LeafSums right) => search.BoundsOf(choice, bounds, left, right);

    private SplitChoice Best(GrowingLeaf leaf, BlockCrew? crew, CancellationToken cancel)
    {
        Dictionary<int, long[]> counted = [];
        while (true)
        {
            SplitChoice best = SplitChoice.None;
            foreach (SplitChoice choice in leaf.BestOfGroups)
                if (choice.Gain > best.Gain) best = choice;
            if (best.Column < 0 || counted.ContainsKey(best.Column)) return best;
            // Each row's hessian is at most so much: the sums may tell already that both sides have rows enough.
            long enough = Math.Max(1L, options.MinDataInLeaf), hessian = Lefts(best, leaf.Histogram!.Hessians.AsSpan(CellsOf(best.Column)));
            if (Math.Min(hessian, leaf.Sums.Hessian - hessian) >= enough * GradientKernel.MaxHessian) return best;
            // Estimated rows may be too many: those of the column that won are counted, and it must win again.
            long[] counts = rows.CountRows(leaf.Node, best.Column);
            long lefts = Lefts(best, counts);
            if (Math.Min(lefts, leaf.Sums.Rows - lefts) >= enough) return best;
            counted.Add(best.Column, counts);
            All(leaf, crew, cancel, counted);
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

    private static Range CellsOf(int column) => CellsOf(column..(column + 1));
}
