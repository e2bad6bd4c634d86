using MlSql.Models;
using MlSql.Models.Trees;

namespace MlSql.Scoring.Trees;

/// <summary>
/// What each encoded column adds to a row's raw scores: TreeSHAP with the trees' own covers as the background (Lundberg, Erion, Lee: Consistent Individualized Feature Attribution for Tree Ensembles, 2018, Algorithm 2).
/// The contributions of an output and its expected value sum up to its raw score. One instance is for one thread: it holds the path from the root.
/// </summary>
internal sealed class TreeContributions
{
    private readonly TreeStructure _ensemble;
    private readonly int _columns;
    private readonly PathElement[] _paths;
    private readonly double[] _expected;

    private TreeContributions(TreeStructure ensemble, int columns, int depth)
    {
        (_ensemble, _columns) = (ensemble, columns);
        // One path a level, each one element longer than the one above.
        _paths = new PathElement[(depth + 2) * (depth + 3) / 2];
        _expected = [.. ensemble.Trees.Select(ExpectedValue)];
    }

    /// <summary>For an ensemble that has <see cref="PredictionDetails.Contributions"/>, over so many encoded columns.</summary>
    public static TreeContributions Of(TreeStructure ensemble, int columns) => new(ensemble, columns, TreeDepth.Of(ensemble));

    /// <summary>Numbers a row: for each output one a column, then the expected value.</summary>
    public int Width => _ensemble.Outputs * (_columns + 1);

    /// <summary>Writes the contributions of a row.</summary>
    public void Explain(ReadOnlySpan<double> row, Span<double> into)
    {
        into.Clear();
        for (int t = 0; t < _ensemble.Trees.Length; t++)
        {
            Tree tree = _ensemble.Trees[t];
            var block = into.Slice(tree.Output * (_columns + 1), _columns + 1);
            block[_columns] += _expected[t];
            if (tree.Splits.Length > 0) new Walk(this, tree, row, block).Run();
        }
        if (_ensemble.Aggregate == TreeAggregate.Mean) return;
        for (int output = 0; output < _ensemble.Outputs; output++) into[output * (_columns + 1) + _columns] += _ensemble.Bases[output];
    }

    private static double ExpectedValue(Tree tree)
    {
        if (tree.Leaves.Length == 1) return tree.Values[0];
        double total = 0, sum = 0;
        foreach (TreeLeaf leaf in tree.Leaves) total += leaf.Cover;
        for (int i = 0; i < tree.Leaves.Length; i++) sum += tree.Leaves[i].Cover / total * tree.Values[i];
        return sum;
    }

    /// <summary>A column on the way from the root: the share of covers that takes this way without knowing the column (z), whether the row takes it (o), and the weight of the subsets of this size (w).</summary>
    private record struct PathElement(int Column, double Zero, double One, double Weight);

    private readonly ref struct Walk(TreeContributions owner, Tree tree, ReadOnlySpan<double> row, Span<double> into)
    {
        private readonly ReadOnlySpan<double> _row = row;
        private readonly Span<double> _into = into;

        public void Run() => Visit(0, 0, 0, 1, 1, -1);

        // node as in TreeSplit.Left; the path of `length` elements lies at `start`.
        private void Visit(int node, int start, int length, double zero, double one, int column)
        {
            var path = owner._paths.AsSpan(start, length + 1);
            Extend(path, zero, one, column);
            if (node < 0)
            {
                double value = tree.Values[~node];
                for (int i = 1; i <= length; i++) _into[path[i].Column] += UnwoundSum(path, i) * (path[i].One - path[i].Zero) * value;
                return;
            }
            TreeSplit split = tree.Splits[node];
            bool left = TreeWalk.GoesLeft(split, tree, TreeWalk.Rounded(owner._ensemble.Precision, _row[split.Column]));
            (int hot, int cold) = left ? (split.Left, split.Right) : (split.Right, split.Left);
            double incomingZero = 1, incomingOne = 1;
            int elements = path.Length;
            for (int i = 1; i < elements; i++)
            {
                if (path[i].Column != split.Column) continue;
                // A column counts once: its part of the way is taken back.
                (incomingZero, incomingOne) = (path[i].Zero, path[i].One);
                Unwind(path, i);
                elements--;
                break;
            }
            double cover = split.Cover;
            int next = start + path.Length;
            path[..elements].CopyTo(owner._paths.AsSpan(next));
            Visit(hot, next, elements, incomingZero * (Cover(hot) / cover), incomingOne, split.Column);
            path[..elements].CopyTo(owner._paths.AsSpan(next));
            Visit(cold, next, elements, incomingZero * (Cover(cold) / cover), 0, split.Column);
        }

        private double Cover(int node) => node >= 0 ? tree.Splits[node].Cover : tree.Leaves[~node].Cover;

        private static void Extend(Span<PathElement> path, double zero, double one, int column)
        {
            int last = path.Length - 1;
            path[last] = new(column, zero, one, last == 0 ? 1 : 0);
            for (int i = last - 1; i >= 0; i--)
            {
                path[i + 1].Weight += one * path[i].Weight * (i + 1) / (last + 1);
                path[i].Weight = zero * path[i].Weight * (last - i) / (last + 1);
            }
        }

        private static void Unwind(Span<PathElement> path, int at)
        {
            int last = path.Length - 1;
            (double one, double zero) = (path[at].One, path[at].Zero);
            double next = path[last].Weight;
            for (int i = last - 1; i >= 0; i--)
            {
                if (one != 0)
                {
                    double weight = path[i].Weight;
                    path[i].Weight = next * (last + 1) / ((i + 1) * one);
                    next = weight - path[i].Weight * zero * (last - i) / (last + 1);
                }
                else
                {
                    path[i].Weight = path[i].Weight * (last + 1) / (zero * (last - i));
                }
            }
            for (int i = at; i < last; i++) path[i] = path[i + 1] with { Weight = path[i].Weight };
        }

        private static double UnwoundSum(ReadOnlySpan<PathElement> path, int at)
        {
            int last = path.Length - 1;
            (double one, double zero) = (path[at].One, path[at].Zero);
            double next = path[last].Weight, sum = 0;
            for (int i = last - 1; i >= 0; i--)
            {
                if (one != 0)
                {
                    double weight = next * (last + 1) / ((i + 1) * one);
                    sum += weight;
                    next = path[i].Weight - weight * zero * (last - i) / (last + 1);
                }
                else
                {
                    sum += path[i].Weight / zero * (last + 1) / (last - i);
                }
            }
            return sum;
        }
    }
}
