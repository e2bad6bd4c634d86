namespace MlSql.Engines.DuckDb.Database;

/// <summary>How a database is opened.</summary>
internal sealed record DatabaseOptions
{
    /// <summary>The database file, created when it is not there; null for a database in memory.</summary>
    public string? Path { get; init; }

    /// <summary>True to open the file for reading only.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Threads that run a statement; null for one a core.</summary>
    public int? Threads { get; init; }

    /// <summary>Memory that the engine may take, in bytes; null for its default of 80 % of the machine's.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Folder for temporary files when memory runs out; empty to forbid them; null for a private folder below the system's temporary one.</summary>
    public string? TempFolder { get; init; }
}
