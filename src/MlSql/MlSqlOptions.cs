namespace MlSql;

/// <summary>How a session is opened. Everything has a default.</summary>
public sealed record MlSqlOptions
{
    /// <summary>Where statements run: inside the process, or on Spark.</summary>
    public Engine Engine { get; init; } = Engine.DuckDb;

    /// <summary>How long Spark is tried when it does not answer. Default: 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = DefaultConnectTimeout;

    /// <summary>How long Spark is tried when nothing else is said: 10 s.</summary>
    public static TimeSpan DefaultConnectTimeout { get; } = TimeSpan.FromSeconds(10);

    /// <summary>The model store's folder; made when the first model is written. Default: MLSQL_MODELS, else .mlsql/models in the working directory.</summary>
    public string? Models { get; init; }

    /// <summary>A DuckDB database file; default: in memory.</summary>
    public string? Database { get; init; }

    /// <summary>Tables to register under a name: files, globs or folders of .parquet, .csv, .json (also .gz).</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Tables { get; init; } = [];

    /// <summary>Threads of the engine and of training; default: all cores.</summary>
    public int? Threads { get; init; }

    /// <summary>Bytes that the engine may use, and as many again for our own arrays; default: the engine's own.</summary>
    public long? Memory { get; init; }

    /// <summary>Longest time that a batch of an imported model runs when nothing else is said: 60 s.</summary>
    public static TimeSpan DefaultModelTimeout { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest time that a batch of an imported model may run; beyond it the statement fails.</summary>
    public TimeSpan ModelTimeout { get; init; } = DefaultModelTimeout;

    /// <summary>Hears warnings and notices as they come up. Called from any thread, one call at a time.</summary>
    public Action<Notice>? OnNotice { get; init; }

    /// <summary>Hears how far long work is, some times a second. Called from any thread.</summary>
    public IProgress<StatementProgress>? Progress { get; init; }

    /// <summary>
    /// True to do all work on the calling thread: tasks are complete when they are returned. For programs with nothing else to do meanwhile, which start sooner so: 62 methods are compiled until the first row in place of 158. Cancellation works as ever.
    /// </summary>
    public bool OnCallersThread { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>Something that the user should know: a code, one sentence, and what to do about it or null. <paramref name="Text"/> is the full print with place and caret where there is one.</summary>
public sealed record Notice(string Code, string Message, string? Hint, string Text, bool IsWarning);

/// <summary>
/// How far a statement is. <paramref name="Phase"/> is "query", "reading", "encoding", "training", "evaluating" or "predicting"; <paramref name="Fraction"/> lies in 0 … 1, null when unknown;
/// iteration and loss are set while training.
/// </summary>
public sealed record StatementProgress(string Phase, double? Fraction, long Rows, double RowsPerSecond, int Iteration, int MaxIterations, double? Loss, TimeSpan Elapsed, TimeSpan? Left)
{
    /// <summary>Tasks of a cluster's running query; 0 when there are none or they are not known.</summary>
    public int Tasks { get; init; }

    /// <summary>How many of them are done.</summary>
    public int TasksDone { get; init; }
}
