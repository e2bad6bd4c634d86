using MlSql.Columnar.Memory;

namespace MlSql.Columnar.Ipc;

/// <summary>Rows of an Arrow stream, borrowed from the <see cref="ArrowStreamReader"/> that read them: valid until its next call or its end.</summary>
public sealed class ArrowBatch
{
    private readonly ArrowStreamReader _owner;
    private readonly ColumnView[] _columns;

    internal ArrowBatch(ArrowStreamReader owner, ArrowSchema schema, ColumnView[] columns, int rows)
    {
        _owner = owner;
        _columns = columns;
        Schema = schema;
        Rows = rows;
    }

    /// <summary>The columns of the stream.</summary>
    public ArrowSchema Schema { get; }

    /// <summary>The columns, in the order of the schema.</summary>
    public ReadOnlySpan<ColumnView> Columns => _columns;

    /// <summary>Rows, also where there are no columns.</summary>
    public int Rows { get; }

    /// <summary>A copy that owns its memory.</summary>
    public RecordBatch ToRecordBatch()
    {
        RecordBatch copy = new(Schema.Schema, [.. _columns.Select(ColumnCopy.Of)], Rows);
        GC.KeepAlive(_owner);
        return copy;
    }
}
