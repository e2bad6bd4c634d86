using System.Collections.Immutable;
using MlSql.Models.Trees;
using MlSql.Training.Kernels;

namespace MlSql.Training.Trees;

/// <summary>Makes a tree of the model from a grown one.</summary>
internal static class TreeBuilder
{
    /// <summary>The tree over encoded columns; <paramref name="values"/> are what its leaves add to the output. Covers are rows.</summary>
    public static Tree Of(IReadOnlyList<GrownSplit> splits, TreeGrower grower, IReadOnlyList<BinnedColumn> columns, ReadOnlySpan<double> values, int output)
    {
        var nodes = ImmutableArray.CreateBuilder<TreeSplit>(splits.Count);
        var sets = ImmutableArray.CreateBuilder<CategorySet>();
        foreach (GrownSplit split in splits)
        {
            SplitChoice choice = split.Choice;
            BinnedColumn column = columns[choice.Column];
            // A leaf that met no missing value sends one where most rows go.
            bool missingLeft = split.SeesMissing ? choice.MissingLeft : 2L * split.LeftRows >= split.Sums.Rows;
            double threshold = choice.Lefts is null ? choice.Bin < column.Cuts.Length ? column.Cuts[choice.Bin] : double.PositiveInfinity : sets.Count;
            if (choice.Lefts is not null) sets.Add(SetOf(column, choice.Lefts));
            nodes.Add(new(choice.Column, choice.Lefts is null ? SplitTest.AtMost : SplitTest.InSet, threshold, MissingRule.NaN, missingLeft, split.Left, split.Right, choice.Gain, split.Sums.Rows));
        }
        var leaves = ImmutableArray.CreateBuilder<TreeLeaf>(values.Length);
        for (int leaf = 0; leaf < values.Length; leaf++) leaves.Add(new(leaf, grower.Sums(leaf).Rows));
        return new(nodes.MoveToImmutable(), leaves.MoveToImmutable(), [.. values], output, sets.ToImmutable(), []);
    }

    // The levels whose bins go left.
    private static CategorySet SetOf(BinnedColumn column, byte[] lefts)
    {
        bool[] goesLeft = new bool[HistogramKernel.Bins];
        foreach (byte bin in lefts) goesLeft[bin] = true;
        int highest = -1;
        for (int level = 0; level < column.BinOfLevel.Length; level++)
            if (goesLeft[column.BinOfLevel[level]]) highest = level;
        ulong[] words = new ulong[(highest >> 6) + 1];
        for (int level = 0; level <= highest; level++)
            if (goesLeft[column.BinOfLevel[level]]) words[level >> 6] |= 1UL << (level & 63);
        return new([.. words]);
    }
}
