using System.Collections.Frozen;
using MlSql.Language.Grammar;
using MlSql.Language.Statements;
using MlSql.Language.Tokens;

namespace MlSql.Language.Syntax;

/// <summary>Tells the alias of a select item from its expression by its first and last tokens.</summary>
internal static class Aliases
{
    // After these words an operand follows, not an alias.
    private static readonly FrozenSet<string> s_operators = FrozenSet.ToFrozenSet(
        ["AND", "OR", "NOT", "IN", "IS", "LIKE", "ILIKE", "SIMILAR", "GLOB", "BETWEEN", "CASE", "WHEN", "THEN", "ELSE", "COLLATE", "OVER", "INTERVAL", "ESCAPE", "TO", "DISTINCT", "ALL", "FROM", "AT", "ZONE", "IGNORE", "RESPECT", "OPERATOR", "FILTER", "WITHIN", "GROUP"],
        StringComparer.OrdinalIgnoreCase);

    // Words that end an expression and are no names.
    private static readonly FrozenSet<string> s_endings = FrozenSet.ToFrozenSet(
        ["END", "NULL", "TRUE", "FALSE", "ISNULL", "NOTNULL", "PRECISION", "ZONE", "VARYING", "UNKNOWN"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The alias or null, and the expression's first and last token.</summary>
    public static (Name? Alias, int First, int Last) Find(StatementTokens tokens, int first, int last)
    {
        SyntaxToken[] all = tokens.Tokens;
        bool prefixed = last - first >= 2 && IsName(all[first]) && all[first + 1].Token.IsSymbol(tokens.Source, ':');
        if (prefixed) return (SmallParts.NameOf(all[first]), first + 2, last);
        if (last - first >= 2 && all[last - 1].Type == MlSqlParser.K_AS && (IsName(all[last]) || all[last].Type == MlSqlParser.TEXT))
            return (IsName(all[last]) ? SmallParts.NameOf(all[last]) : new Name(all[last].Span, [Quotes.Unquote(all[last].Text)]), first, last - 2);
        return last > first && IsBareAlias(all, first, last) ? (SmallParts.NameOf(all[last]), first, last - 1) : (null, first, last);
    }

    private static bool IsBareAlias(SyntaxToken[] all, int first, int last)
    {
        if (!IsName(all[last]) || s_endings.Contains(all[last].Text) && all[last].Token.Kind == TokenKind.Word) return false;
        SyntaxToken before = all[last - 1];
        if (last - 2 >= first && all[last - 2].Text.Equals("INTERVAL", StringComparison.OrdinalIgnoreCase)) return false;
        return before.Token.Kind switch
        {
            TokenKind.Word => !s_operators.Contains(before.Text),
            TokenKind.Quoted or TokenKind.Text or TokenKind.Number or TokenKind.Parameter or TokenKind.Close => true,
            _ => false,
        };
    }

    private static bool IsName(SyntaxToken token) => token.Token.Kind is TokenKind.Word or TokenKind.Quoted;
}
