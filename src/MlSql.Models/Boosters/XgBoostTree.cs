using System.Collections.Immutable;
using System.Runtime.InteropServices;
using MlSql.Models.Trees;

namespace MlSql.Models.Boosters;

/// <summary>One tree of an XGBoost file (tree_model.cc): parallel arrays by node, the root first; nodes that pruning took out are reached by nobody.</summary>
internal sealed class XgBoostTree
{
    private const double NotALeaf = -1;

    private readonly BoosterErrors _errors;
    private readonly string _path;
    private readonly double _weight;
    private readonly CategoryBudget _budget;
    private readonly int _width;
    private readonly double[] _left, _right, _columns, _conditions, _defaultLeft, _gains, _covers, _types, _leafWeights;
    private readonly Dictionary<int, int> _setOfNode = [];
    private readonly ImmutableArray<CategorySet>.Builder _sets = ImmutableArray.CreateBuilder<CategorySet>();

    private XgBoostTree(XgBoostFields fields, string path, double weight, CategoryBudget budget, BoosterErrors errors)
    {
        (_path, _weight, _budget, _errors) = (path, weight, budget, errors);
        XgBoostFields sizes = fields.Inner("tree_param");
        int nodes = sizes.Integer("num_nodes");
        if (nodes < 1) throw errors.Malformed($"{path} has {nodes} nodes");
        _width = Math.Max(1, sizes.Integer("size_leaf_vector"));
        _left = fields.Numbers("left_children", nodes);
        _right = fields.Numbers("right_children", nodes);
        _columns = fields.Numbers("split_indices", nodes);
        _conditions = fields.Numbers("split_conditions", nodes);
        _defaultLeft = fields.Numbers("default_left", nodes);
        _gains = fields.Numbers("loss_changes", nodes);
        _covers = fields.Numbers("sum_hessian", nodes);
        // Before categories there were no types.
        _types = fields.Has("split_type") ? fields.Numbers("split_type", nodes) : new double[nodes];
        _leafWeights = _width > 1 ? fields.Numbers("leaf_weights") : [];
        if (fields.Has("categories_nodes")) ReadSets(fields);
    }

    /// <summary>The tree, its leaves times <paramref name="weight"/>. Throws MLS7202.</summary>
    public static Tree Read(XgBoostFields fields, string path, int output, double weight, CategoryBudget budget, BoosterErrors errors) =>
        new XgBoostTree(fields, path, weight, budget, errors).Build(output);

    // In the order of a walk that goes left first, so that parents come before their children.
    private Tree Build(int output)
    {
        var splits = new List<TreeSplit>();
        var leaves = new List<TreeLeaf>();
        var values = new List<double>();
        var seen = new bool[_left.Length];
        var open = new Stack<(int Node, int Parent, bool AtLeft)>([(0, -1, false)]);
        while (open.TryPop(out var next))
        {
            int node = next.Node;
            if (seen[node]) throw _errors.Malformed($"{_path}: node {node} has two parents");
            seen[node] = true;
            bool leaf = _left[node] == NotALeaf;
            if (next.Parent >= 0)
            {
                int child = leaf ? ~leaves.Count : splits.Count;
                TreeSplit parent = splits[next.Parent];
                splits[next.Parent] = next.AtLeft ? parent with { Left = child } : parent with { Right = child };
            }
            if (leaf)
            {
                AddValues(node, values);
                leaves.Add(new(node, (float)_covers[node]));
                continue;
            }
            (int left, int right) = (NodeAt(_left, node), NodeAt(_right, node));
            bool inSet = _types[node] switch
            {
                0 => false,
                1 => true,
                double other => throw _errors.Malformed($"{_path}: node {node} has the unknown split_type {other}"),
            };
            bool defaultLeft = _defaultLeft[node] != 0;
            // 32-bit numbers in the tool: the JSON form prints them short.
            double gain = (float)_gains[node], cover = (float)_covers[node];
            // A category of the set goes right in XGBoost, and left with us.
            splits.Add(inSet
                ? new(IndexAt(_columns, node), SplitTest.InSet, SetOf(node), MissingRule.NaN, !defaultLeft, 0, 0, gain, cover)
                : new(IndexAt(_columns, node), SplitTest.Below, (float)_conditions[node], MissingRule.NaN, defaultLeft, 0, 0, gain, cover));
            int at = splits.Count - 1;
            open.Push((right, at, inSet));
            open.Push((left, at, !inSet));
        }
        return new([.. splits], [.. leaves], [.. values], _width > 1 ? 0 : output, _sets.ToImmutable(), []);
    }

    private void AddValues(int node, List<double> values)
    {
        if (_width == 1)
        {
            values.Add((float)_weight * (float)_conditions[node]);
            return;
        }
        // The right child of a leaf says which vector is its own.
        long first = (long)IndexAt(_right, node) * _width;
        if (first + _width > _leafWeights.Length) throw _errors.Malformed($"{_path}: leaf {node} has no weights");
        if (values.Count + _width > _leafWeights.Length) throw _errors.Malformed($"{_path}: leaves share their weights");
        for (int i = 0; i < _width; i++) values.Add((float)_weight * (float)_leafWeights[(int)first + i]);
    }

    private void ReadSets(XgBoostFields fields)
    {
        double[] nodes = fields.Numbers("categories_nodes");
        double[] categories = fields.Numbers("categories"), starts = fields.Numbers("categories_segments", nodes.Length), sizes = fields.Numbers("categories_sizes", nodes.Length);
        long taken = 0;
        for (int i = 0; i < nodes.Length; i++)
        {
            (int start, int size) = (IndexAt(starts, i), IndexAt(sizes, i));
            if (size > categories.Length - start) throw _errors.Malformed($"{_path}: categories_segments do not fit categories");
            if ((taken += size) > categories.Length) throw _errors.Malformed($"{_path}: categories_segments overlap");
            ReadOnlySpan<double> members = categories.AsSpan(start, size);
            int largest = 0;
            foreach (double member in members) largest = member >= 0 && member < MaxCategory && member == (int)member ? Math.Max(largest, (int)member) : throw _errors.Malformed($"{_path}: {member} is no category");
            _budget.Take(largest / 64 + 1);
            ulong[] words = new ulong[largest / 64 + 1];
            foreach (double member in members) words[(int)member / 64] |= 1UL << (int)member % 64;
            _setOfNode[IndexAt(nodes, i)] = _sets.Count;
            _sets.Add(new(ImmutableCollectionsMarshal.AsImmutableArray(words)));
        }
    }

    // Numbers from here on are not exact in 32 bits, and XGBoost takes none of them for a category.
    private const double MaxCategory = 1 << 24;

    private int SetOf(int node) => _setOfNode.TryGetValue(node, out int set) ? set : throw _errors.Malformed($"{_path}: node {node} splits by categories and has none");

    private int NodeAt(double[] children, int node)
    {
        int child = IndexAt(children, node);
        return child < _left.Length ? child : throw _errors.Malformed($"{_path}: node {node} has a child that is not there");
    }

    private int IndexAt(double[] values, int at) =>
        values[at] >= 0 && values[at] <= int.MaxValue && values[at] == (int)values[at] ? (int)values[at] : throw _errors.Malformed($"{_path}: {values[at]} is no index");
}
