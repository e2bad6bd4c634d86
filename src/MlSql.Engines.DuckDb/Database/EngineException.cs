using MlSql.Columnar;

namespace MlSql.Engines.DuckDb.Database;

/// <summary>The engine refused a statement or failed while running it. The message is the engine's own, without its prefix and its excerpt of the statement.</summary>
public sealed class EngineException : CodedException
{
    internal EngineException(string code, EngineErrorType type, string message, string? hint = null, int? offset = null, Exception? inner = null)
        : base(code, message, hint, inner)
    {
        ErrorType = type;
        Offset = offset;
    }

    /// <summary>The engine's own kind of error.</summary>
    public EngineErrorType ErrorType { get; }

    /// <summary>Where in the statement the engine sees the error, in UTF-16 units from its start; null when it does not say.</summary>
    public int? Offset { get; }
}
