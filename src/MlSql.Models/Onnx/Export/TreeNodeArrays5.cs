using System.Collections.Immutable;
using MlSql.Models.Trees;

namespace MlSql.Models.Onnx.Export;

/// <summary>Trees as the attributes of TreeEnsemble (ai.onnx.ml 5) in 64 bits. A leaf has one value there, so that a tree of several outputs is written once for each.</summary>
internal sealed class TreeNodeArrays5(TreeColumns columns)
{
    private const double AtMost = 0, Below = 1, Member = 6;
    private readonly ImmutableArray<long>.Builder _columns = ImmutableArray.CreateBuilder<long>(), _true = ImmutableArray.CreateBuilder<long>(), _trueLeafs = ImmutableArray.CreateBuilder<long>(), _false = ImmutableArray.CreateBuilder<long>(),
        _falseLeafs = ImmutableArray.CreateBuilder<long>(), _missing = ImmutableArray.CreateBuilder<long>(), _roots = ImmutableArray.CreateBuilder<long>(), _targets = ImmutableArray.CreateBuilder<long>();
    private readonly ImmutableArray<double>.Builder _modes = ImmutableArray.CreateBuilder<double>(), _splits = ImmutableArray.CreateBuilder<double>(), _weights = ImmutableArray.CreateBuilder<double>(), _members = ImmutableArray.CreateBuilder<double>();

    /// <summary>Adds a tree.</summary>
    public void Add(Tree tree)
    {
        for (int i = 0; i < tree.Width; i++) Add(tree, i, tree.Width == 1 ? tree.Output : i);
    }

    public NodeAttribute[] Attributes(int outputs) =>
    [
        NodeAttribute.Of("n_targets", (long)outputs), NodeAttribute.Of("nodes_featureids", _columns.ToImmutable()), NodeAttribute.Of("nodes_truenodeids", _true.ToImmutable()), NodeAttribute.Of("nodes_trueleafs", _trueLeafs.ToImmutable()),
        NodeAttribute.Of("nodes_falsenodeids", _false.ToImmutable()), NodeAttribute.Of("nodes_falseleafs", _falseLeafs.ToImmutable()), NodeAttribute.Of("nodes_missing_value_tracks_true", _missing.ToImmutable()),
        NodeAttribute.Of("tree_roots", _roots.ToImmutable()), NodeAttribute.Of("leaf_targetids", _targets.ToImmutable()), NodeAttribute.Tensor("nodes_modes", _modes.ToImmutable(), TensorElement.UInt8),
        NodeAttribute.Tensor("nodes_splits", _splits.ToImmutable(), TensorElement.Double), NodeAttribute.Tensor("leaf_weights", _weights.ToImmutable(), TensorElement.Double),
        .. _members.Count > 0 ? [NodeAttribute.Tensor("membership_values", _members.ToImmutable(), TensorElement.Double)] : ImmutableArray<NodeAttribute>.Empty,
    ];

    private void Add(Tree tree, int value, int output)
    {
        int root = _columns.Count, leaf = _targets.Count;
        _roots.Add(root);
        // A tree without a split is one both of whose branches are its leaf.
        if (tree.Splits.IsEmpty) Node(0, Below, double.NegativeInfinity, missingLeft: false, ~0, ~0, root, leaf);
        foreach (TreeSplit split in tree.Splits)
        {
            int[] members = TreeNodeArrays.Members(tree, split);
            bool missingLeft = split.Missing == MissingRule.NaN && split.MissingLeft, inSet = members.Length > 0;
            bool empty = split.Test is SplitTest.InSet or SplitTest.EqualToAny && !inSet;
            foreach (int member in members) _members.Add(member);
            if (inSet) _members.Add(double.NaN);
            Node(columns.PlaceOf(split), inSet ? Member : split.Test == SplitTest.AtMost ? AtMost : Below, inSet ? 0 : empty ? double.NegativeInfinity : split.Threshold, missingLeft, split.Left, split.Right, root, leaf);
        }
        for (int i = 0; i < tree.Leaves.Length; i++)
        {
            _targets.Add(output);
            _weights.Add(tree.Values[i * tree.Width + value]);
        }
    }

    private void Node(long column, double mode, double split, bool missingLeft, int left, int right, int root, int leaf)
    {
        _columns.Add(column);
        _modes.Add(mode);
        _splits.Add(split);
        _missing.Add(missingLeft ? 1 : 0);
        _trueLeafs.Add(left < 0 ? 1 : 0);
        _true.Add(left < 0 ? leaf + ~left : root + left);
        _falseLeafs.Add(right < 0 ? 1 : 0);
        _false.Add(right < 0 ? leaf + ~right : root + right);
    }
}
