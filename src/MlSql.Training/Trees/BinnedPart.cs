using MlSql.Training.Rows;

namespace MlSql.Training.Trees;

/// <summary>The rows of one part as bins, with their labels and weights; threads write their own ranges at once.</summary>
internal sealed class BinnedPart
{
    private int _taken;

    /// <summary>Room for so many rows. Throws MLS3010 above the memory budget.</summary>
    public BinnedPart(IReadOnlyList<BinnedColumn> columns, int rows, bool weighted, bool hashed, MemoryBudget budget)
    {
        budget.Take((1L + (weighted ? 1 : 0) + (hashed ? 1 : 0)) * sizeof(double) * rows, "labels and weights");
        Rows = new(columns, rows, budget);
        Labels = new double[rows];
        Weights = weighted ? new double[rows] : [];
        Hashes = hashed ? new ulong[rows] : [];
    }

    public BinnedRows Rows { get; }

    /// <summary>Values, or indexes of classes.</summary>
    public double[] Labels { get; }

    /// <summary>Empty where every row weighs 1.</summary>
    public double[] Weights { get; }

    /// <summary>Hashes of the rows' values; empty where nobody needs them.</summary>
    public ulong[] Hashes { get; }

    /// <summary>Whether every row was written.</summary>
    public bool IsFull => _taken == Labels.Length;

    /// <summary>Asks for a range of rows, from <paramref name="at"/> on, or behind those that were asked for before where that is below 0, and gives where it begins. Throws MLS3031 where there are more than said.</summary>
    public int Take(int rows, int at)
    {
        int end = Interlocked.Add(ref _taken, rows), start = at < 0 ? end - rows : at;
        return end <= Labels.Length && start <= Labels.Length - rows ? start : throw TrainingErrors.RowsChanged();
    }

    /// <summary>Puts rows from <paramref name="start"/> on into another order: the one at <paramref name="order"/>[i], counted from there, becomes the ith.</summary>
    public void Arrange(int start, ReadOnlySpan<int> order)
    {
        Rows.Arrange(start, order);
        LeafOrder.Arrange(Labels.AsSpan(start, order.Length), order);
        if (Weights.Length > 0) LeafOrder.Arrange(Weights.AsSpan(start, order.Length), order);
        if (Hashes.Length > 0) LeafOrder.Arrange(Hashes.AsSpan(start, order.Length), order);
    }
}
