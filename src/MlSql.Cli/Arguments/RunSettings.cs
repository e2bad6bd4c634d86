namespace MlSql.Cli.Arguments;

/// <summary>What the command is to do.</summary>
internal enum Verb
{
    Run,
    Doctor,
    Version,
    Help,
    ShortHelp,
}

/// <summary>How results are printed.</summary>
internal enum OutputFormat
{
    Box,
    Csv,
    Json,
}

/// <summary>When colours are used.</summary>
internal enum ColorChoice
{
    Auto,
    Always,
    Never,
}

/// <summary>Something to run: a statement of -c, a file, or standard input.</summary>
internal sealed record Input(InputKind Kind, string Text);

internal enum InputKind
{
    Statement,
    File,
    StandardInput,
}

/// <summary>The command line, read and checked.</summary>
internal sealed record RunSettings
{
    public required Verb Verb { get; init; }

    /// <summary>In the order in which they were given.</summary>
    public IReadOnlyList<Input> Inputs { get; init; } = [];

    public Engine Engine { get; init; } = Engine.DuckDb;

    /// <summary>How long Spark is tried; null: the session's default.</summary>
    public TimeSpan? ConnectTimeout { get; init; }

    public string? Models { get; init; }

    public string? Database { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Tables { get; init; } = [];

    public int? Threads { get; init; }

    public long? Memory { get; init; }

    /// <summary>How long a batch of an imported model may run; null: the session's default.</summary>
    public TimeSpan? ModelTimeout { get; init; }

    /// <summary>Null: box on a terminal, else csv.</summary>
    public OutputFormat? Format { get; init; }

    public string? Output { get; init; }

    public bool ContinueOnError { get; init; }

    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    public ColorChoice Color { get; init; }

    public bool Quiet { get; init; }

    public bool Debug { get; init; }

    public bool Timing { get; init; }
}
