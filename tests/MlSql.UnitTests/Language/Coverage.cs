using System.Collections.Immutable;
using MlSql.Language;
using MlSql.Language.Statements;

namespace MlSql.UnitTests.Language;

/// <summary>Checks that a tree covers its text without gaps or overlaps, all the way down.</summary>
internal static class Coverage
{
    public static void Check(SqlText text)
    {
        Covers(text.Span, text.Parts);
        Assert.That(text.HasMl, Is.EqualTo(Parsing.AllParts(text).Any(part => part is ScalarPredict or TableCall or NotCarriedOut)));
    }

    private static void Covers(Span span, ImmutableArray<SqlPart> parts)
    {
        int at = span.Start;
        foreach (SqlPart part in parts)
        {
            Assert.That(part.Span.Start, Is.EqualTo(at), $"gap or overlap before {part.GetType().Name}");
            Assert.That(part.Span.Length, Is.Positive);
            at = part.Span.End;
            Check(part);
        }
        Assert.That(at, Is.EqualTo(span.End));
    }

    private static void Check(SqlPart part)
    {
        switch (part)
        {
            case QueryExpression query: Covers(query.Span, query.Parts); break;
            case WithClause with: Covers(with.Span, with.Parts); break;
            case SelectBlock block: Covers(block.Span, block.Parts); break;
            case SelectItem item: Within(item.Span, item.Expression); break;
            case FromClause from: Within(from.Span, from.Relations); break;
            case ScalarPredict predict:
                foreach (PredictArgument argument in predict.Arguments ?? []) Within(predict.Span, argument.Expression);
                break;
            case TableCall { Source: QuerySource query } call: Within(call.Span, query.Query); break;
        }
    }

    private static void Within(Span outer, SqlText inner)
    {
        Assert.That(inner.Span.Start, Is.GreaterThanOrEqualTo(outer.Start));
        Assert.That(inner.Span.End, Is.LessThanOrEqualTo(outer.End));
        Covers(inner.Span, inner.Parts);
    }
}
