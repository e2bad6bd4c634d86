using System.Collections.Immutable;
using System.Text;
using MlSql.Language;
using MlSql.Language.Statements;
using MlSql.Planning.Plans;

namespace MlSql.Planning.Binding;

/// <summary>Binds the ML parts of a stretch of SQL; everything else stays as it was written.</summary>
internal sealed class SqlBinder
{
    private readonly BindContext _context;
    private readonly DescribableText _describable;
    private readonly TableCallBinder _tables;
    private readonly PredictionBinder _predictions;

    public SqlBinder(BindContext context)
    {
        _context = context;
        _tables = new TableCallBinder(context, this);
        _predictions = new PredictionBinder(context, this);
        _describable = new DescribableText(context.Source, context.Resolve, _tables.DescribableQuery);
    }

    /// <summary>The scope outside of any query.</summary>
    public Scope Outermost => new(null, null, false, null, _context.Catalog);

    /// <summary>Binds a stretch in a scope.</summary>
    public BoundSql Bind(SqlText sql, Scope scope)
    {
        var into = new PartList();
        Bind(sql.Parts, scope, into);
        return into.ToSql();
    }

    /// <summary>The stretch as the engine can describe it, or null.</summary>
    public string? Describable(SqlText sql) => _describable.Of(sql);

    /// <summary>Binds PREDICT m ON source and EVALUATE's source.</summary>
    public TableCallBinder Tables => _tables;

    private void Bind(IEnumerable<SqlPart> parts, Scope scope, PartList into)
    {
        foreach (var part in parts) Bind(part, scope, into);
    }

    private void Bind(SqlPart part, Scope scope, PartList into)
    {
        switch (part)
        {
            case Verbatim v:
                into.Add(_context.TextOf(v.Span));
                break;
            case QueryExpression query:
                BindQuery(query, scope, into);
                break;
            case SelectBlock block:
                BindBlock(block, scope, into);
                break;
            case ScalarPredict predict:
                if (_predictions.Bind(predict, scope) is { } prediction) into.Add(prediction);
                break;
            case TableCall call:
                if (_tables.Bind(call, scope) is { } table) into.Add(table);
                break;
            case NotCarriedOut form:
                _context.Report(BindErrors.NotCarriedOut(form.Span, form.What));
                break;
            default:
                throw new System.Diagnostics.UnreachableException(part.GetType().Name);
        }
    }

    private void BindQuery(QueryExpression query, Scope scope, PartList into)
    {
        var inner = scope;
        foreach (var part in query.Parts)
        {
            if (part is WithClause with)
            {
                BindWith(with, scope, into);
                string? list = _describable.Of(with.Parts);
                inner = scope.Inner(list is null ? null : CommonTableList(list), with.Recursive, null);
            }
            else
            {
                Bind(part, inner, into);
            }
        }
    }

    // The body of each common table sees those before it.
    private void BindWith(WithClause with, Scope scope, PartList into)
    {
        var before = new List<SqlPart>();
        foreach (var part in with.Parts)
        {
            if (part is Verbatim)
            {
                Bind(part, scope, into);
            }
            else
            {
                string? list = _describable.Of(before);
                string? whole = list is null ? null : WholeCommonTables(CommonTableList(list));
                Bind(part, scope.Inner(whole, with.Recursive, null), into);
            }
            before.Add(part);
        }
    }

    private void BindBlock(SelectBlock block, Scope scope, PartList into)
    {
        var inner = scope.Inner(null, false, block.From is { } from ? _describable.Of(from.Relations) : null);
        foreach (var part in block.Parts)
        {
            switch (part)
            {
                case SelectItem item:
                    BindItem(item, inner, into);
                    break;
                case FromClause clause:
                    into.Add(_context.Source[clause.Span.Start..clause.Relations.Span.Start]);
                    Bind(clause.Relations.Parts, inner, into);
                    break;
                default:
                    Bind(part, inner, into);
                    break;
            }
        }
    }

    // An item with a prediction and no name is called as it was written, not by the name of a generated function.
    private void BindItem(SelectItem item, Scope scope, PartList into)
    {
        Bind(item.Expression.Parts, scope, into);
        if (item.Alias is { } alias) into.Add(" AS " + SqlQuote.Identifier(alias.Last));
        else if (item.Expression.HasMl && !item.Star) into.Add(" AS " + SqlQuote.Identifier(_context.TextOf(item.Span).Trim()));
        int end = item.Span.End - 1;
        while (end > item.Expression.Span.End && char.IsWhiteSpace(_context.Source[end])) end--;
        into.Add(_context.Source[(end + 1)..item.Span.End]);
    }

    // The text of a WITH clause without its keywords.
    private static string CommonTableList(string with)
    {
        string list = with.TrimStart()["WITH".Length..].TrimStart();
        const string recursive = "RECURSIVE";
        return list.StartsWith(recursive, StringComparison.OrdinalIgnoreCase) && list.Length > recursive.Length && char.IsWhiteSpace(list[recursive.Length])
            ? list[recursive.Length..].TrimStart()
            : list;
    }

    // Cuts "a AS (…), b AS (" at its last comma outside of brackets and quotes: null when no table is whole.
    private static string? WholeCommonTables(string list)
    {
        int depth = 0, comma = -1;
        char quote = '\0';
        for (int i = 0; i < list.Length; i++)
        {
            char c = list[i];
            if (quote != '\0')
            {
                if (c == quote) quote = '\0';
                continue;
            }
            switch (c)
            {
                case '\'' or '"':
                    quote = c;
                    break;
                case '(':
                    depth++;
                    break;
                case ')':
                    depth--;
                    break;
                case ',' when depth == 0:
                    comma = i;
                    break;
            }
        }
        return comma < 0 ? null : list[..comma];
    }

    /// <summary>Collects parts; neighbouring texts grow together.</summary>
    private sealed class PartList
    {
        private readonly ImmutableArray<BoundPart>.Builder _parts = ImmutableArray.CreateBuilder<BoundPart>();
        private readonly StringBuilder _text = new();

        public void Add(string text) => _text.Append(text);

        public void Add(BoundPart part)
        {
            Flush();
            _parts.Add(part);
        }

        public BoundSql ToSql()
        {
            Flush();
            return new BoundSql(_parts.ToImmutable());
        }

        private void Flush()
        {
            if (_text.Length == 0) return;
            _parts.Add(new BoundText(_text.ToString()));
            _text.Clear();
        }
    }
}
