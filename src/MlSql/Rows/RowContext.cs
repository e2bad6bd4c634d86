using MlSql.Columnar.Memory;

namespace MlSql.Rows;

/// <summary>The memory of one prediction: the row as columns, the scores, and what comes out. Used by one thread at a time, again and again.</summary>
internal sealed class RowContext
{
    public RowContext(RowColumn?[] columns, AnyColumn?[] any)
    {
        (Columns, Any) = (columns, any);
        Views = [.. columns.Select(c => c?.View!)];
    }

    /// <summary>One a feature whose type is known before; null for the others.</summary>
    public RowColumn?[] Columns { get; }

    /// <summary>One a feature whose type each value tells; null for the others.</summary>
    public AnyColumn?[] Any { get; }

    /// <summary>What scoring reads, one a feature.</summary>
    public ColumnView[] Views { get; }

    /// <summary>What scoring writes; made by the scoring at its first use.</summary>
    public RowAnswer? Answer { get; set; }

    /// <summary>Takes a value of any type for a feature.</summary>
    public void SetAny(int feature, object? value) => Views[feature] = Any[feature]!.Set(value);
}
