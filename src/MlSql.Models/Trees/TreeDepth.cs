namespace MlSql.Models.Trees;

/// <summary>How deep trees are: splits on the longest way from the root to a leaf.</summary>
public static class TreeDepth
{
    /// <summary>The work of TreeSHAP grows with the square of the depth: deeper trees have no contributions.</summary>
    public const int MostExplained = 1_000;

    /// <summary>The depth of the deepest tree.</summary>
    public static int Of(TreeStructure ensemble)
    {
        int deepest = 0;
        foreach (Tree tree in ensemble.Trees) deepest = Math.Max(deepest, Of(tree));
        return deepest;
    }

    /// <summary>The depth of a tree, 0 for one of a single leaf.</summary>
    public static int Of(Tree tree)
    {
        int deepest = 0;
        // Parents come before their children.
        int[] above = new int[tree.Splits.Length];
        for (int i = 0; i < above.Length; i++)
        {
            int depth = above[i] + 1;
            deepest = Math.Max(deepest, depth);
            if (tree.Splits[i].Left >= 0) above[tree.Splits[i].Left] = depth;
            if (tree.Splits[i].Right >= 0) above[tree.Splits[i].Right] = depth;
        }
        return deepest;
    }
}
