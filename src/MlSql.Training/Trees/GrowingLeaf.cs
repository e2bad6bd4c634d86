using MlSql.Training.Kernels;

namespace MlSql.Training.Trees;

/// <summary>A leaf of the tree that grows.</summary>
internal sealed class GrowingLeaf
{
    public int Depth { get; set; }

    public int Parent { get; set; }

    public bool IsRight { get; set; }

    public LeafSums Sums { get; set; }

    public ValueBounds Bounds { get; set; } = ValueBounds.Open;

    public SplitChoice Best { get; set; } = SplitChoice.None;

    /// <summary>The best split by each group of columns.</summary>
    public SplitChoice[] BestOfGroups { get; set; } = [];

    /// <summary>Sums of what the best split sends left; its rows are not known yet.</summary>
    public LeafSums BestLeft { get; set; }

    /// <summary>Whether the column of the best split is missing in some row.</summary>
    public bool SeesMissing { get; set; }

    public LeafHistogram? Histogram { get; set; }
}

/// <summary>A leaf's sums of packed gradients and hessians: 256 cells a column, one a bin.</summary>
internal sealed class LeafHistogram(int cells)
{
    public long[] Gradients { get; } = new long[cells];

    public long[] Hessians { get; } = new long[cells];

    public void Clear()
    {
        Array.Clear(Gradients);
        Array.Clear(Hessians);
    }

    public void Subtract(LeafHistogram other, Range cells)
    {
        HistogramKernel.Subtract(Gradients.AsSpan(cells), other.Gradients.AsSpan(cells));
        HistogramKernel.Subtract(Hessians.AsSpan(cells), other.Hessians.AsSpan(cells));
    }
}
