using Antlr4.Runtime;

namespace MlSql.Language.Tokens;

/// <summary>A token as the parser sees it.</summary>
internal sealed class SyntaxToken(string source, Token token, int index) : IToken
{
    public int Type { get; set; }

    public Token Token { get; } = token;

    public Span Span => new(Token.Start, Token.Length);

    public string Text => Token.In(source).ToString();

    public int StartIndex => Token.Start;

    public int StopIndex => Token.End - 1;

    public int TokenIndex { get; } = index;

    public int Channel => TokenConstants.DefaultChannel;

    public int Line => 0;

    public int Column => Token.Start;

    public ITokenSource? TokenSource => null;

    public ICharStream? InputStream => null;
}
