using System.Collections;
using System.Collections.Frozen;
using MlSql.Language;
using MlSql.Language.Tokens;

namespace MlSql.Engines.Spark.Text;

/// <summary>Rewrites what may stand anywhere in a statement: files in FROM, names under mlsql, types, literals, * EXCLUDE. All else is copied.</summary>
internal sealed class BodyRewriter(SqlTokens tokens, SparkNames names, FileViews views)
{
    // Words behind a relation that are no alias of it and let one stand before them, other than TABLESAMPLE and PIVOT.
    private static readonly FrozenSet<string> s_noAlias = FrozenSet.ToFrozenSet(
    [
        "WHERE", "JOIN", "INNER", "LEFT", "RIGHT", "FULL", "OUTER", "CROSS", "NATURAL", "SEMI", "ANTI", "ASOF", "POSITIONAL", "LATERAL", "ON", "USING", "GROUP", "ORDER", "SORT", "CLUSTER", "DISTRIBUTE", "HAVING", "LIMIT", "OFFSET",
        "FETCH", "UNION", "INTERSECT", "EXCEPT", "MINUS", "QUALIFY", "WINDOW", "SELECT", "INSERT", "SET", "WHEN", "FOR", "RETURNING",
    ], StringComparer.OrdinalIgnoreCase);

    private readonly BitArray _relations = RelationPlaces.Find(tokens);
    private readonly Dictionary<int, string> _nested = NestedLiterals.Find(tokens);
    private readonly HashSet<int> _types = [];

    /// <summary>Writes the tokens from <paramref name="first"/> up to <paramref name="end"/> with the blanks and comments between them.</summary>
    public void Write(SparkTextBuilder text, int first, int end)
    {
        for (int i = first; i < end;)
        {
            if (i > first) WriteGap(text, i);
            int next = WriteOne(text, i);
            if (next == i) text.Copy(tokens[i].Start, tokens[next++].End);
            i = next;
        }
    }

    /// <summary>Says that a type begins with a token.</summary>
    public void MarkType(int i) => _types.Add(i);

    /// <summary>Writes the blanks and comments before token <paramref name="i"/>. Spark takes a line's end behind a backslash into the comment.</summary>
    public void WriteGap(SparkTextBuilder text, int i)
    {
        int start = tokens.EndBefore(i), end = tokens.StartOf(i);
        for (int at = start; at < end; at++)
        {
            if (tokens.Source[at] != '\\' || at + 1 >= end || tokens.Source[at + 1] is not ('\n' or '\r')) continue;
            text.Copy(start, at + 1).Write(" ", at + 1);
            start = at + 1;
        }
        text.Copy(start, end);
    }

    // The index behind what was written; the same index where the token stays as it is.
    private int WriteOne(SparkTextBuilder text, int i)
    {
        Token token = tokens[i];
        if (_nested.TryGetValue(i, out string? nested))
        {
            text.Write(nested, token.Start);
            return i + 1;
        }
        switch (token.Kind)
        {
            case TokenKind.Text when _relations[i]:
                WriteRelation(text, views.OfName(tokens.Unquoted(i), token.Span), FilePaths.Alias(tokens.Unquoted(i)), i, i + 1);
                return i + 1;
            case TokenKind.Text when !IsRaw(i) && SparkLiteral.Rewritten(tokens.Text(i)) is { } literal:
                text.Write(literal, token.Start);
                return i + 1;
            case TokenKind.Operator when token.Length == 2 && tokens.Text(i) == "::":
                _types.Add(i + 1);
                return i;
            case TokenKind.Word when _types.Contains(i):
                return WriteType(text, i);
            case TokenKind.Word or TokenKind.Quoted when tokens.Kind(i - 1) != TokenKind.Dot:
                return WriteWord(text, i);
            default:
                return i;
        }
    }

    // r'..' is Spark's own: nothing in it is an escape.
    private bool IsRaw(int i) => tokens.IsAny(i - 1, "r") && tokens.EndBefore(i) == tokens[i].Start;

    private int WriteType(SparkTextBuilder text, int i)
    {
        int end = i;
        if (TypeNames.Read(tokens, ref end) is not { } type) return i;
        text.Write(type, tokens[i].Start);
        return end;
    }

    private int WriteWord(SparkTextBuilder text, int i)
    {
        if (names.Views.TryGetValue(tokens.Unquoted(i), out var beneath)) views.Add(beneath);
        if (tokens[i].Kind != TokenKind.Word) return i;
        if (_relations[i] && ReaderCalls.At(tokens, i))
        {
            int end = i;
            string view = ReaderCalls.Read(tokens, ref end, views);
            WriteRelation(text, view, tokens.Text(i), i, end);
            return end;
        }
        if (tokens.Is(i, "mlsql") && tokens.Kind(i + 1) == TokenKind.Dot && tokens.IsName(i + 2) && SparkNames.SystemView(tokens.Unquoted(i + 2)) is { } system)
        {
            // The columns of mlsql.models are said as models.name, mlsql.models.name or plainly.
            if (tokens.Kind(i + 3) == TokenKind.Dot) text.Copy(tokens[i + 2].Start, tokens[i + 2].End);
            else WriteRelation(text, system, _relations[i] ? tokens.Unquoted(i + 2) : null, i, i + 3);
            return i + 3;
        }
        if (tokens.IsAny(i, "CAST", "TRY_CAST") && tokens.IsSymbol(i + 1, '(')) MarkCast(i + 1);
        if (tokens.Is(i, "EXCLUDE") && tokens.IsSymbol(i - 1, '*') && (tokens.Kind(i - 2) is TokenKind.Comma or TokenKind.Dot || tokens.IsAny(i - 2, "SELECT", "DISTINCT", "ALL"))) return WriteExcluded(text, i);
        if (!tokens.Is(i, "TIMESTAMPTZ") || tokens.Kind(i + 1) != TokenKind.Text) return i;
        text.Write("TIMESTAMP_LTZ", tokens[i].Start);
        return i + 1;
    }

    // * EXCLUDE (a, b) or * EXCLUDE a: Spark's EXCEPT, always with brackets.
    private int WriteExcluded(SparkTextBuilder text, int i)
    {
        bool alone = tokens.IsName(i + 1);
        if (!alone && !tokens.IsSymbol(i + 1, '(')) return i;
        text.Write("EXCEPT", tokens[i].Start);
        if (!alone) return i + 1;
        WriteGap(text, i + 1);
        text.Write("(", tokens[i + 1].Start).Copy(tokens[i + 1].Start, tokens[i + 1].End).Write(")", tokens[i + 1].End);
        return i + 2;
    }

    // DESCRIBE takes a name alone.
    private void WriteRelation(SparkTextBuilder text, string view, string? alias, int first, int end) =>
        text.Write(alias is null || HasAlias(end) || first == 1 ? view : $"{view} AS {SqlQuote.Identifier(alias)}", tokens[first].Start);

    private bool HasAlias(int i) => tokens.Kind(i) switch
    {
        TokenKind.Quoted => true,
        TokenKind.Word => !s_noAlias.Contains(tokens.Text(i)),
        _ => false,
    };

    // CAST(x AS t): the last AS of the brackets themselves.
    private void MarkCast(int open)
    {
        int close = tokens.Close(open);
        int type = -1;
        for (int i = open + 1; i < close; i++)
        {
            if (tokens.Kind(i) == TokenKind.Open) i = tokens.Close(i);
            else if (tokens.Is(i, "AS")) type = i + 1;
        }
        if (type > 0) _types.Add(type);
    }
}
