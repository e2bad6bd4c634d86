namespace MlSql.Language;

/// <summary>How grave a diagnostic is.</summary>
public enum Severity
{
    /// <summary>The statement does not run.</summary>
    Error,

    /// <summary>It runs; the user should know.</summary>
    Warning,
}

/// <summary>What is wrong with a statement, where, and the way out. <paramref name="Hint"/> is one short line or null.</summary>
public sealed record Diagnostic(string Code, Span At, string Message, string? Hint = null, Severity Severity = Severity.Error);
