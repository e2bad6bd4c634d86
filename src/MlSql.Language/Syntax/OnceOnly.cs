using MlSql.Language.Tokens;

namespace MlSql.Language.Syntax;

/// <summary>Refuses a clause that stands twice, naming both places.</summary>
internal sealed class OnceOnly(string source)
{
    private readonly Dictionary<string, Span> _seen = new(StringComparer.Ordinal);

    public void Check(SyntaxToken keyword) => Check(keyword.Text.ToUpperInvariant(), keyword.Span);

    public void Check(string clause, Span at)
    {
        if (_seen.TryGetValue(clause, out Span first)) throw new SyntaxException(Diagnostics.DuplicateClause(at, clause, LinePosition.Of(source, first.Start).ToString()));
        _seen.Add(clause, at);
    }
}
