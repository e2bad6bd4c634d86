namespace MlSql.Language.Syntax;

/// <summary>Leaves the parser at the first syntax error. Never seen outside this assembly.</summary>
internal sealed class SyntaxException(Diagnostic diagnostic) : Exception(diagnostic.Message)
{
    public Diagnostic Diagnostic { get; } = diagnostic;
}
