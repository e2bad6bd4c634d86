using MlSql.Columnar;
using MlSql.Columnar.Memory;

namespace MlSql.Engines.DuckDb.Database;

/// <summary>Some rows of a result, in the engine's own memory: valid until the next chunk is fetched or the result is disposed.</summary>
internal sealed class DuckDbChunk(Schema schema, ColumnView[] views, int rows)
{
    /// <summary>Rows, at most 2,048.</summary>
    public int Rows { get; } = rows;

    /// <summary>The columns in place.</summary>
    public ColumnView[] Views { get; } = views;

    /// <summary>A copy that stays valid.</summary>
    public RecordBatch ToBatch()
    {
        var columns = new Column[Views.Length];
        for (int i = 0; i < columns.Length; i++) columns[i] = ColumnCopy.Of(Views[i]);
        return new RecordBatch(schema, columns, Rows);
    }
}
