using System.Runtime.InteropServices;

namespace MlSql.Engines.DuckDb.Interop;

/// <summary>Owns a duckdb_database. Closed once it and all its connections are disposed.</summary>
internal sealed class DatabaseHandle : SafeHandle
{
    private readonly OpenFile? _file;

    public DatabaseHandle(nint database, OpenFile? file) : base(0, ownsHandle: true)
    {
        _file = file;
        SetHandle(database);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        NativeMethods.duckdb_close(ref handle);
        _file?.Dispose();
        return true;
    }
}

/// <summary>Owns a duckdb_connection.</summary>
internal sealed class ConnectionHandle : SafeHandle
{
    private readonly DatabaseHandle _database;

    public ConnectionHandle(nint connection, DatabaseHandle database) : base(0, ownsHandle: true)
    {
        bool added = false;
        database.DangerousAddRef(ref added);
        _database = database;
        SetHandle(connection);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        NativeMethods.duckdb_disconnect(ref handle);
        _database.DangerousRelease();
        return true;
    }
}
