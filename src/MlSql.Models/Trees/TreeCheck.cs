namespace MlSql.Models.Trees;

/// <summary>What must hold within an ensemble, so that a walk through its trees ends at a leaf and meets no index out of range.</summary>
public static class TreeCheck
{
    /// <summary>The first contradiction, or null. <paramref name="columns"/> are the encoded columns.</summary>
    public static string? FirstFault(TreeStructure ensemble, long columns)
    {
        if (!Enum.IsDefined(ensemble.Aggregate) || !Enum.IsDefined(ensemble.Precision) || !Enum.IsDefined(ensemble.Link)) return "an ensemble of an unknown kind";
        if (ensemble.Outputs == 0) return "an ensemble without outputs";
        for (int i = 0; i < ensemble.Trees.Length; i++)
            if (FaultOf(ensemble.Trees[i], ensemble.Outputs, columns) is { } fault) return FormattableString.Invariant($"tree {i}: {fault}");
        return null;
    }

    private static string? FaultOf(Tree tree, int outputs, long columns)
    {
        int leaves = tree.Leaves.Length;
        if (leaves != tree.Splits.Length + 1) return $"{leaves} leaves for {tree.Splits.Length} splits";
        if (tree.Values.Length != leaves && tree.Values.Length != (long)leaves * outputs) return $"{tree.Values.Length} values for {leaves} leaves";
        if ((uint)tree.Output >= (uint)outputs) return $"it adds to output {tree.Output}, which is not there";
        if (!tree.Linear.IsEmpty && (tree.Linear.Length != leaves || tree.Values.Length != leaves)) return $"{tree.Linear.Length} linear leaves for {leaves} leaves";
        foreach (LinearLeaf leaf in tree.Linear)
            if (leaf.Columns.Length != leaf.Factors.Length || leaf.Columns.Any(column => (uint)column >= columns)) return "a linear leaf reads a column that is not there";
        return FaultOf(tree, columns);
    }

    // Children that lie behind their parents, each of one parent: no cycle, and every leaf is reached.
    private static string? FaultOf(Tree tree, long columns)
    {
        bool[] splits = new bool[tree.Splits.Length], leaves = new bool[tree.Leaves.Length];
        for (int i = 0; i < splits.Length; i++)
        {
            TreeSplit split = tree.Splits[i];
            if ((uint)split.Column >= columns) return $"split {i} reads column {split.Column}, which is not there";
            if (!Enum.IsDefined(split.Test) || !Enum.IsDefined(split.Missing)) return $"split {i} asks an unknown question";
            if (split.Test is SplitTest.InSet or SplitTest.EqualToAny && !(split.Threshold >= 0 && split.Threshold < tree.Sets.Length && split.Threshold == (int)split.Threshold)) return $"split {i} asks for a set that is not there";
            if (double.IsNaN(split.Threshold)) return $"split {i} compares with NaN";
            foreach (int child in (ReadOnlySpan<int>)[split.Left, split.Right])
            {
                if (child >= 0 ? child <= i || child >= splits.Length || splits[child] : ~child >= leaves.Length || leaves[~child]) return $"split {i} has a child that cannot be its own";
                if (child >= 0) splits[child] = true;
                else leaves[~child] = true;
            }
        }
        return null;
    }
}
