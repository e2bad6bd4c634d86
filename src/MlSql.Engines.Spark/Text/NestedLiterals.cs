using System.Collections.Frozen;
using MlSql.Language.Tokens;

namespace MlSql.Engines.Spark.Text;

/// <summary>[a, b], {'k': v} and MAP {k: v} as calls of array, named_struct and map. Spark has no text that begins so where a value is expected; brackets behind a value are an element of it and stay.</summary>
internal static class NestedLiterals
{
    private static readonly FrozenSet<string> s_beforeValues = FrozenSet.ToFrozenSet(
        ["SELECT", "DISTINCT", "ALL", "WHERE", "HAVING", "ON", "BY", "AND", "OR", "NOT", "IN", "LIKE", "BETWEEN", "CASE", "WHEN", "THEN", "ELSE", "ARRAY", "MAP", "RETURN", "VALUES", "LIMIT"], StringComparer.OrdinalIgnoreCase);

    /// <summary>What to write in place of tokens: brackets, names of fields, colons.</summary>
    public static Dictionary<int, string> Find(SqlTokens tokens)
    {
        Dictionary<int, string> instead = [];
        for (int i = 0; i < tokens.Count; i++)
        {
            bool closed = tokens.Kind(i) == TokenKind.Open && !tokens.IsSymbol(i, '(') && tokens.Kind(tokens.Close(i)) == TokenKind.Close && BeginsValue(tokens, i);
            if (!closed) continue;
            if (tokens.IsSymbol(i, '[')) AddList(instead, tokens, i);
            else AddFields(instead, tokens, i, map: tokens.Is(i - 1, "MAP"));
        }
        return instead;
    }

    private static bool BeginsValue(SqlTokens tokens, int i) => tokens.Kind(i - 1) switch
    {
        TokenKind.Open or TokenKind.Comma => true,
        TokenKind.Operator => i > 0,
        TokenKind.Word => tokens.Kind(i - 2) != TokenKind.Dot && s_beforeValues.Contains(tokens.Text(i - 1)),
        _ => false,
    };

    private static void AddList(Dictionary<int, string> instead, SqlTokens tokens, int open)
    {
        // [x FOR x IN l] is another thing.
        for (int i = open + 1; i < tokens.Close(open); i++)
        {
            if (tokens.Kind(i) == TokenKind.Open) i = tokens.Close(i);
            else if (tokens.Is(i, "FOR")) return;
        }
        instead[open] = tokens.Is(open - 1, "ARRAY") ? "(" : "array(";
        instead[tokens.Close(open)] = ")";
    }

    private static void AddFields(Dictionary<int, string> instead, SqlTokens tokens, int open, bool map)
    {
        int close = tokens.Close(open);
        List<(int Token, string Text)> found = [(open, map ? "(" : "named_struct("), (close, ")")];
        bool begins = true, colon = false;
        for (int i = open + 1; i < close; i++)
        {
            if (begins && !map)
            {
                if (tokens.Kind(i) is not (TokenKind.Text or TokenKind.Word or TokenKind.Quoted) || !tokens.IsSymbol(i + 1, ':')) return;
                found.Add((i, SparkLiteral.Text(tokens.Unquoted(i))));
            }
            begins = tokens.Kind(i) == TokenKind.Comma;
            if (begins && !colon) return;
            if (begins) colon = false;
            if (tokens.Kind(i) == TokenKind.Open) i = tokens.Close(i);
            else if (!colon && tokens.IsSymbol(i, ':'))
            {
                found.Add((i, ","));
                colon = true;
            }
        }
        if (!colon && close > open + 1) return;
        foreach ((int token, string text) in found) instead[token] = text;
    }
}
