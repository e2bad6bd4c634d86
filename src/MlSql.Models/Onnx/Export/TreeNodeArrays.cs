using System.Collections.Immutable;
using MlSql.Models.Trees;

namespace MlSql.Models.Onnx.Export;

/// <summary>Trees as the attributes of TreeEnsembleRegressor (ai.onnx.ml 3) in 32 bits. A test for a set becomes a chain of comparisons for equality, all with one true branch.</summary>
internal sealed class TreeNodeArrays(TreeColumns columns)
{
    private readonly ImmutableArray<long>.Builder _trees = ImmutableArray.CreateBuilder<long>(), _ids = ImmutableArray.CreateBuilder<long>(), _columns = ImmutableArray.CreateBuilder<long>(), _true = ImmutableArray.CreateBuilder<long>(),
        _false = ImmutableArray.CreateBuilder<long>(), _missing = ImmutableArray.CreateBuilder<long>(), _weightTrees = ImmutableArray.CreateBuilder<long>(), _weightNodes = ImmutableArray.CreateBuilder<long>(), _targets = ImmutableArray.CreateBuilder<long>();
    private readonly ImmutableArray<string>.Builder _modes = ImmutableArray.CreateBuilder<string>();
    private readonly ImmutableArray<float>.Builder _values = ImmutableArray.CreateBuilder<float>(), _weights = ImmutableArray.CreateBuilder<float>();

    /// <summary>Adds a tree.</summary>
    public void Add(Tree tree, int number)
    {
        // Node ids: those of a split's chain follow each other; leaves come last.
        int[] first = new int[tree.Splits.Length + 1];
        int[][] members = new int[tree.Splits.Length][];
        for (int i = 0; i < tree.Splits.Length; i++)
        {
            members[i] = Members(tree, tree.Splits[i]);
            first[i + 1] = first[i] + Math.Max(1, members[i].Length);
        }
        long IdOf(int child) => child >= 0 ? first[child] : first[^1] + ~child;
        for (int i = 0; i < tree.Splits.Length; i++)
        {
            TreeSplit split = tree.Splits[i];
            long column = columns.PlaceOf(split), left = IdOf(split.Left), right = IdOf(split.Right);
            bool missingLeft = split.Missing == MissingRule.NaN && split.MissingLeft;
            if (split.Test is SplitTest.AtMost or SplitTest.Below) Branch(number, first[i], split.Test == SplitTest.AtMost ? "BRANCH_LEQ" : "BRANCH_LT", column, Rounded(split), left, right, missingLeft);
            // No number is below −∞: only NaN may go left.
            else if (members[i].Length == 0) Branch(number, first[i], "BRANCH_LT", column, float.NegativeInfinity, left, right, missingLeft);
            for (int m = 0; m < members[i].Length; m++) Branch(number, first[i] + m, "BRANCH_EQ", column, members[i][m], left, m + 1 < members[i].Length ? first[i] + m + 1 : right, missingLeft);
        }
        for (int leaf = 0; leaf < tree.Leaves.Length; leaf++) Leaf(tree, number, first[^1] + leaf, leaf);
    }

    public NodeAttribute[] Attributes(int outputs) =>
    [
        NodeAttribute.Of("n_targets", (long)outputs), NodeAttribute.Of("nodes_treeids", _trees.ToImmutable()), NodeAttribute.Of("nodes_nodeids", _ids.ToImmutable()), NodeAttribute.Of("nodes_featureids", _columns.ToImmutable()),
        NodeAttribute.Of("nodes_modes", _modes.ToImmutable()), NodeAttribute.Of("nodes_values", _values.ToImmutable()), NodeAttribute.Of("nodes_truenodeids", _true.ToImmutable()), NodeAttribute.Of("nodes_falsenodeids", _false.ToImmutable()),
        NodeAttribute.Of("nodes_missing_value_tracks_true", _missing.ToImmutable()), NodeAttribute.Of("target_treeids", _weightTrees.ToImmutable()), NodeAttribute.Of("target_nodeids", _weightNodes.ToImmutable()),
        NodeAttribute.Of("target_ids", _targets.ToImmutable()), NodeAttribute.Of("target_weights", _weights.ToImmutable()),
    ];

    /// <summary>The 32-bit number that every 32-bit number compares with as with the threshold.</summary>
    public static float Rounded(in TreeSplit split)
    {
        float nearest = (float)split.Threshold;
        if (split.Test == SplitTest.AtMost) return nearest > split.Threshold ? MathF.BitDecrement(nearest) : nearest;
        return nearest < split.Threshold ? MathF.BitIncrement(nearest) : nearest;
    }

    /// <summary>The members of the set that a split asks for, ascending; none for another test.</summary>
    public static int[] Members(Tree tree, in TreeSplit split)
    {
        if (split.Test is not (SplitTest.InSet or SplitTest.EqualToAny)) return [];
        List<int> members = [];
        ImmutableArray<ulong> words = tree.Sets[(int)split.Threshold].Words;
        for (int i = 0; i < 64 * words.Length; i++)
            if ((words[i / 64] >> i % 64 & 1) != 0) members.Add(i);
        return [.. members];
    }

    private void Branch(int tree, long id, string mode, long column, float value, long left, long right, bool missingLeft)
    {
        _trees.Add(tree);
        _ids.Add(id);
        _columns.Add(column);
        _modes.Add(mode);
        _values.Add(value);
        _true.Add(left);
        _false.Add(right);
        _missing.Add(missingLeft ? 1 : 0);
    }

    private void Leaf(Tree tree, int number, long id, int leaf)
    {
        Branch(number, id, "LEAF", 0, 0, 0, 0, false);
        for (int i = 0; i < tree.Width; i++)
        {
            _weightTrees.Add(number);
            _weightNodes.Add(id);
            _targets.Add(tree.Width == 1 ? tree.Output : i);
            _weights.Add((float)tree.Values[leaf * tree.Width + i]);
        }
    }
}
