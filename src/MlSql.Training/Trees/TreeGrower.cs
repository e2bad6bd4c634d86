using MlSql.Training.Kernels;
using MlSql.Training.Rounds;

namespace MlSql.Training.Trees;

/// <summary>
/// Grows one tree at a time, the leaf that gains most first (Shi: Best-first decision tree learning, 2007). What dividing a leaf gives does not depend on when that is done: leaves of few rows, which are not worth several threads, are each divided by one, some
/// ahead of their turn. The tree is the same, and what was divided in vain is dropped.
/// </summary>
internal sealed class TreeGrower(TreeRows rows, BoostingOptions options, BlockCrew crew)
{
    // Leaves of more rows keep all threads busy by themselves.
    private const int ManyRows = 1 << 16;

    // Leaves begun before their turn, for each thread: with 2 threads wait too often; with 4, of 257 leaves divided for a tree of 255, 3 are divided in vain.
    private const int MostAhead = 4;

    private readonly object _gate = new();
    private readonly LeafHistograms _histograms = new(rows.Columns.Count * HistogramKernel.Bins);
    private readonly List<GrowingLeaf> _leaves = [];

    // Leaves of the tree that can be divided, the largest gain first, then the first one.
    private readonly PriorityQueue<GrowingLeaf, (double, int)> _next = new();

    // Leaves that can be divided, the tree's and those that were found ahead, in the order in which their turns will come; among them some that were begun.
    private readonly PriorityQueue<GrowingLeaf, double> _candidates = new();

    // Leaves that were begun and are not the tree's splits yet.
    private int _ahead;
    private int _nodes;
    private bool _failed;

    /// <summary>Nodes that may be in use while a tree of so many leaves grows: two for each of its splits, and for as many ahead of it.</summary>
    public static int MaxNodes(int maxLeaves) => checked(4 * maxLeaves);

    /// <summary>Leaves of the last tree.</summary>
    public int Leaves => _leaves.Count;

    /// <summary>Sums of a leaf of the last tree.</summary>
    public LeafSums Sums(int leaf) => _leaves[leaf].Sums;

    /// <summary>What the value of a leaf of the last tree may be.</summary>
    public ValueBounds Bounds(int leaf) => _leaves[leaf].Bounds;

    /// <summary>Grows a tree over the derivatives of the rows that are marked, all where none are, by the columns that are marked; its splits in the order in which they were made.</summary>
    public List<GrownSplit> Grow(bool[] taken, bool[] columns, double gradientUnit, double hessianUnit, CancellationToken cancel)
    {
        LeafDivider divider = new(rows, options, new(rows, columns, options, new(options, gradientUnit, hessianUnit)), _histograms);
        List<GrownSplit> splits = [];
        _leaves.Clear();
        _next.Clear();
        _candidates.Clear();
        (_ahead, _nodes) = (0, 1);
        Add(divider.Root(rows.Begin(taken), crew, cancel), 0);
        while (_leaves.Count < options.MaxLeaves && _next.TryPeek(out GrowingLeaf? best, out _))
        {
            cancel.ThrowIfCancellationRequested();
            if (best.Sums.Rows <= ManyRows && crew.Threads > 1) crew.Run(crew.Threads, _ => DivideAhead(divider, splits, cancel), cancel);
            else
            {
                int nodes = Begin(best);
                Divided(best, divider.Divide(best, nodes, nodes + 1, IsLast, crew, cancel));
                SplitDivided(splits);
            }
        }
        rows.Finish([.. _leaves.Select(leaf => leaf.Node)]);
        foreach (GrowingLeaf leaf in _leaves) Give(leaf);
        return splits;
    }

    private bool IsLast => _leaves.Count == options.MaxLeaves - 1;

    // What one of the threads does until the tree is grown, or a leaf of many rows comes.
    private void DivideAhead(LeafDivider divider, List<GrownSplit> splits, CancellationToken cancel)
    {
        while (true)
        {
            GrowingLeaf? leaf;
            int nodes;
            bool isLast;
            lock (_gate)
            {
                while (true)
                {
                    SplitDivided(splits);
                    if (_failed || cancel.IsCancellationRequested || IsOver) return;
                    leaf = Next();
                    if (leaf is not null) break;
                    Monitor.Wait(_gate);
                }
                isLast = IsLast;
                nodes = Begin(leaf);
            }
            (GrowingLeaf, GrowingLeaf)? sides = null;
            try
            {
                sides = divider.Divide(leaf, nodes, nodes + 1, isLast, null, cancel);
            }
            finally
            {
                lock (_gate)
                {
                    if (sides is { } found) Divided(leaf, found);
                    else _failed = true;
                    Monitor.PulseAll(_gate);
                }
            }
        }
    }

    private bool IsOver => _leaves.Count == options.MaxLeaves || !_next.TryPeek(out GrowingLeaf? best, out _) || (!best.IsBegun && best.Sums.Rows > ManyRows);

    // The leaf whose turn it is, else one whose turn should come.
    private GrowingLeaf? Next()
    {
        if (_next.Peek() is { IsBegun: false } best) return best;
        if (_ahead >= Math.Min(options.MaxLeaves - _leaves.Count, MostAhead * crew.Threads)) return null;
        while (_candidates.TryDequeue(out GrowingLeaf? candidate, out _))
            if (!candidate.IsBegun) return candidate;
        return null;
    }

    private int Begin(GrowingLeaf leaf)
    {
        leaf.IsBegun = true;
        _ahead++;
        _nodes += 2;
        return _nodes - 2;
    }

    private void Divided(GrowingLeaf leaf, (GrowingLeaf Left, GrowingLeaf Right) sides)
    {
        leaf.Sides = sides;
        if (sides.Left.Best.Column >= 0) _candidates.Enqueue(sides.Left, -sides.Left.Rank);
        if (sides.Right.Best.Column >= 0) _candidates.Enqueue(sides.Right, -sides.Right.Rank);
    }

    // Makes splits of the tree of what was divided, as far as its turn has come. The left side takes the place of the leaf.
    private void SplitDivided(List<GrownSplit> splits)
    {
        while (_leaves.Count < options.MaxLeaves && _next.TryPeek(out GrowingLeaf? leaf, out _) && leaf.Sides is (GrowingLeaf left, GrowingLeaf right))
        {
            _next.Dequeue();
            _ahead--;
            splits.Add(new(leaf.Best, leaf.Sums, left.Sums.Rows, leaf.SeesMissing, ~leaf.Index, ~_leaves.Count));
            if (leaf.Parent >= 0) splits[leaf.Parent] = leaf.IsRight ? splits[leaf.Parent] with { Right = splits.Count - 1 } : splits[leaf.Parent] with { Left = splits.Count - 1 };
            left.Parent = right.Parent = splits.Count - 1;
            Add(left, leaf.Index);
            Add(right, _leaves.Count);
        }
    }

    private void Add(GrowingLeaf leaf, int index)
    {
        leaf.Index = index;
        if (index == _leaves.Count) _leaves.Add(leaf);
        else _leaves[index] = leaf;
        if (leaf.Best.Column >= 0) _next.Enqueue(leaf, (-leaf.Best.Gain, index));
    }

    private void Give(GrowingLeaf leaf)
    {
        _histograms.Give(leaf);
        if (leaf.Sides is not { } sides) return;
        Give(sides.Left);
        Give(sides.Right);
    }
}

/// <summary>A split of a grown tree with the sums of its rows; children are splits, or ~leaf.</summary>
internal readonly record struct GrownSplit(SplitChoice Choice, LeafSums Sums, int LeftRows, bool SeesMissing, int Left, int Right);
