using System.Collections.Immutable;
using MlSql.Language.Statements;

namespace MlSql.Language.Syntax;

/// <summary>Gathers the parts of a stretch in order and fills what lies between them with verbatim text, so that there are no gaps.</summary>
internal sealed class PartList(Span span)
{
    private readonly ImmutableArray<SqlPart>.Builder _parts = ImmutableArray.CreateBuilder<SqlPart>();
    private int _covered = span.Start;

    public void Add(SqlPart part)
    {
        FillTo(part.Span.Start);
        _parts.Add(part);
        _covered = part.Span.End;
    }

    public ImmutableArray<SqlPart> Finish()
    {
        FillTo(span.End);
        return _parts.ToImmutable();
    }

    private void FillTo(int end)
    {
        if (end > _covered) _parts.Add(new Verbatim(new Span(_covered, end - _covered)));
    }
}
