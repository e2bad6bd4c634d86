using System.Collections.Immutable;
using MlSql.Language.Syntax;
using MlSql.Language.Tokens;

namespace MlSql.Language;

/// <summary>Turns text into statements. Never throws for what the text says: every fault is a diagnostic with its place.</summary>
public static class Parser
{
    /// <summary>Brackets nested deeper than this are refused.</summary>
    public const int DeepestNesting = 1_000;

    /// <summary>The statements of a script in order, each parsed when it is asked for; spans refer to the whole text. Linear in the text's length.</summary>
    public static IEnumerable<ParseResult> ParseScript(string text, CancellationToken cancel = default)
    {
        (Token[] tokens, ImmutableArray<Diagnostic> diagnostics) = Scanner.Scan(text);
        foreach (Range range in ScriptSplitter.Split(tokens, text))
        {
            cancel.ThrowIfCancellationRequested();
            Token[] statement = tokens[range];
            // Only the last statement can hold what was never closed.
            bool broken = diagnostics.Length > 0 && diagnostics[0].At.Start >= statement[0].Start && diagnostics[0].At.Start < statement[^1].End;
            yield return broken ? new ParseResult(text, null, diagnostics) : StatementParser.Parse(text, statement);
        }
    }

    /// <summary>The only statement of a text; a second statement is an error, and so is none.</summary>
    public static ParseResult Parse(string text)
    {
        using IEnumerator<ParseResult> results = ParseScript(text).GetEnumerator();
        if (!results.MoveNext()) return new ParseResult(text, null, [Diagnostics.NoStatement(new Span(text.Length, 0))]);
        ParseResult first = results.Current;
        if (!results.MoveNext()) return first;
        int second = results.Current.Statement?.Span.Start ?? results.Current.Diagnostics[0].At.Start;
        return new ParseResult(text, null, [Diagnostics.SecondStatement(new Span(second, 0))]);
    }

    /// <summary>A text that names a model and nothing else: m, m VERSION 3, m@3 or m@alias, with quotes as in a statement.</summary>
    public static ReferenceResult ParseReference(string text)
    {
        (Token[] tokens, ImmutableArray<Diagnostic> diagnostics) = Scanner.Scan(text);
        if (diagnostics.Length > 0) return new ReferenceResult(text, null, diagnostics);
        try
        {
            return new ReferenceResult(text, StatementParser.Reference(text, tokens), []);
        }
        catch (SyntaxException e)
        {
            return new ReferenceResult(text, null, [e.Diagnostic]);
        }
    }
}
