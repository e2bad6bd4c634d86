using MlSql.Models.Trees;
using MlSql.Training.Kernels;

namespace MlSql.Training.Trees;

/// <summary>Finds the leaves of rows that did not grow the tree, over their bins.</summary>
internal sealed class BinnedWalk
{
    private readonly (int Group, int Offset, byte[] GoesLeft, int Left, int Right)[] _splits;

    /// <summary>Prepares a tree of the model for rows with these bins.</summary>
    public BinnedWalk(Tree tree, BinnedRows rows)
    {
        _splits = new (int, int, byte[], int, int)[tree.Splits.Length];
        for (int i = 0; i < _splits.Length; i++)
        {
            TreeSplit split = tree.Splits[i];
            _splits[i] = (rows.GroupOf(split.Column), rows.Offset(split.Column), GoesLeft(split, tree, rows.Columns[split.Column]), split.Left, split.Right);
        }
    }

    /// <summary>Adds to each row's score, from a row on, what its leaf holds.</summary>
    public void Add(BinnedRows rows, int start, ReadOnlySpan<double> values, Span<double> scores)
    {
        for (int i = 0; i < scores.Length; i++)
        {
            int node = _splits.Length == 0 ? -1 : 0, row = start + i;
            while (node >= 0)
            {
                ref readonly var split = ref _splits[node];
                node = split.GoesLeft[rows.Records(split.Group)[row * HistogramKernel.RecordBytes + split.Offset]] != 0 ? split.Left : split.Right;
            }
            scores[i] += values[~node];
        }
    }

    private static byte[] GoesLeft(TreeSplit split, Tree tree, BinnedColumn column)
    {
        byte[] goesLeft = new byte[HistogramKernel.Bins];
        if (split.Test == SplitTest.InSet)
        {
            CategorySet set = tree.Sets[(int)split.Threshold];
            for (int level = 0; level < column.BinOfLevel.Length; level++)
                if (set.Contains(level)) goesLeft[column.BinOfLevel[level]] = 1;
        }
        else
            for (int bin = 0; bin < column.Bins; bin++) goesLeft[bin] = (bin < column.Cuts.Length ? column.Cuts[bin] : double.PositiveInfinity) <= split.Threshold ? (byte)1 : (byte)0;
        goesLeft[BinnedColumn.Missing] = split.MissingLeft ? (byte)1 : (byte)0;
        return goesLeft;
    }
}
