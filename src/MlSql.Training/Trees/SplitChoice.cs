namespace MlSql.Training.Trees;

/// <summary>A way to divide a leaf's rows.</summary>
/// <param name="Gain">By how much it lowers the loss.</param>
/// <param name="Column">The encoded column; −1 for none.</param>
/// <param name="Bin">Of numbers: bins up to this one go left.</param>
/// <param name="MissingLeft">Where missing values go.</param>
/// <param name="Lefts">Of categories: the bins that go left; null for numbers.</param>
internal sealed record SplitChoice(double Gain, int Column, int Bin, bool MissingLeft, byte[]? Lefts)
{
    public static SplitChoice None { get; } = new(0, -1, 0, false, null);

    /// <summary>Writes 1 for each bin that goes left, 0 for the others.</summary>
    public void Mark(Span<byte> goesLeft)
    {
        goesLeft.Clear();
        if (Lefts is null) goesLeft[..(Bin + 1)].Fill(1);
        else
            foreach (byte bin in Lefts) goesLeft[bin] = 1;
        goesLeft[BinnedColumn.Missing] = MissingLeft ? (byte)1 : (byte)0;
    }
}

/// <summary>Sums of a leaf in packed units, and its rows.</summary>
internal readonly record struct LeafSums(long Gradient, long Hessian, int Rows);

/// <summary>Sums of a leaf by bin of one column, in packed units. <see cref="Rows"/> is empty where rows are estimated by the share of the hessian.</summary>
internal readonly ref struct BinSums(ReadOnlySpan<long> gradients, ReadOnlySpan<long> hessians, ReadOnlySpan<long> rows)
{
    public readonly ReadOnlySpan<long> Gradients = gradients;
    public readonly ReadOnlySpan<long> Hessians = hessians;
    public readonly ReadOnlySpan<long> Rows = rows;

    public bool HasMissing => Hessians[BinnedColumn.Missing] != 0 || Gradients[BinnedColumn.Missing] != 0;
}
