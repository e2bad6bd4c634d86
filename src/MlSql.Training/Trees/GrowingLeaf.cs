namespace MlSql.Training.Trees;

/// <summary>A leaf of the tree that grows, or one below that was found ahead.</summary>
internal sealed class GrowingLeaf
{
    /// <summary>Which node of <see cref="Kernels.TreeRows"/> it is.</summary>
    public required int Node { get; init; }

    /// <summary>Which leaf of the tree it is, once it is one.</summary>
    public int Index { get; set; } = -1;

    public int Depth { get; init; }

    /// <summary>The split that made it, once that is the tree's; −1 for the root.</summary>
    public int Parent { get; set; } = -1;

    public bool IsRight { get; init; }

    public LeafSums Sums { get; set; }

    public ValueBounds Bounds { get; set; } = ValueBounds.Open;

    public SplitChoice Best { get; set; } = SplitChoice.None;

    /// <summary>The best split by each group of columns.</summary>
    public SplitChoice[] BestOfGroups { get; set; } = [];

    /// <summary>Sums of what the best split sends left; its rows are not known before it is divided.</summary>
    public LeafSums BestLeft { get; set; }

    /// <summary>Whether the column of the best split is missing in some row.</summary>
    public bool SeesMissing { get; set; }

    /// <summary>The least gain from the root to here: turns come from the highest rank down.</summary>
    public double Rank { get; set; }

    public LeafHistogram? Histogram { get; set; }

    /// <summary>Whether some thread divides it, or did.</summary>
    public bool IsBegun { get; set; }

    /// <summary>Its two sides, once it is divided by its best split.</summary>
    public (GrowingLeaf Left, GrowingLeaf Right)? Sides { get; set; }
}
