using MlSql.Columnar;

namespace MlSql.Engines.DuckDb.Database;

/// <summary>Says why a database file cannot be opened.</summary>
internal static class DatabaseFile
{
    /// <summary>Refuses what can be seen before the engine tries. Throws <see cref="CodedException"/> MLS6006.</summary>
    public static void Check(DatabaseOptions options)
    {
        if (options.Path is null) return;
        if (options.Path.Contains('\0') || options.Path.Length == 0)
            throw new CodedException(EngineErrorCodes.DatabaseOptionInvalid, "The path of the database is not a file name", "give the path of a file, or none for a database in memory");
        string full = Path.GetFullPath(options.Path);
        if (Path.GetDirectoryName(full) is { } folder && !Directory.Exists(folder))
            throw new CodedException(EngineErrorCodes.DatabaseFolderMissing, $"The folder of the database does not exist: {folder}", "create the folder, or correct the path");
        if (Directory.Exists(full))
            throw new CodedException(EngineErrorCodes.NotADatabase, $"{full} is a folder, not a database file", "give the path of a file");
        if (options.ReadOnly && !File.Exists(full))
            throw new CodedException(EngineErrorCodes.DatabaseCannotOpen, $"The database does not exist: {full}", "correct the path, or open it for writing to create it");
    }

    /// <summary>The exception for the engine's text on opening.</summary>
    public static CodedException Explain(DatabaseOptions options, string error)
    {
        string path = options.Path ?? "the database in memory";
        string message = EngineErrorText.Clean(error, "").Message;
        if (Says("not a valid DuckDB database")) return new(EngineErrorCodes.NotADatabase, $"{path} is not a DuckDB database", "give another file; a CSV, Parquet or JSON file is read as a table instead");
        if (Says("newer version of DuckDB") || Says("newer storage version") || Says("version number")) return new(EngineErrorCodes.DatabaseFromNewerVersion, $"{path} was written by another version of DuckDB: {message}", "export it with that version (EXPORT DATABASE), or use a newer MlSql");
        if (Says("Could not set lock") || Says("Conflicting lock") || Says("being used by another process")) return new(EngineErrorCodes.DatabaseLocked, $"{path} is in use by another process: {message}", "close that process, or open the database read-only in both");
        if (Says("Permission denied") || Says("read-only file system")) return new(EngineErrorCodes.DatabaseAccessDenied, $"No permission to open {path}: {message}", "check the rights of the file and its folder, or open it read-only");
        return new(EngineErrorCodes.DatabaseCannotOpen, $"{path} cannot be opened: {message}", "check the file and the options");

        bool Says(string words) => error.Contains(words, StringComparison.OrdinalIgnoreCase);
    }
}
