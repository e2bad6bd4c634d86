using System.Text;

namespace MlSql.Engines.DuckDb.Interop;

/// <summary>The statements of a text as the engine splits it. A PIVOT becomes two: a type of its columns' values, and a query that uses it.</summary>
internal sealed unsafe class ExtractedStatements : IDisposable
{
    private readonly ConnectionHandle _connection;
    private nint _statements;

    public ExtractedStatements(ConnectionHandle connection, string sql)
    {
        _connection = connection;
        byte[] utf8 = new byte[Encoding.UTF8.GetByteCount(sql) + 1];
        Encoding.UTF8.GetBytes(sql, utf8);
        fixed (byte* text = utf8) Count = checked((int)NativeMethods.duckdb_extract_statements(connection, text, out _statements));
        if (Count == 0) Error = NativeText.Borrowed(NativeMethods.duckdb_extract_statements_error(_statements));
    }

    /// <summary>Statements in the text.</summary>
    public int Count { get; }

    /// <summary>What the engine says about a text that is no SQL; null when it is.</summary>
    public string? Error { get; }

    /// <summary>Binds and plans a statement, in its turn: it sees what the ones before it made. Null and the engine's text when it cannot.</summary>
    public PreparedStatement? Prepare(int index, out string? error)
    {
        int state = NativeMethods.duckdb_prepare_extracted_statement(_connection, _statements, (ulong)index, out nint prepared);
        error = state == 0 ? null : NativeText.Borrowed(NativeMethods.duckdb_prepare_error(prepared)) ?? "the engine gave no reason";
        if (state == 0) return new PreparedStatement(prepared);
        NativeMethods.duckdb_destroy_prepare(ref prepared);
        return null;
    }

    public void Dispose()
    {
        if (_statements != 0) NativeMethods.duckdb_destroy_extracted(ref _statements);
    }
}
