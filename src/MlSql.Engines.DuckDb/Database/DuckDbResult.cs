using MlSql.Columnar;
using MlSql.Engines.DuckDb.Interop;

namespace MlSql.Engines.DuckDb.Database;

/// <summary>The rows of a statement as they come. Dispose it; disposing it early stops the statement.</summary>
internal sealed class DuckDbResult : IDisposable
{
    private readonly DuckDbConnection _connection;
    private readonly string _sql;
    private readonly NativeStream? _stream;
    private bool _ended;
    private bool _superseded;

    internal DuckDbResult(DuckDbConnection connection, string sql, StatementKind kind, Schema columns, NativeStream stream, CancellationToken cancel)
    {
        _connection = connection;
        _sql = sql;
        _stream = stream;
        Kind = kind;
        Schema = stream.HasRows ? columns : new Schema([]);
        if (!stream.HasRows) Finish(cancel);
    }

    private DuckDbResult(DuckDbConnection connection)
    {
        _connection = connection;
        _sql = "";
        _ended = true;
        Schema = new Schema([]);
    }

    /// <summary>What the statement does.</summary>
    public StatementKind Kind { get; }

    /// <summary>The columns; none when the statement gives no rows.</summary>
    public Schema Schema { get; }

    /// <summary>Rows that the statement inserted, updated, deleted or copied; 0 for a query.</summary>
    public long RowsChanged { get; private set; }

    internal static DuckDbResult Nothing(DuckDbConnection connection) => new(connection);

    /// <summary>
    /// The next rows, at least one, or null at the end. What the chunk before showed is gone then. Throws <see cref="EngineException"/>, <see cref="OperationCanceledException"/>,
    /// or <see cref="CodedException"/> MLS6033 when another statement was run on the connection.
    /// </summary>
    public DuckDbChunk? NextChunk(CancellationToken cancel)
    {
        if (_superseded) throw new CodedException(EngineErrorCodes.ResultSuperseded, "Another statement was run before this result was read to its end", "read or dispose a result before the next statement, or use a connection for each");
        if (_ended) return null;
        int rows = Fetch(cancel);
        return rows == 0 ? null : new DuckDbChunk(Schema, _stream!.Views(Schema, rows), rows);
    }

    /// <summary>Lets the result go.</summary>
    public void Dispose()
    {
        _ended = true;
        _stream?.Dispose();
        _connection.Closed(this);
    }

    internal void Supersede()
    {
        _superseded = !_ended;
        Dispose();
    }

    private void Finish(CancellationToken cancel)
    {
        try
        {
            bool counts = _stream!.CountsChanges;
            while (Fetch(cancel) is int rows and > 0)
                if (counts) RowsChanged += _stream.Views(new Schema([new Field("Count", new IntegerType(64, true))]), rows)[0].Values<long>()[0];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private int Fetch(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        _connection.Fetches(cancel);
        using CancellationTokenRegistration registration = cancel.UnsafeRegister(static c => ((DuckDbConnection)c!).Interrupt(), _connection);
        int rows = _stream!.Fetch(out EngineErrorType type, out string? error);
        if (rows > 0) return rows;
        _ended = true;
        if (rows < 0) _connection.Throw(type, error!, _sql, cancel);
        return 0;
    }
}
