using System.Text;
using MlSql.Columnar;
using MlSql.Engines.DuckDb.Database;

namespace MlSql.Engines.DuckDb.Interop;

/// <summary>One statement, bound and planned by the engine but not run.</summary>
internal sealed unsafe class PreparedStatement : IDisposable
{
    private nint _prepared;

    private PreparedStatement(nint prepared) => _prepared = prepared;

    /// <summary>What the statement does; <see cref="StatementKind.Nothing"/> when the text holds none.</summary>
    public StatementKind Kind { get; private init; }

    /// <summary>The columns that running it gives, the engine's own counters included.</summary>
    public Schema Columns { get; private init; } = new([]);

    /// <summary>Names of parameters ($1, ?) in the statement.</summary>
    public int Parameters { get; private init; }

    /// <summary>Prepares the one statement in the text; null and the engine's text (or the number of statements) when it cannot.</summary>
    public static PreparedStatement? Prepare(ConnectionHandle connection, string sql, out string? error, out int statements)
    {
        error = null;
        byte[] utf8 = new byte[Encoding.UTF8.GetByteCount(sql) + 1];
        Encoding.UTF8.GetBytes(sql, utf8);
        nint extracted;
        fixed (byte* text = utf8) statements = checked((int)NativeMethods.duckdb_extract_statements(connection, text, out extracted));
        try
        {
            if (statements == 0)
            {
                error = NativeText.Borrowed(NativeMethods.duckdb_extract_statements_error(extracted));
                return error is null ? new PreparedStatement(0) : null;
            }
            if (statements > 1) return null;
            int state = NativeMethods.duckdb_prepare_extracted_statement(connection, extracted, 0, out nint prepared);
            if (state == 0) return Read(prepared);
            error = NativeText.Borrowed(NativeMethods.duckdb_prepare_error(prepared)) ?? "the engine gave no reason";
            NativeMethods.duckdb_destroy_prepare(ref prepared);
            return null;
        }
        finally
        {
            NativeMethods.duckdb_destroy_extracted(ref extracted);
        }
    }

    /// <summary>Gets the statement ready to run; an interrupt given after this stops it. Null and the engine's text when it cannot.</summary>
    public PendingStatement? Start(out string? error)
    {
        int state = NativeMethods.duckdb_pending_prepared_streaming(_prepared, out nint pending);
        error = state == 0 ? null : NativeText.Borrowed(NativeMethods.duckdb_pending_error(pending)) ?? "the engine gave no reason";
        if (state == 0) return new PendingStatement(pending);
        NativeMethods.duckdb_destroy_pending(ref pending);
        return null;
    }

    public void Dispose()
    {
        if (_prepared != 0) NativeMethods.duckdb_destroy_prepare(ref _prepared);
    }

    private static PreparedStatement Read(nint prepared)
    {
        var fields = new Field[NativeMethods.duckdb_prepared_statement_column_count(prepared)];
        for (int i = 0; i < fields.Length; i++)
        {
            string name = NativeText.Owned(NativeMethods.duckdb_prepared_statement_column_name(prepared, (ulong)i)) ?? "";
            fields[i] = new Field(name, LogicalTypes.Take(NativeMethods.duckdb_prepared_statement_column_logical_type(prepared, (ulong)i)));
        }
        return new PreparedStatement(prepared)
        {
            Kind = (StatementKind)NativeMethods.duckdb_prepared_statement_type(prepared),
            Columns = new Schema([.. fields]),
            Parameters = checked((int)NativeMethods.duckdb_nparams(prepared)),
        };
    }
}
