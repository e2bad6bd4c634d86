using MlSql.Columnar;
using MlSql.Engines.DuckDb.Interop;

namespace MlSql.Engines.DuckDb.Database;

/// <summary>
/// Runs statements, one at a time; a new statement ends an open result of the one before.
/// <see cref="Interrupt"/> and <see cref="Progress"/> may be called from any thread, everything else from one at a time.
/// </summary>
internal sealed class DuckDbConnection : IDisposable
{
    private readonly DuckDbDatabase _database;
    private readonly ConnectionHandle _handle;
    private DuckDbResult? _open;

    internal DuckDbConnection(DuckDbDatabase database, ConnectionHandle handle)
    {
        _database = database;
        _handle = handle;
        Execute("SET enable_progress_bar = true", default);
        Execute("SET enable_progress_bar_print = false", default);
        Execute("SET progress_bar_time = 0", default);
    }

    /// <summary>How far the running statement is.</summary>
    public StatementProgress Progress
    {
        get
        {
            NativeProgress progress = NativeMethods.duckdb_query_progress(_handle);
            return new StatementProgress(
                progress.Percentage >= 0 ? Math.Min(progress.Percentage / 100, 1) : null,
                checked((long)progress.RowsProcessed),
                checked((long)progress.TotalRows));
        }
    }

    /// <summary>Runs a statement to its end and gives the number of rows it changed. Throws <see cref="EngineException"/>, or <see cref="OperationCanceledException"/>.</summary>
    public long Execute(string sql, CancellationToken cancel)
    {
        using DuckDbResult result = ExecuteStreaming(sql, cancel);
        while (result.NextChunk(cancel) is not null) { }
        return result.RowsChanged;
    }

    /// <summary>Runs a statement until its first rows are there. Throws <see cref="EngineException"/>, or <see cref="OperationCanceledException"/>.</summary>
    public DuckDbResult ExecuteStreaming(string sql, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        _open?.Supersede();
        _open = null;
        Schema described;
        using PreparedStatement prepared = PrepareReadable(sql, cancel, out described);
        if (prepared.Kind == StatementKind.Nothing) return DuckDbResult.Nothing(this);
        using PendingStatement? pending = prepared.Start(out string? error);
        if (pending is null) EngineErrors.Throw(EngineErrorType.Unknown, error!, sql, _database.Faults, cancel);

        // An interrupt counts only once the statement is pending, so the token is looked at after that.
        using CancellationTokenRegistration registration = cancel.UnsafeRegister(static c => ((DuckDbConnection)c!).Interrupt(), this);
        cancel.ThrowIfCancellationRequested();
        NativeStream? stream = pending.Run(out EngineErrorType type, out error);
        if (stream is null) EngineErrors.Throw(type, error!, sql, _database.Faults, cancel);
        return _open = new DuckDbResult(this, sql, prepared.Kind, described, stream, cancel);
    }

    /// <summary>The columns that a query gives, without running it; none for a statement that gives no rows. Throws <see cref="EngineException"/>.</summary>
    public Schema Describe(string sql)
    {
        using PreparedStatement prepared = PrepareReadable(sql, default, out Schema described);
        return GivesRows(prepared) ? described : new Schema([]);
    }

    /// <summary>Stops the running statement, whose caller gets an <see cref="OperationCanceledException"/>. Does nothing when none runs.</summary>
    public void Interrupt()
    {
        try
        {
            NativeMethods.duckdb_interrupt(_handle);
        }
        catch (ObjectDisposedException)
        {
            // Closed in the meantime: nothing runs any more.
        }
    }

    /// <summary>Ends an open result and closes the connection.</summary>
    public void Dispose()
    {
        _open?.Dispose();
        _handle.Dispose();
    }

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    internal void Throw(EngineErrorType type, string text, string sql, CancellationToken cancel) => EngineErrors.Throw(type, text, sql, _database.Faults, cancel);

    internal void Closed(DuckDbResult result)
    {
        if (_open == result) _open = null;
    }

    private static bool GivesRows(PreparedStatement prepared) => prepared.Kind switch
    {
        StatementKind.Nothing => false,
        StatementKind.Select or StatementKind.Explain or StatementKind.Pragma or StatementKind.Call or StatementKind.Execute => true,
        _ => prepared.Columns.Fields is not [{ Name: "Count", Type: IntegerType } or { Name: "Success", Type: BooleanType }],
    };

    // Types that have no columns of ours are cast to text by the engine, in a query around the one given.
    private PreparedStatement PrepareReadable(string sql, CancellationToken cancel, out Schema described)
    {
        PreparedStatement prepared = Prepare(sql, cancel);
        described = prepared.Columns;
        if (!TextCasts.Needed(described)) return prepared;
        using (prepared)
        {
            if (prepared.Kind == StatementKind.Select)
            {
                foreach (bool whole in (ReadOnlySpan<bool>)[false, true])
                {
                    described = whole ? TextCasts.WholeColumns(described) : described;
                    if (PreparedStatement.Prepare(_handle, TextCasts.Wrap(sql, described), out _, out _) is { } wrapped) return wrapped;
                }
            }
            Field field = described.Fields.First(f => TextCasts.Needed(f.Type));
            throw new CodedException(EngineErrorCodes.TypeNotSupported, $"Column {field.Name} is {field.Type}, which MlSql does not read", $"cast it: CAST({field.Name} AS VARCHAR)");
        }
    }

    private PreparedStatement Prepare(string sql, CancellationToken cancel)
    {
        if (sql.Contains('\0'))
            throw new CodedException(EngineErrorCodes.TextContainsNul, "The statement holds a NUL character", "remove it; in a value write chr(0)");
        PreparedStatement? prepared = PreparedStatement.Prepare(_handle, sql, out string? error, out int statements);
        if (error is not null) EngineErrors.Throw(EngineErrorType.Unknown, error, sql, _database.Faults, cancel);
        if (prepared is null)
            throw new CodedException(EngineErrorCodes.SeveralStatements, $"The text holds {statements} statements where one is expected", "run them one after another");
        if (prepared.Parameters == 0) return prepared;
        prepared.Dispose();
        throw new CodedException(EngineErrorCodes.ParametersNotAllowed, "The statement has parameters ($1, ? or $name), which have no values here", "write the values in their places");
    }
}
