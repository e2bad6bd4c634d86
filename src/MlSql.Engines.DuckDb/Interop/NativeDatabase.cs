namespace MlSql.Engines.DuckDb.Interop;

/// <summary>Opens databases and connections. The library must be loaded.</summary>
internal static unsafe class NativeDatabase
{
    /// <summary>The library's own version, such as v1.5.6.</summary>
    public static string Version => NativeText.Borrowed(NativeMethods.duckdb_library_version()) ?? "";

    /// <summary>Opens a file, or memory when <paramref name="path"/> is null; the handle then owns the mark <paramref name="file"/>. Gives null and the engine's text when it cannot.</summary>
    public static DatabaseHandle? Open(string? path, OpenFile? file, IEnumerable<(string Name, string Value)> settings, out string? error)
    {
        _ = NativeMethods.duckdb_create_config(out nint config);
        try
        {
            foreach ((string name, string value) in settings)
            {
                if (NativeMethods.duckdb_set_config(config, name, value) == 0) continue;
                error = $"Invalid Configuration Error: the setting {name} does not take the value {value}";
                return null;
            }
            int state = NativeMethods.duckdb_open_ext(path, out nint database, config, out byte* text);
            error = state == 0 ? null : NativeText.Owned(text) ?? "the engine gave no reason";
            if (state == 0) return new DatabaseHandle(database, file);
            NativeMethods.duckdb_close(ref database);
            return null;
        }
        finally
        {
            NativeMethods.duckdb_destroy_config(ref config);
        }
    }

    /// <summary>Makes a connection, or gives null when the engine refuses.</summary>
    public static ConnectionHandle? Connect(DatabaseHandle database) =>
        NativeMethods.duckdb_connect(database, out nint connection) == 0 ? new ConnectionHandle(connection, database) : null;
}
