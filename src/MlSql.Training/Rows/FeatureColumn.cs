using MlSql.Columnar;
using MlSql.Columnar.Memory;

namespace MlSql.Training.Rows;

/// <summary>One leaf's values, part by part. A segment is loaded from the batch, hashed, then stored.</summary>
internal abstract class FeatureColumn(FeatureLeaf leaf)
{
    public FeatureLeaf Leaf { get; } = leaf;

    /// <summary>Dense encoded columns that come of it, known once all rows are stored; 0 for one-hot ones.</summary>
    public virtual int DenseColumns => 1;

    /// <summary>Reads rows of the batch into the segment buffer; rows whose parents are NULL are NULL.</summary>
    public abstract void Load(ColumnView view, List<ColumnView> parents, int start, int count);

    /// <summary>Mixes the loaded values into the rows' hashes. Throws MLS3002 for infinite values.</summary>
    public abstract void Hash(Span<ulong> hashes);

    /// <summary>Appends the loaded values to the parts.</summary>
    public abstract void Store(RowSelection selection);

    /// <summary>Forgets the stored values, but nothing of what was learned of all rows.</summary>
    public abstract void Clear();

    /// <summary>An empty column for the rows of another thread; what all rows must agree on is shared.</summary>
    public abstract FeatureColumn Another();

    /// <summary>Takes the rows of all threads' columns, of which this is the first, in the order of the runs of each part. The others are empty afterwards.</summary>
    public abstract void Arrange(FeatureColumn[] all, IReadOnlyList<RowRun>[] runs);

    public static FeatureColumn Of(FeatureLeaf leaf, MemoryBudget budget) => leaf.Type switch
    {
        StringType or EnumType => new TextFeatureColumn(leaf, budget),
        DateType or TimestampType => new TimeFeatureColumn(leaf, budget),
        ListType or ArrayType => new ListFeatureColumn(leaf, budget),
        FloatType { Bits: 32 } or BooleanType or IntegerType { Bits: <= 16 } => new NumberFeatureColumn<float>(leaf, budget),
        _ => new NumberFeatureColumn<double>(leaf, budget),
    };

    protected static ChunkedArray<T>[] NewParts<T>(MemoryBudget budget) where T : unmanaged
    {
        var parts = new ChunkedArray<T>[RowSelection.Parts];
        for (int i = 0; i < parts.Length; i++) parts[i] = new(budget);
        return parts;
    }

    protected static void ClearParts<T>(ChunkedArray<T>[] parts) where T : unmanaged
    {
        foreach (ChunkedArray<T> part in parts) part.Clear();
    }

    protected static bool IsNull(ColumnView view, List<ColumnView> parents, int row)
    {
        if (!view.IsValid(row)) return true;
        foreach (ColumnView parent in parents)
            if (!parent.IsValid(row)) return true;
        return false;
    }
}
