namespace MlSql;

/// <summary>What kind of failure it is; the command turns it into its exit code.</summary>
public enum FailureKind
{
    /// <summary>The statement is wrong, or what it needs is missing or damaged (exit code 1).</summary>
    Statement,

    /// <summary>A limit of memory or time was hit while running (exit code 4).</summary>
    Limit,

    /// <summary>A connection could not be made or was lost (exit code 3).</summary>
    Connection,

    /// <summary>The server refuses the token, or asks for one, or its address is none (exit code 2).</summary>
    Credentials,
}

/// <summary>A statement failed. <see cref="Exception.Message"/> is the first diagnostic's sentence; <see cref="Text"/> the full print with place, caret and hint.</summary>
public sealed class MlSqlException(string code, string message, string? hint, string text, FailureKind kind, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>MLS and four digits.</summary>
    public string Code { get; } = code;

    /// <summary>The way out, or null.</summary>
    public string? Hint { get; } = hint;

    /// <summary>All diagnostics as they are printed, with the place in the script.</summary>
    public string Text { get; } = text;

    /// <summary>What kind of failure it is.</summary>
    public FailureKind Kind { get; } = kind;
}
