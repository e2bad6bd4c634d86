using Antlr4.Runtime;
using Antlr4.Runtime.Misc;

namespace MlSql.Language.Tokens;

/// <summary>The tokens of one statement, the end of input last.</summary>
internal sealed class SyntaxTokenStream(string source, SyntaxToken[] tokens) : ITokenStream
{
    public int Index { get; private set; }

    public int Size => tokens.Length;

    public string SourceName => "script";

    public ITokenSource? TokenSource => null;

    public IToken? LT(int k)
    {
        int i = k > 0 ? Index + k - 1 : Index + k;
        return i < 0 ? null : tokens[Math.Min(i, tokens.Length - 1)];
    }

    public int LA(int i) => LT(i)?.Type ?? TokenConstants.InvalidType;

    public IToken Get(int i) => tokens[i];

    public void Consume()
    {
        if (Index < tokens.Length - 1) Index++;
    }

    public int Mark() => 0;

    public void Release(int marker)
    {
    }

    public void Seek(int index) => Index = index;

    public string GetText(Interval interval) => Text(interval.a, interval.b);

    public string GetText() => Text(0, tokens.Length - 1);

    public string GetText(RuleContext ctx) => GetText(ctx.SourceInterval);

    public string GetText(IToken start, IToken stop) => Text(start.TokenIndex, stop.TokenIndex);

    private string Text(int first, int last) => first > last ? "" : source[tokens[first].Span.Start..tokens[last].Span.End];
}
