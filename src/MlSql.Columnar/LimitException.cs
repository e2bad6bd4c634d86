namespace MlSql.Columnar;

/// <summary>A limit of memory or time was hit while running: the statement may succeed with a higher one.</summary>
public sealed class LimitException(string code, string message, string? hint = null) : CodedException(code, message, hint);
