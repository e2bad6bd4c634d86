using System.Collections.Frozen;
using Antlr4.Runtime;
using Antlr4.Runtime.Misc;
using MlSql.Language.Grammar;
using MlSql.Language.Tokens;

namespace MlSql.Language.Syntax;

/// <summary>Turns the token that was found and those that might have stood there into a message.</summary>
internal static class SyntaxMessages
{
    // Clauses that parse but are not carried out, and second spellings: a slip in them is found, but nobody is sent to them.
    private static readonly FrozenSet<string> s_quiet = FrozenSet.ToFrozenSet(
        [
            "ADD", "ALGORITHM", "BUDGET", "COLUMN", "DEPLOY", "EARLY", "EMIT", "EXCLUDE", "FLAVOR", "FORMAT", "FROM", "HORIZON", "INPUT", "MODEL_TYPE", "ORDER", "OUTPUT", "PARTITION", "PREDICTS", "REMOTE", "RESET", "RETURNS",
            "SEARCH", "TARGET", "TRANSFORM", "WARM", "METRICS", "KFOLD", "TAG",
        ],
        StringComparer.Ordinal);

    /// <summary>The message for a token that fits nowhere.</summary>
    public static Diagnostic For(SyntaxToken found, IntervalSet expected)
    {
        (List<string> words, List<string> others) = Describe(expected);
        List<string> shown = [.. words.Where(word => !s_quiet.Contains(word))];
        string list = Join([.. others, .. shown.Count == 0 ? words : shown]);
        if (found.Type == TokenConstants.EOF) return Diagnostics.EndsEarly(found.Span, list, null);
        string text = Shown(found.Text);
        string? hint = found.Token.Kind == TokenKind.Word ? Hint.DidYouMean(found.Text, expected.Count == 0 ? Keywords.All : words) : null;
        bool bracketsMissing = hint is null && found.Type is MlSqlParser.K_SELECT or MlSqlParser.M_QUERY_WITH && expected.Contains(MlSqlParser.LPAREN) && expected.Contains(MlSqlParser.WORD);
        if (bracketsMissing) hint = Hint.Text($"a query stands in brackets: ( {text.ToUpperInvariant()} ... )");
        if (hint is null && words.Count == 0 && others is ["a name"] && found.Token.Kind == TokenKind.Word) hint = Hint.Text($"\"{found.Text}\" in double quotes is a name");
        return Diagnostics.Unexpected(found.Span, text, list, hint);
    }

    /// <summary>A token's text, cut when it is long.</summary>
    public static string Shown(string text) => text.Length <= 40 ? text : string.Concat(text.AsSpan(0, 37), "...");

    private static string Join(List<string> all) => all.Count switch
    {
        0 => "",
        1 => all[0],
        _ => string.Join(", ", all.Take(all.Count - 1)) + " or " + all[^1],
    };

    private static (List<string> Words, List<string> Others) Describe(IntervalSet expected)
    {
        var words = new List<string>();
        var others = new List<string>();
        bool name = expected.Contains(MlSqlParser.WORD);
        // A place that takes operators takes any of the engine's expressions; the single tokens say nothing then.
        if (expected.Contains(MlSqlParser.SYMBOL)) others.Add("an expression");
        else if (name) others.Add("a name");
        foreach (int type in expected.ToArray())
        {
            if (Keywords.WordOf(type) is { } word)
            {
                if (!name) words.Add(word);
                else if (IsReserved(type) && !expected.Contains(MlSqlParser.SYMBOL)) words.Add(word);
            }
            else if (!expected.Contains(MlSqlParser.SYMBOL) && SignOf(type) is { } sign)
            {
                others.Add(sign);
            }
        }
        words.Sort(StringComparer.Ordinal);
        if (expected.Contains(TokenConstants.EOF)) words.Add("the end of the statement");
        return (words, others);
    }

    private static bool IsReserved(int type) => type is >= MlSqlParser.K_SELECT and <= MlSqlParser.K_DISTINCT;

    private static string? SignOf(int type) => type switch
    {
        MlSqlParser.TEXT => "a text in single quotes",
        MlSqlParser.NUMBER => "a number",
        MlSqlParser.LPAREN => "(",
        MlSqlParser.RPAREN => ")",
        MlSqlParser.RBRACKET => "]",
        MlSqlParser.RBRACE => "}",
        MlSqlParser.COMMA => "a comma",
        MlSqlParser.DOT => "a dot",
        MlSqlParser.STAR => "*",
        MlSqlParser.EQUALS => "=",
        MlSqlParser.ARROW => "=>",
        MlSqlParser.AT => "@",
        _ => null,
    };
}
