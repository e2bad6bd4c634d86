using System.Globalization;
using MlSql.Columnar;
using MlSql.Engines.DuckDb.Functions;
using MlSql.Engines.DuckDb.Interop;

namespace MlSql.Engines.DuckDb.Database;

/// <summary>An open database: a file or memory. Connections of it may be used from several threads, each connection by one at a time.</summary>
internal sealed class DuckDbDatabase : IDisposable
{
    private readonly DatabaseHandle _handle;
    private readonly Lock _registration = new();
    private readonly HashSet<string> _functions = new(StringComparer.OrdinalIgnoreCase);

    private DuckDbDatabase(DatabaseHandle handle) => _handle = handle;

    internal FunctionFaults Faults { get; } = new();

    /// <summary>The statement of whichever connection was last asked for rows; an engine has one that runs statements.</summary>
    internal RunningStatement Running { get; } = new();

    /// <summary>Opens a database; loads the library first. Throws <see cref="CodedException"/> MLS6001 to MLS6009.</summary>
    public static DuckDbDatabase Open(DatabaseOptions options)
    {
        LibraryLoader.EnsureLoaded();
        if (options.Threads is < 1 or > 65_536)
            throw new CodedException(EngineErrorCodes.DatabaseOptionInvalid, $"The number of threads cannot be {options.Threads}", "give a number from 1 on");
        if (options.MemoryBytes is < 1 << 20)
            throw new CodedException(EngineErrorCodes.DatabaseOptionInvalid, $"A memory limit of {options.MemoryBytes} bytes is too small", "give at least 1 MiB");
        DatabaseFile.Check(options);
        OpenFile? file = options.Path is null ? null : OpenFile.TryMark(options.Path)
            ?? throw new CodedException(EngineErrorCodes.DatabaseLocked, $"{options.Path} is already open in this process", "use the session that has it open, or close that one");
        DatabaseHandle? handle = NativeDatabase.Open(options.Path, file, Settings(options), out string? error);
        if (handle is not null) return new DuckDbDatabase(handle);
        file?.Dispose();
        throw DatabaseFile.Explain(options, error!);
    }

    /// <summary>Makes a connection. Throws <see cref="ObjectDisposedException"/> after disposal.</summary>
    public DuckDbConnection Connect() =>
        new(this, NativeDatabase.Connect(_handle) ?? throw new EngineException(EngineErrorCodes.EngineFailed, EngineErrorType.Connection, "The engine refused a further connection"));

    /// <summary>
    /// Makes a function known to all connections, for as long as the database is open. Does nothing and gives false when a function of the name was registered before.
    /// The engine's own functions must not be named: they would be replaced.
    /// </summary>
    public bool RegisterScalar(ScalarFunctionDefinition definition)
    {
        lock (_registration)
        {
            if (_functions.Contains(definition.Name)) return false;
            // A connection of its own is outside any transaction, so no rollback takes the function away.
            using ConnectionHandle? connection = NativeDatabase.Connect(_handle);
            if (connection is null || !ScalarFunctionRegistration.Register(connection, definition, Faults))
                throw new EngineException(EngineErrorCodes.FunctionRefused, EngineErrorType.Catalog, $"The engine refused the function {definition.Name}");
            _functions.Add(definition.Name);
            return true;
        }
    }

    /// <summary>Closes the database, once its last connection is closed.</summary>
    public void Dispose() => _handle.Dispose();

    private static IEnumerable<(string Name, string Value)> Settings(DatabaseOptions options)
    {
        yield return ("autoinstall_known_extensions", "false");
        yield return ("autoload_known_extensions", "false");
        yield return ("allow_community_extensions", "false");
        yield return ("allow_persistent_secrets", "false");
        // The engine makes the folder when it needs it and removes it when it closes.
        yield return ("temp_directory", options.TempFolder ?? Path.Combine(Path.GetTempPath(), "mlsql-" + Guid.NewGuid().ToString("N")));
        if (options.ReadOnly) yield return ("access_mode", "READ_ONLY");
        if (options.Threads is { } threads) yield return ("threads", threads.ToString(CultureInfo.InvariantCulture));
        if (options.MemoryBytes is { } bytes) yield return ("memory_limit", bytes.ToString(CultureInfo.InvariantCulture) + "B");
    }
}
