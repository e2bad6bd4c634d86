using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Language;
using MlSql.Planning;

namespace MlSql;

/// <summary>Turns diagnostics and the rooms' errors into the one exception that users see.</summary>
internal static class Failures
{
    /// <summary>The errors of a statement that did not parse or bind.</summary>
    public static MlSqlException Of(string source, ImmutableArray<Diagnostic> diagnostics)
    {
        var errors = diagnostics.Where(d => d.Severity == Severity.Error).ToList();
        return new MlSqlException(errors[0].Code, errors[0].Message, errors[0].Hint, string.Join("\n", errors.Select(d => DiagnosticPrinter.Print(source, d).TrimEnd('\n'))), FailureKind.Statement);
    }

    /// <summary>An error while a statement ran; its place is the engine's where the text went through word for word, else the statement's start.</summary>
    public static MlSqlException Of(ParseResult parsed, CodedException error)
    {
        var statement = parsed.Statement!;
        var at = error is EngineFailureException { Offset: { } offset } && statement is Language.Statements.EngineStatement && offset < statement.Span.Length
            ? new Span(statement.Span.Start + offset, 1)
            : FirstLine(parsed.Source, statement.Span);
        string text = DiagnosticPrinter.Print(parsed.Source, new Diagnostic(error.Code, at, error.Message, error.Hint)).TrimEnd('\n');
        return new MlSqlException(error.Code, error.Message, error.Hint, text, Kind(error), error);
    }

    /// <summary>An error before any statement ran.</summary>
    public static MlSqlException Of(CodedException error) => new(error.Code, error.Message, error.Hint, Text(error), Kind(error), error);

    /// <summary>The print of an error that has no place.</summary>
    public static string Text(CodedException error) => Text(error.Code, error.Message, error.Hint);

    /// <summary>The print of something that has no place.</summary>
    public static string Text(string code, string message, string? hint) => $"{code} {message}" + (hint is null ? "" : $"\n    hint: {hint}");

    /// <summary>A text that should have been one statement.</summary>
    public static MlSqlException NotOneStatement(string text, int count)
    {
        var diagnostic = new Diagnostic("MLS7602", new Span(0, Math.Min(text.Length, 1)), count == 0 ? "There is no statement in the text" : "The text holds more than one statement", "ExecuteAsync and RunScriptAsync run scripts");
        return Of(text, [diagnostic]);
    }

    private static FailureKind Kind(CodedException error) => error switch
    {
        LimitException or EngineFailureException { Failure: EngineFailure.Limit } => FailureKind.Limit,
        EngineFailureException { Failure: EngineFailure.Connection } => FailureKind.Connection,
        EngineFailureException { Failure: EngineFailure.Credentials } => FailureKind.Credentials,
        _ => FailureKind.Statement,
    };

    private static Span FirstLine(string source, Span span)
    {
        int end = source.AsSpan(span.Start, span.Length).IndexOfAny('\r', '\n');
        return end < 0 ? span : new Span(span.Start, end);
    }
}
