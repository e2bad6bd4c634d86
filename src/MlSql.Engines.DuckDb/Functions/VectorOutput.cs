using MlSql.Columnar;
using MlSql.Engines.DuckDb.Interop;
using MlSql.Scoring.Outputs;

namespace MlSql.Engines.DuckDb.Functions;

/// <summary>The engine's result vector as what scoring writes to.</summary>
internal readonly struct VectorOutput(OutputVector vector) : IColumnOutput<VectorOutput>
{
    /// <inheritdoc/>
    public DataType Type => vector.Type;

    /// <inheritdoc/>
    public int Rows => vector.Rows;

    /// <inheritdoc/>
    public Span<T> Values<T>() where T : unmanaged => vector.Values<T>();

    /// <inheritdoc/>
    public void SetNull(int row) => vector.SetNull(row);

    /// <inheritdoc/>
    public void SetText(int row, ReadOnlySpan<byte> utf8) => vector.SetText(row, utf8);

    /// <inheritdoc/>
    public VectorOutput SetLists(ReadOnlySpan<int> lengths) => new(vector.SetLists(lengths));

    /// <inheritdoc/>
    public VectorOutput Field(int index) => new(vector.Field(index));
}
