using MlSql.Engines.DuckDb.Database;

namespace MlSql.Engines.DuckDb.Interop;

/// <summary>A statement that is about to run.</summary>
internal sealed class PendingStatement(nint pending) : IDisposable
{
    private nint _pending = pending;

    /// <summary>Runs until the first rows are there; null and the engine's error when it fails.</summary>
    public NativeStream? Run(out EngineErrorType type, out string? error) =>
        Started(NativeMethods.duckdb_execute_pending(_pending, out NativeResult result), result, out type, out error);

    /// <summary>Plans a query and runs it to its end; null and the engine's error when it fails.</summary>
    public static NativeStream? RunWhole(ConnectionHandle connection, string sql, out EngineErrorType type, out string? error) =>
        Started(NativeMethods.duckdb_query(connection, sql, out NativeResult result), result, out type, out error);

    public void Dispose()
    {
        if (_pending != 0) NativeMethods.duckdb_destroy_pending(ref _pending);
    }

    private static unsafe NativeStream? Started(int state, NativeResult result, out EngineErrorType type, out string? error)
    {
        if (state == 0)
        {
            type = EngineErrorType.Unknown;
            error = null;
            return new NativeStream(result);
        }
        type = (EngineErrorType)NativeMethods.duckdb_result_error_type(ref result);
        error = NativeText.Borrowed(NativeMethods.duckdb_result_error(ref result)) ?? "the engine gave no reason";
        NativeMethods.duckdb_destroy_result(ref result);
        return null;
    }
}
