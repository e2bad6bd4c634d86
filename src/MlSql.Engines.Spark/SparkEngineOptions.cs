using MlSql.Planning;

namespace MlSql.Engines.Spark;

/// <summary>How the engine is opened.</summary>
public sealed record SparkEngineOptions
{
    /// <summary>The server's address, sc://host:port/;key=value. Default: SPARK_REMOTE, else a local server is started from SPARK_HOME and ended with the engine.</summary>
    public string? Remote { get; init; }

    /// <summary>How long the server is tried before its first answer.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Threads of a local server and of training; default: all cores.</summary>
    public int? Threads { get; init; }

    /// <summary>Bytes for our own arrays while training; default: most of the machine's memory.</summary>
    public long? Memory { get; init; }

    /// <summary>Longest time that a batch of an imported model may run.</summary>
    public TimeSpan ModelTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Files, globs or folders to show under a name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Tables { get; init; } = [];

    /// <summary>Where views are kept for a server that goes on when the session ends; null keeps none.</summary>
    public IViewStore? Views { get; init; }

    /// <summary>Hears how far the opening is: a local server takes seconds to start.</summary>
    public IProgress<RunProgress>? Progress { get; init; }

    /// <summary>Hears notices. Called from any thread.</summary>
    public Action<RunNotice>? OnNotice { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
