using System.Diagnostics.CodeAnalysis;
using MlSql.Language;
using MlSql.Language.Tokens;

namespace MlSql.Engines.Spark.Text;

/// <summary>The tokens of one statement, with questions about them that may look past either end.</summary>
internal sealed class SqlTokens
{
    private readonly Token[] _tokens;
    private readonly int[] _partners;

    /// <summary>Throws <see cref="SparkTextException"/> MLS6401 where a quote or comment is never closed.</summary>
    public SqlTokens(string source)
    {
        Source = source;
        (_tokens, var diagnostics) = Scanner.Scan(source);
        if (!diagnostics.IsEmpty) throw new SparkTextException("MLS6401", diagnostics[0].Message, null, diagnostics[0].At);
        _partners = Brackets.Match(_tokens, source);
        Count = _tokens.Length;
        while (Count > 0 && _tokens[Count - 1].Kind == TokenKind.Semicolon) Count--;
    }

    public string Source { get; }

    /// <summary>Tokens without semicolons at the end.</summary>
    public int Count { get; }

    public Token this[int i] => _tokens[i];

    public TokenKind Kind(int i) => i >= 0 && i < Count ? _tokens[i].Kind : TokenKind.Semicolon;

    public bool Is(int i, string word) => i >= 0 && i < Count && _tokens[i].Is(Source, word);

    public bool IsAny(int i, params ReadOnlySpan<string> words)
    {
        foreach (string word in words)
            if (Is(i, word)) return true;
        return false;
    }

    public bool IsSymbol(int i, char symbol) => i >= 0 && i < Count && _tokens[i].IsSymbol(Source, symbol);

    public bool IsName(int i) => Kind(i) is TokenKind.Word or TokenKind.Quoted;

    public string Text(int i) => _tokens[i].In(Source).ToString();

    /// <summary>A word or a quoted name without its quotes, or a text's content.</summary>
    public string Unquoted(int i) => Kind(i) == TokenKind.Word ? Text(i) : Quotes.Unquote(Text(i));

    /// <summary>Index of the bracket that closes the one at <paramref name="i"/>; the last token when none does.</summary>
    public int Close(int i) => _partners[i] > i ? Math.Min(_partners[i], Count - 1) : Count - 1;

    /// <summary>Where a token begins; behind the last one where the index is too large.</summary>
    public int StartOf(int i) => i < Count ? _tokens[i].Start : Count == 0 ? Source.Length : _tokens[Count - 1].End;

    /// <summary>Where the token before <paramref name="i"/> ends.</summary>
    public int EndBefore(int i) => i > 0 ? _tokens[Math.Min(i, Count) - 1].End : 0;

    public Span SpanOf(int first, int end) => new(StartOf(first), Math.Max(0, EndBefore(end) - StartOf(first)));

    /// <summary>Reads a name of one or more parts at <paramref name="i"/>, which moves behind it.</summary>
    public bool TryName(ref int i, [NotNullWhen(true)] out string[]? parts)
    {
        parts = null;
        if (!IsName(i)) return false;
        List<string> found = [Unquoted(i++)];
        while (Kind(i) == TokenKind.Dot && IsName(i + 1))
        {
            found.Add(Unquoted(i + 1));
            i += 2;
        }
        parts = [.. found];
        return true;
    }
}
