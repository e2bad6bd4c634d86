using System.Runtime.InteropServices;
using MlSql.Columnar;
using MlSql.Engines.DuckDb.Database;

namespace MlSql.Engines.DuckDb.Interop;

/// <summary>One statement, bound and planned by the engine but not run.</summary>
internal sealed unsafe class PreparedStatement : IDisposable
{
    private nint _prepared;

    public PreparedStatement(nint prepared)
    {
        _prepared = prepared;
        var fields = new Field[NativeMethods.duckdb_prepared_statement_column_count(prepared)];
        for (int i = 0; i < fields.Length; i++)
        {
            string name = NativeText.Owned(NativeMethods.duckdb_prepared_statement_column_name(prepared, (ulong)i)) ?? "";
            fields[i] = new Field(name, LogicalTypes.Take(NativeMethods.duckdb_prepared_statement_column_logical_type(prepared, (ulong)i)));
        }
        Columns = new Schema(ImmutableCollectionsMarshal.AsImmutableArray(fields));
        Kind = (StatementKind)NativeMethods.duckdb_prepared_statement_type(prepared);
        Parameters = checked((int)NativeMethods.duckdb_nparams(prepared));
    }

    /// <summary>What the statement does.</summary>
    public StatementKind Kind { get; }

    /// <summary>The columns that running it gives, the engine's own counters included.</summary>
    public Schema Columns { get; }

    /// <summary>Parameters ($1, ?, $name) in the statement.</summary>
    public int Parameters { get; }

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
}
