using MlSql.Training.Kernels;
using MlSql.Training.Rounds;

namespace MlSql.Training.Trees;

/// <summary>The bounds of a grown tree's leaves where values are made of the rows themselves, not of sums of derivatives: middles are taken between what the rows of both sides give.</summary>
internal static class RenewedBounds
{
    public delegate double ValueOfRows(ReadOnlySpan<int> rows);

    /// <summary>Bounds by leaf; <paramref name="valueOf"/> gives what some rows would have as a leaf.</summary>
    public static ValueBounds[] Of(IReadOnlyList<GrownSplit> splits, TreeRows rows, MonotoneDirections directions, ValueOfRows valueOf, BlockCrew crew, CancellationToken cancel)
    {
        int[] starts = new int[splits.Count];
        // A split comes before those below it, and its rows are side by side.
        for (int i = 0; i < starts.Length; i++)
        {
            if (splits[i].Left >= 0) starts[splits[i].Left] = starts[i];
            if (splits[i].Right >= 0) starts[splits[i].Right] = starts[i] + splits[i].LeftRows;
        }
        var values = new (double Left, double Right)[splits.Count];
        crew.Run(splits.Count, i =>
        {
            GrownSplit split = splits[i];
            if (directions.Of(split.Choice.Column, split.Choice.Bin) == 0) return;
            cancel.ThrowIfCancellationRequested();
            values[i] = (valueOf(rows.RowsAt(starts[i], split.LeftRows)), valueOf(rows.RowsAt(starts[i] + split.LeftRows, split.Sums.Rows - split.LeftRows)));
        }, cancel);

        var ofSplits = new ValueBounds[splits.Count];
        var ofLeaves = new ValueBounds[splits.Count + 1];
        (splits.Count == 0 ? ofLeaves : ofSplits)[0] = ValueBounds.Open;
        for (int i = 0; i < ofSplits.Length; i++)
        {
            GrownSplit split = splits[i];
            ValueBounds bounds = ofSplits[i];
            (ValueBounds left, ValueBounds right) = bounds.Divide(directions.Of(split.Choice.Column, split.Choice.Bin), bounds.Clamp(values[i].Left), bounds.Clamp(values[i].Right));
            if (split.Left >= 0) ofSplits[split.Left] = left;
            else ofLeaves[~split.Left] = left;
            if (split.Right >= 0) ofSplits[split.Right] = right;
            else ofLeaves[~split.Right] = right;
        }
        return ofLeaves;
    }
}
