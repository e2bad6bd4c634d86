using MlSql.Columnar;
using MlSql.Columnar.Memory;

namespace MlSql.Scoring.Outputs;

/// <summary>A column of an outgoing Arrow batch as what scoring writes to.</summary>
/// <param name="column">The column.</param>
/// <param name="isRow">True for a struct that stands for a whole row of columns, which is never NULL itself: its fields are.</param>
public readonly struct ArrowColumn(ArrowOutput column, bool isRow = false) : IColumnOutput<ArrowColumn>
{
    /// <inheritdoc/>
    public DataType Type => column.Type;

    /// <inheritdoc/>
    public int Rows => column.Rows;

    /// <inheritdoc/>
    public Span<T> Values<T>() where T : unmanaged => column.Values<T>();

    /// <inheritdoc/>
    public void SetNull(int row)
    {
        if (isRow)
            for (int i = 0; i < ((StructType)Type).Fields.Length; i++) column.Field(i).SetNull(row);
        else column.SetNull(row);
    }

    /// <inheritdoc/>
    public void SetText(int row, ReadOnlySpan<byte> utf8) => column.SetText(row, utf8);

    /// <inheritdoc/>
    public ArrowColumn SetLists(ReadOnlySpan<int> lengths) => new(column.SetLists(lengths));

    /// <inheritdoc/>
    public ArrowColumn Field(int index) => new(column.Field(index));
}
