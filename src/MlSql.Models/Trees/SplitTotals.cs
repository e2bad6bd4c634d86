namespace MlSql.Models.Trees;

/// <summary>What the splits on one encoded column are together.</summary>
/// <param name="Splits">How many there are.</param>
/// <param name="Gain">The sum of their gains.</param>
/// <param name="Cover">The sum of their covers.</param>
public readonly record struct SplitTotals(long Splits, double Gain, double Cover)
{
    /// <summary>Both together.</summary>
    public static SplitTotals operator +(SplitTotals one, SplitTotals other) => new(one.Splits + other.Splits, one.Gain + other.Gain, one.Cover + other.Cover);

    /// <summary>The totals of each of <paramref name="columns"/> encoded columns, over the trees in their order.</summary>
    public static SplitTotals[] Of(TreeStructure ensemble, int columns)
    {
        var totals = new SplitTotals[columns];
        foreach (Tree tree in ensemble.Trees)
            foreach (TreeSplit split in tree.Splits) totals[split.Column] += new SplitTotals(1, split.Gain, split.Cover);
        return totals;
    }
}
