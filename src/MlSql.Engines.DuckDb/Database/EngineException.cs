using MlSql.Planning;

namespace MlSql.Engines.DuckDb.Database;

/// <summary>The engine refused a statement or failed while running it. The message is the engine's own, without its prefix and its excerpt of the statement.</summary>
public sealed class EngineException : EngineFailureException
{
    internal EngineException(string code, EngineErrorType type, string message, string? hint = null, int? offset = null, Exception? inner = null)
        : base(code, message, hint, type == EngineErrorType.OutOfMemory ? EngineFailure.Limit : EngineFailure.Statement, offset, inner) => ErrorType = type;

    /// <summary>The engine's own kind of error.</summary>
    public EngineErrorType ErrorType { get; }
}
