using System.Collections.Immutable;
using MlSql.Models.Trees;

namespace MlSql.Models.Onnx.Trees;

/// <summary>
/// Makes trees of an ensemble's nodes, parents before children. What several branches share is copied, within a limit that also ends circles; a chain of comparisons for equality with one branch for all of them, which converters write
/// for a set, becomes one split.
/// </summary>
internal sealed class TreeBuilder(Ensemble ensemble, ImmutableArray<SymbolicColumn> columns, SplitPlanner planner, CancellationToken cancel)
{
    private const int SpareNodes = 1_000;
    private const string Shared = "the branches of its trees share too many nodes, or run in a circle";
    private readonly long _most = 2L * ensemble.Count + SpareNodes;
    private long _made;
    private long _walked;

    /// <summary>A tree before its values: its splits, sets, and the ensemble's node of each leaf.</summary>
    internal sealed record Shape(ImmutableArray<TreeSplit> Splits, ImmutableArray<CategorySet> Sets, ImmutableArray<int> Leaves);

    /// <summary>The shapes of all trees in their order.</summary>
    public ImmutableArray<Shape> Build() => [.. ensemble.Roots.Select(Build)];

    private Shape Build(int root)
    {
        List<TreeSplit> splits = [];
        List<CategorySet> sets = [];
        List<int> leaves = [];
        Dictionary<CategorySet, int> places = [];
        Stack<Branch> open = new([new(root, null, -1, false)]);
        while (open.TryPop(out Branch branch))
        {
            cancel.ThrowIfCancellationRequested();
            if (++_made > _most) throw new UnrecognisedException(Shared);
            if (branch.Fork is null) branch = Settled(branch);
            int child = branch.Fork is null ? ~leaves.Count : splits.Count;
            if (branch.Parent >= 0) splits[branch.Parent] = branch.AtLeft ? splits[branch.Parent] with { Left = child } : splits[branch.Parent] with { Right = child };
            if (branch.Fork is not { } fork)
            {
                leaves.Add(branch.Node);
                continue;
            }
            PlannedSplit split = fork.Plan.Splits[fork.At];
            double threshold = split.Threshold;
            if (split.Set is { } set)
            {
                if (!places.TryGetValue(set, out int place))
                {
                    places.Add(set, place = sets.Count);
                    sets.Add(set);
                }
                threshold = place;
            }
            open.Push(fork.Child(split.Right, splits.Count, atLeft: false));
            open.Push(fork.Child(split.Left, splits.Count, atLeft: true));
            splits.Add(new(split.Column, split.Test, threshold, MissingRule.NaN, split.MissingLeft, 0, 0, 0, 0));
        }
        return new([.. splits], [.. sets], [.. leaves]);
    }

    // Goes on while the answer is always the same: to a leaf, or to a node with a question.
    private Branch Settled(Branch branch)
    {
        int node = branch.Node;
        while (ensemble.Modes[node] != BranchMode.Leaf)
        {
            Walk();
            (SplitPlan plan, int yes, int no) = Asked(node);
            if (!plan.Splits.IsEmpty) return branch with { Fork = new(plan, 0, yes, no) };
            node = plan.Always ? yes : no;
        }
        return branch with { Node = node };
    }

    private (SplitPlan Plan, int Yes, int No) Asked(int node)
    {
        long feature = ensemble.Features[node];
        if (feature < 0 || feature >= columns.Length) throw new UnrecognisedException($"its trees read column {feature} of {columns.Length}");
        BranchMode mode = ensemble.Modes[node];
        double threshold = ensemble.Thresholds[node];
        if (double.IsNaN(threshold) && mode != BranchMode.Member) throw new UnrecognisedException("its trees compare with NaN");
        bool missing = ensemble.MissingTrue[node];
        (int yes, int no) = (ensemble.WhenTrue[node], ensemble.WhenFalse[node]);
        SplitPlan plan;
        switch (mode)
        {
            case BranchMode.Equal:
                List<double> points = [threshold];
                for (; IsNextOfChain(no, node); no = ensemble.WhenFalse[no])
                {
                    Walk();
                    points.Add(ensemble.Thresholds[no]);
                }
                plan = planner.Plan(columns[(int)feature], Question.Of(points, missing));
                break;
            case BranchMode.NotEqual:
                // NaN is unequal to everything.
                plan = planner.Plan(columns[(int)feature], Question.Of([threshold], missing: false));
                (yes, no) = (no, yes);
                break;
            case BranchMode.Member:
                plan = planner.Plan(columns[(int)feature], Question.OfMembers(ensemble.Members[node], missing, ensemble.Precision));
                break;
            default:
                plan = planner.Plan(columns[(int)feature], Question.Of(mode, threshold, missing, ensemble.Precision));
                break;
        }
        return (plan, yes, no);
    }

    // Nodes that leave no split behind are passed more often than made, but not without end.
    private void Walk()
    {
        if (++_walked > 8 * _most) throw new UnrecognisedException(Shared);
    }

    private bool IsNextOfChain(int next, int node)
    {
        bool same = ensemble.Modes[next] == BranchMode.Equal && ensemble.Features[next] == ensemble.Features[node] && ensemble.WhenTrue[next] == ensemble.WhenTrue[node] && !double.IsNaN(ensemble.Thresholds[next]);
        // ONNX Runtime makes a set of such a chain, and then asks only its first node where NaN goes.
        if (same && ensemble.MissingTrue[next] != ensemble.MissingTrue[node]) throw new UnrecognisedException("it compares a column with several values and sends NaN to different branches");
        return same;
    }

    /// <summary>What is still to be made: a node, or, where there is a fork, one split of its plan; and where it hangs.</summary>
    private readonly record struct Branch(int Node, Fork? Fork, int Parent, bool AtLeft);

    /// <summary>A split of a plan with the nodes that its answers lead to.</summary>
    private sealed record Fork(SplitPlan Plan, int At, int WhenYes, int WhenNo)
    {
        public Branch Child(int child, int parent, bool atLeft) =>
            child >= 0 ? new(0, this with { At = child }, parent, atLeft) : new(child == PlannedSplit.Yes ? WhenYes : WhenNo, null, parent, atLeft);
    }
}
