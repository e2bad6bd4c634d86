namespace MlSql.Columnar;

/// <summary>An error of a library room: a code (MLSnnnn), what was found, and the way out. What the session turns into a diagnostic.</summary>
public class CodedException(string code, string message, string? hint = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>A stable code: MLS and four digits.</summary>
    public string Code { get; } = code;

    /// <summary>What the user can do about it, or null.</summary>
    public string? Hint { get; } = hint;
}
