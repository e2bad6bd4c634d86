using MlSql.Columnar;

namespace MlSql.Planning;

/// <summary>Whose fault it is when an engine fails.</summary>
public enum EngineFailure
{
    /// <summary>The statement's, or that of what it needs.</summary>
    Statement,

    /// <summary>A limit of memory or time was hit.</summary>
    Limit,

    /// <summary>The engine cannot be reached, or was lost.</summary>
    Connection,

    /// <summary>The engine refuses who asks, or what was said of where it is cannot be understood.</summary>
    Credentials,
}

/// <summary>An engine failed. <paramref name="offset"/> is the place in the statement as written, in UTF-16 code units, or null.</summary>
public class EngineFailureException(string code, string message, string? hint, EngineFailure failure, int? offset = null, Exception? inner = null) : CodedException(code, message, hint, inner)
{
    /// <summary>Whose fault it is.</summary>
    public EngineFailure Failure { get; } = failure;

    /// <summary>The place in the statement as written, or null.</summary>
    public int? Offset { get; init; } = offset;
}
