namespace MlSql.Engines.DuckDb;

/// <summary>How the embedded engine is opened.</summary>
public sealed record DuckDbEngineOptions
{
    /// <summary>A database file; null = in memory.</summary>
    public string? Database { get; init; }

    /// <summary>Threads of the engine and of training; null = all cores.</summary>
    public int? Threads { get; init; }

    /// <summary>Bytes for the engine, and as many for training; null = the engine's default.</summary>
    public long? Memory { get; init; }

    /// <summary>Longest time that a batch of a graph may run.</summary>
    public TimeSpan ModelTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>True when progress will be listened to; costs three statements when the engine is opened.</summary>
    public bool TrackProgress { get; init; }

    /// <summary>True to block the calling thread, in place of one of the pool that it would wait for.</summary>
    public bool OnCallersThread { get; init; }

    /// <summary>Sources to register as views: name and path.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Tables { get; init; } = [];
}
