using MlSql.Language.Grammar;
using MlSql.Language.Statements;

namespace MlSql.Language.Syntax;

/// <summary>Builds what stands behind ON.</summary>
internal static class SourceBuilder
{
    public static RelationSource Source(SqlTextBuilder texts, MlSqlParser.SourceContext source)
    {
        if (source.text() is not { } text) return new TableSource(SmallParts.SpanOf(source));
        SqlText query = texts.Text(text);
        return new QuerySource(query.Span, query);
    }
}
