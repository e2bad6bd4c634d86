using System.Text;
using MlSql.Language;
using MlSql.Language.Statements;

namespace MlSql.Planning.Binding;

/// <summary>
/// Prints SQL so that the engine can say its columns without knowing our functions: a prediction becomes a NULL of its type, a table form a query of the same columns.
/// </summary>
internal sealed class DescribableText(string source, Func<ModelReference, ModelVersion?> resolve, Func<TableCall, string?> tableColumns)
{
    /// <summary>The text, or null when some part is not known.</summary>
    public string? Of(SqlText sql)
    {
        var into = new StringBuilder();
        return Append(sql.Parts, into) ? into.ToString() : null;
    }

    /// <summary>The text of some parts, or null when one of them is not known.</summary>
    public string? Of(IEnumerable<SqlPart> parts)
    {
        var into = new StringBuilder();
        return Append(parts, into) ? into.ToString() : null;
    }

    private bool Append(IEnumerable<SqlPart> parts, StringBuilder into) => parts.All(part => Append(part, into));

    private bool Append(SqlPart part, StringBuilder into)
    {
        switch (part)
        {
            case Verbatim v:
                into.Append(v.Span.Of(source));
                return true;
            case QueryExpression q:
                return Append(q.Parts, into);
            case WithClause w:
                return Append(w.Parts, into);
            case SelectBlock b:
                return Append(b.Parts, into);
            case SelectItem i:
                if (!Append(i.Expression.Parts, into)) return false;
                if (i.Alias is { } alias) into.Append(" AS ").Append(SqlQuote.Identifier(alias.Last));
                else if (i.Expression.HasMl) into.Append(" AS ").Append(SqlQuote.Identifier(i.Span.Of(source)));
                return true;
            case FromClause f:
                into.Append(source, f.Span.Start, f.Relations.Span.Start - f.Span.Start);
                return Append(f.Relations.Parts, into);
            case ScalarPredict p:
                if (resolve(p.Model) is not { } model) return false;
                into.Append("CAST(NULL AS ").Append(PredictionTypes.Of(model, PredictionTypes.OutputOf(p))).Append(')');
                return true;
            case TableCall t:
                if (tableColumns(t) is not { } columns) return false;
                into.Append(columns);
                return true;
            default:
                return false;
        }
    }
}
