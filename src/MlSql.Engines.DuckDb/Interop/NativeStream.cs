using System.Runtime.InteropServices;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Engines.DuckDb.Database;

namespace MlSql.Engines.DuckDb.Interop;

/// <summary>A result of the engine, read chunk by chunk, each valid until the next one.</summary>
internal sealed unsafe class NativeStream(NativeResult result) : IDisposable
{
    private NativeResult _result = result;
    private nint _chunk;
    private bool _open = true;

    /// <summary>True for rows of a query, false for a count of changed rows or nothing.</summary>
    public bool HasRows => NativeMethods.duckdb_result_return_type(_result) == 3;

    /// <summary>True when the only value is the count of changed rows.</summary>
    public bool CountsChanges => !HasRows && Columns().Fields is [{ Name: "Count", Type: IntegerType { Bits: 64 } }];

    /// <summary>The columns.</summary>
    public Schema Columns()
    {
        var fields = new Field[NativeMethods.duckdb_column_count(ref _result)];
        for (int i = 0; i < fields.Length; i++)
        {
            string name = NativeText.Borrowed(NativeMethods.duckdb_column_name(ref _result, (ulong)i)) ?? "";
            fields[i] = new Field(name, LogicalTypes.Take(NativeMethods.duckdb_column_logical_type(ref _result, (ulong)i)));
        }
        return new Schema(ImmutableCollectionsMarshal.AsImmutableArray(fields));
    }

    /// <summary>Fetches the next rows and gives their number; 0 at the end, -1 on an error, which is then told.</summary>
    public int Fetch(out EngineErrorType type, out string? error)
    {
        type = EngineErrorType.Unknown;
        error = null;
        while (true)
        {
            DropChunk();
            _chunk = NativeMethods.duckdb_fetch_chunk(_result);
            if (_chunk != 0)
            {
                int rows = checked((int)NativeMethods.duckdb_data_chunk_get_size(_chunk));
                if (rows > 0) return rows;
                continue;
            }
            error = NativeText.Borrowed(NativeMethods.duckdb_result_error(ref _result));
            if (string.IsNullOrEmpty(error)) return 0;
            type = (EngineErrorType)NativeMethods.duckdb_result_error_type(ref _result);
            return -1;
        }
    }

    /// <summary>The columns of the chunk at hand, of the types given.</summary>
    public ColumnView[] Views(Schema columns, int rows)
    {
        var views = new ColumnView[columns.Fields.Length];
        for (int i = 0; i < views.Length; i++)
            views[i] = VectorViews.Of(NativeMethods.duckdb_data_chunk_get_vector(_chunk, (ulong)i), columns.Fields[i].Type, rows);
        return views;
    }

    public void Dispose()
    {
        if (!_open) return;
        _open = false;
        DropChunk();
        NativeMethods.duckdb_destroy_result(ref _result);
    }

    private void DropChunk()
    {
        if (_chunk != 0) NativeMethods.duckdb_destroy_data_chunk(ref _chunk);
    }
}
