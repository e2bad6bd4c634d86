namespace MlSql.Language.Tokens;

/// <summary>What a token is, before anybody asks whether a word is a keyword.</summary>
internal enum TokenKind : byte
{
    Word,
    Quoted,
    Text,
    Number,
    Parameter,
    Open,
    Close,
    Comma,
    Dot,
    Semicolon,
    Operator,
}

/// <summary>A token of a script: its kind and where it stands.</summary>
internal readonly record struct Token(TokenKind Kind, int Start, int Length)
{
    public int End => Start + Length;

    public Span Span => new(Start, Length);

    public ReadOnlySpan<char> In(string source) => source.AsSpan(Start, Length);

    /// <summary>True for this word in any case, unquoted.</summary>
    public bool Is(string source, string word) => Kind == TokenKind.Word && In(source).Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>True for this symbol.</summary>
    public bool IsSymbol(string source, char symbol) => Length == 1 && source[Start] == symbol;
}
