using System.Collections.Immutable;

namespace MlSql.Language.Tokens;

/// <summary>
/// Cuts text into tokens by the rules that DuckDB shares with PostgreSQL: doubled quotes, E'' escapes, dollar quotes, nested comments. Never fails: what is
/// never closed becomes one token to the end of the text, and a diagnostic at where it began. One pass.
/// </summary>
internal sealed class Scanner(string source)
{
    private static readonly string[] s_long = ["->>", "::", ":=", "=>", "->", "|>", "<=", ">=", "<>", "!=", "==", "||", "**", "@>", "<@", "!~", "//", "<<", ">>"];

    private readonly List<Token> _tokens = new(source.Length / 5 + 4);
    private readonly ImmutableArray<Diagnostic>.Builder _diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
    private int _at;

    /// <summary>The tokens of the text without blanks and comments, and what was never closed.</summary>
    public static (Token[] Tokens, ImmutableArray<Diagnostic> Diagnostics) Scan(string source)
    {
        var scanner = new Scanner(source);
        while (scanner.Next())
        {
        }
        return (scanner._tokens.ToArray(), scanner._diagnostics.ToImmutable());
    }

    private char At(int position) => position < source.Length ? source[position] : '\0';

    private bool Next()
    {
        while (_at < source.Length && IsBlank(source[_at])) _at++;
        if (_at >= source.Length) return false;
        char c = source[_at];
        switch (c)
        {
            case '-' when At(_at + 1) == '-':
                int line = source.AsSpan(_at).IndexOfAny('\n', '\r');
                _at = line < 0 ? source.Length : _at + line;
                return true;
            case '/' when At(_at + 1) == '*':
                SkipComment();
                return true;
            case '\'':
                return Add(TokenKind.Text, EndOfQuoted(_at, '\'', escapes: false, "text"));
            case '"':
                return Add(TokenKind.Quoted, EndOfQuoted(_at, '"', escapes: false, "quoted name"));
            case '`':
                return Add(TokenKind.Quoted, EndOfQuoted(_at, '`', escapes: false, "quoted name"));
            case 'e' or 'E' when At(_at + 1) == '\'':
                return Add(TokenKind.Text, EndOfQuoted(_at + 1, '\'', escapes: true, "text"));
            case 'x' or 'X' or 'b' or 'B' when At(_at + 1) == '\'':
                return Add(TokenKind.Text, EndOfQuoted(_at + 1, '\'', escapes: false, "text"));
            case '(' or '[' or '{':
                return Add(TokenKind.Open, _at + 1);
            case ')' or ']' or '}':
                return Add(TokenKind.Close, _at + 1);
            case ',':
                return Add(TokenKind.Comma, _at + 1);
            case ';':
                return Add(TokenKind.Semicolon, _at + 1);
            case '$':
                return AddDollar();
            case '?' or '#' when char.IsAsciiDigit(At(_at + 1)):
                return Add(TokenKind.Parameter, EndOfWord(_at + 1));
            case '?':
                return Add(TokenKind.Parameter, _at + 1);
            case '.' when !char.IsAsciiDigit(At(_at + 1)):
                return Add(TokenKind.Dot, _at + 1);
            case '.' or (>= '0' and <= '9'):
                return Add(TokenKind.Number, EndOfNumber());
        }
        if (IsWordStart(c)) return Add(TokenKind.Word, EndOfWord(_at));
        return Add(TokenKind.Operator, _at + OperatorLength());
    }

    private bool Add(TokenKind kind, int end)
    {
        _tokens.Add(new Token(kind, _at, end - _at));
        _at = end;
        return true;
    }

    private bool AddDollar()
    {
        if (char.IsAsciiDigit(At(_at + 1))) return Add(TokenKind.Parameter, EndOfWord(_at + 1));
        int tagEnd = _at + 1;
        if (IsWordStart(At(tagEnd)))
            while (IsWordPart(At(tagEnd)) && At(tagEnd) != '$') tagEnd++;
        if (At(tagEnd) != '$') return tagEnd > _at + 1 ? Add(TokenKind.Parameter, tagEnd) : Add(TokenKind.Operator, _at + 1);

        ReadOnlySpan<char> tag = source.AsSpan(_at, tagEnd + 1 - _at);
        int close = source.AsSpan(tagEnd + 1).IndexOf(tag, StringComparison.Ordinal);
        if (close >= 0) return Add(TokenKind.Text, tagEnd + 1 + close + tag.Length);
        _diagnostics.Add(Diagnostics.NeverClosed(new Span(_at, tag.Length), "text", tag.ToString()));
        return Add(TokenKind.Text, source.Length);
    }

    private int EndOfQuoted(int open, char quote, bool escapes, string what)
    {
        for (int i = open + 1; i < source.Length; i++)
        {
            if (escapes && source[i] == '\\') i++;
            else if (source[i] == quote)
            {
                if (At(i + 1) != quote) return i + 1;
                i++;
            }
        }
        _diagnostics.Add(Diagnostics.NeverClosed(new Span(open, 1), what, quote.ToString()));
        return source.Length;
    }

    private void SkipComment()
    {
        int open = _at;
        int depth = 0;
        while (_at < source.Length)
        {
            if (source[_at] == '/' && At(_at + 1) == '*')
            {
                depth++;
                _at += 2;
            }
            else if (source[_at] == '*' && At(_at + 1) == '/')
            {
                depth--;
                _at += 2;
                if (depth == 0) return;
            }
            else
            {
                _at++;
            }
        }
        // It is a token, so that the statement it swallowed is not empty and the diagnostic has a place to go.
        _at = open;
        _diagnostics.Add(Diagnostics.NeverClosed(new Span(open, 2), "comment", "*/"));
        Add(TokenKind.Operator, source.Length);
    }

    private int EndOfNumber()
    {
        int i = _at;
        if (source[i] == '0' && At(i + 1) is 'x' or 'X' or 'b' or 'B') return EndOfWord(i);
        while (char.IsAsciiDigit(At(i)) || At(i) == '_') i++;
        if (At(i) == '.' && At(i + 1) != '.')
        {
            i++;
            while (char.IsAsciiDigit(At(i)) || At(i) == '_') i++;
        }
        if (At(i) is 'e' or 'E')
        {
            int exponent = i + (At(i + 1) is '+' or '-' ? 2 : 1);
            if (char.IsAsciiDigit(At(exponent)))
            {
                i = exponent;
                while (char.IsAsciiDigit(At(i))) i++;
            }
        }
        return i;
    }

    private int EndOfWord(int start)
    {
        int i = start;
        while (i < source.Length && IsWordPart(source[i])) i++;
        return Math.Max(i, start + 1);
    }

    private int OperatorLength()
    {
        ReadOnlySpan<char> rest = source.AsSpan(_at);
        foreach (string op in s_long)
            if (rest.StartsWith(op, StringComparison.Ordinal)) return op.Length;
        return 1;
    }

    internal static bool IsBlank(char c) => c is ' ' or '\t' or '\r' or '\n' or '\f' or '\v' or '\u00A0' or '\uFEFF' || (c > 127 && char.IsWhiteSpace(c));

    internal static bool IsWordStart(char c) => char.IsAsciiLetter(c) || c == '_' || (c > 127 && !IsBlank(c));

    internal static bool IsWordPart(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' || (c > 127 && !IsBlank(c));
}
