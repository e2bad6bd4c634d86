using Antlr4.Runtime;
using Antlr4.Runtime.Tree;
using MlSql.Language.Grammar;
using MlSql.Language.Statements;
using MlSql.Language.Tokens;

namespace MlSql.Language.Syntax;

/// <summary>Builds the tree of the engine's SQL: structure where it leads to ML parts, verbatim text elsewhere.</summary>
internal sealed class SqlTextBuilder(StatementTokens tokens)
{
    private MlCallBuilder Calls => field ??= new MlCallBuilder(tokens, this);

    public SqlText Text(ParserRuleContext context) => SmallParts.IsEmpty(context) ? Empty(context.Start.StartIndex) : Text([context]);

    /// <summary>The text of neighbouring nodes.</summary>
    public SqlText Text(IReadOnlyList<ParserRuleContext> nodes)
    {
        var first = SmallParts.TokenOf(nodes[0].Start);
        var last = SmallParts.TokenOf(nodes[^1].Stop);
        Span span = Span.Between(first.Span, last.Span);
        var parts = new PartList(span);
        foreach (ParserRuleContext node in nodes) Collect(node, parts);
        return new SqlText(span, parts.Finish()) { HasMl = tokens.HasMl(first.TokenIndex, last.TokenIndex) };
    }

    public static SqlText Empty(int position) => new(new Span(position, 0), []);

    private void Collect(IParseTree node, PartList into)
    {
        if (node is not ParserRuleContext context || SmallParts.IsEmpty(context) || !HasMl(context)) return;
        switch (context)
        {
            case MlSqlParser.ScalarPredictContext scalar:
                into.Add(Calls.Scalar(scalar));
                break;
            case MlSqlParser.TableCallContext call:
                into.Add(Calls.Table(call));
                break;
            case MlSqlParser.TsqlPredictContext call:
                into.Add(Calls.Tsql(call));
                break;
            case MlSqlParser.RefusedContext refused:
                into.Add(MlCallBuilder.Refused(refused));
                break;
            case MlSqlParser.QueryContext query:
                into.Add(Query(query));
                break;
            default:
                for (int i = 0; i < context.ChildCount; i++) Collect(context.GetChild(i), into);
                break;
        }
    }

    private bool HasMl(ParserRuleContext context) => tokens.HasMl(context.Start.TokenIndex, context.Stop.TokenIndex);

    public QueryExpression Query(MlSqlParser.QueryContext query)
    {
        Span span = SmallParts.SpanOf(query);
        var parts = new PartList(span);
        for (int i = 0; i < query.ChildCount; i++)
        {
            if (query.GetChild(i) is not ParserRuleContext child || SmallParts.IsEmpty(child)) continue;
            if (child is MlSqlParser.WithClauseContext with) parts.Add(With(with));
            else if (child is MlSqlParser.OpeningBlockContext or MlSqlParser.BlockContext) parts.Add(Block(child));
        }
        return new QueryExpression(span, parts.Finish());
    }

    private WithClause With(MlSqlParser.WithClauseContext with)
    {
        Span span = SmallParts.SpanOf(with);
        MlSqlParser.CommonTableContext[] tables = with.commonTable();
        var parts = new PartList(span);
        foreach (MlSqlParser.CommonTableContext table in tables)
        {
            if (table.aliasedModel() is not null) parts.Add(new NotCarriedOut(SmallParts.SpanOf(table), "WITH name AS MODEL"));
            else Collect(table, parts);
        }
        Span list = Span.Between(SmallParts.SpanOf(tables[0]), SmallParts.SpanOf(tables[^1]));
        return new WithClause(span, with.K_RECURSIVE() is not null, list, parts.Finish());
    }

    private SelectBlock Block(ParserRuleContext block)
    {
        Span span = SmallParts.SpanOf(block);
        var parts = new PartList(span);
        bool hasFrom = false;
        foreach (IParseTree child in block.children) Clause(child is MlSqlParser.ClauseContext clause ? clause.GetChild(0) : child, parts, ref hasFrom);
        return new SelectBlock(span, parts.Finish());
    }

    private void Clause(IParseTree clause, PartList into, ref bool hasFrom)
    {
        switch (clause)
        {
            case MlSqlParser.SelectClauseContext select:
                foreach (IParseTree child in select.children)
                {
                    if (child is MlSqlParser.SelectItemContext item) into.Add(Item(item));
                    else Collect(child, into);
                }
                break;
            case MlSqlParser.LeadingFromContext or MlSqlParser.FromClauseContext when !hasFrom:
                hasFrom = true;
                into.Add(From((ParserRuleContext)clause));
                break;
            default:
                Collect(clause, into);
                break;
        }
    }

    private FromClause From(ParserRuleContext from)
    {
        Span span = SmallParts.SpanOf(from);
        List<ParserRuleContext> relations = [.. from.children.OfType<ParserRuleContext>()];
        return new FromClause(span, relations.Count == 0 ? Empty(span.End) : Text(relations));
    }

    private SelectItem Item(MlSqlParser.SelectItemContext item)
    {
        int first = item.Start.TokenIndex;
        int last = item.Stop.TokenIndex;
        (Name? alias, int exprFirst, int exprLast) = Aliases.Find(tokens, first, last);
        Span span = Span.Between(tokens.Tokens[exprFirst].Span, tokens.Tokens[exprLast].Span);
        var parts = new PartList(span);
        foreach (IParseTree child in item.children)
            if (child is ParserRuleContext part && part.Start.TokenIndex >= exprFirst && part.Stop.TokenIndex <= exprLast) Collect(part, parts);
        var expression = new SqlText(span, parts.Finish()) { HasMl = tokens.HasMl(exprFirst, exprLast) };
        return new SelectItem(SmallParts.SpanOf(item), expression, alias, IsStar(exprFirst, exprLast));
    }

    // * and t.*, also with EXCLUDE, EXCEPT, REPLACE, RENAME behind it.
    private bool IsStar(int first, int last)
    {
        int i = first;
        while (i + 2 <= last && tokens.Tokens[i].Token.Kind is TokenKind.Word or TokenKind.Quoted && tokens.Tokens[i + 1].Type == MlSqlParser.DOT) i += 2;
        if (tokens.Tokens[i].Type != MlSqlParser.STAR) return false;
        return i == last || tokens.Tokens[i + 1].Token.Kind == TokenKind.Word;
    }
}
