namespace MlSql.Columnar.Ipc;

/// <summary>Arrow data that cannot be read or written: not well-formed, larger than allowed, or of a kind that is not supported.</summary>
public sealed class ArrowException(string code, string message, string? hint = null, Exception? inner = null) : CodedException(code, message, hint, inner);
