using System.Collections.Immutable;
using System.Diagnostics;
using Antlr4.Runtime;
using MlSql.Language.Grammar;
using MlSql.Language.Statements;

namespace MlSql.Language.Syntax;

/// <summary>Builds statement records out of the parser's tree.</summary>
internal sealed class StatementBuilder(StatementTokens tokens)
{
    private readonly SqlTextBuilder _texts = new(tokens);

    public Statement Statement(MlSqlParser.StatementContext statement, Span span) => (ParserRuleContext)statement.GetChild(0) switch
    {
        MlSqlParser.TrainContext train => new TrainBuilder(tokens, _texts).Train(train, span),
        MlSqlParser.CreateModelContext create => new TrainBuilder(tokens, _texts).Create(create, span),
        MlSqlParser.RefreshContext refresh => new RefreshStatement(span, SmallParts.NameOf(refresh.name())),
        MlSqlParser.PredictContext predict => Predict(predict, span),
        MlSqlParser.EvaluateContext evaluate => Evaluate(evaluate, span),
        MlSqlParser.ExplainModelContext explain => Explain(explain, span),
        MlSqlParser.AlterModelContext alter => Alter(alter, span),
        MlSqlParser.DropModelContext drop => new DropModelStatement(span, SmallParts.NameOf(drop.name()), drop.K_IF() is not null),
        MlSqlParser.ShowContext show => Show(show, span),
        MlSqlParser.DescribeContext describe => new DescribeModelStatement(span, SmallParts.ModelOf(describe.modelRef())),
        MlSqlParser.ImportModelContext import => new ImportBuilder(tokens).Import(import, span),
        MlSqlParser.ExportModelContext export => ImportBuilder.Export(tokens, export, span),
        MlSqlParser.NotCarriedOutContext other => new NotCarriedOutStatement(span, Verb(other)),
        var other => throw new UnreachableException(other.GetType().Name),
    };

    public QueryStatement Query(MlSqlParser.QueryStatementContext query, Span span) => new(span, _texts.Text(query.text()));

    private PredictStatement Predict(MlSqlParser.PredictContext predict, Span span)
    {
        (ImmutableArray<Option> options, Name? into) = Clauses(predict.predictClause());
        return new PredictStatement(span, SmallParts.ModelOf(predict.modelRef()), SourceBuilder.Source(_texts, predict.source()), options, into);
    }

    private Statement Explain(MlSqlParser.ExplainModelContext explain, Span span)
    {
        ModelReference model = SmallParts.ModelOf(explain.modelRef());
        RelationSource? source = explain.source() is { } rows ? SourceBuilder.Source(_texts, rows) : null;
        if (explain.K_PREDICTIONS() is null) return new ExplainModelStatement(span, model, source, OptionBuilder.Options(tokens, explain.optionList()));
        (ImmutableArray<Option> options, Name? into) = Clauses(explain.predictClause());
        return new ExplainPredictionsStatement(span, model, source!, options, into);
    }

    private (ImmutableArray<Option> Options, Name? Into) Clauses(MlSqlParser.PredictClauseContext[] clauses)
    {
        var once = new OnceOnly(tokens.Source);
        ImmutableArray<Option> options = [];
        Name? into = null;
        foreach (MlSqlParser.PredictClauseContext clause in clauses)
        {
            once.Check(SmallParts.TokenOf(clause.Start));
            if (clause.name() is { } name) into = SmallParts.NameOf(name);
            else options = OptionBuilder.Options(tokens, clause.optionList());
        }
        return (options, into);
    }

    private Statement Evaluate(MlSqlParser.EvaluateContext evaluate, Span span)
    {
        var once = new OnceOnly(tokens.Source);
        RelationSource? source = null;
        ImmutableArray<Name> by = [];
        ImmutableArray<Option> options = [];
        Name? into = null;
        foreach (MlSqlParser.EvaluateClauseContext clause in evaluate.evaluateClause())
        {
            once.Check(SmallParts.TokenOf(clause.Start));
            if (clause.K_METRICS() is not null) return new NotCarriedOutStatement(span, "EVALUATE METRICS");
            if (clause.source() is { } rows) source = SourceBuilder.Source(_texts, rows);
            else if (clause.names() is { } names) by = SmallParts.NamesOf(names);
            else if (clause.name() is { } name) into = SmallParts.NameOf(name);
            else options = OptionBuilder.Options(tokens, clause.optionList());
        }
        return new EvaluateStatement(span, SmallParts.ModelOf(evaluate.modelRef()), source, by, options, into);
    }

    private static Statement Alter(MlSqlParser.AlterModelContext alter, Span span)
    {
        Span at = SmallParts.SpanOf(alter.alterAction());
        AlterAction? action = alter.alterAction() switch
        {
            MlSqlParser.RenameToContext rename => new RenameAction(at, SmallParts.NameOf(rename.name())),
            MlSqlParser.SetDefaultContext set => new SetDefaultAction(at, SmallParts.VersionOf(set.versionWord())),
            MlSqlParser.SetAliasContext set => new SetAliasAction(at, SmallParts.NameOf(set.ident()), SmallParts.VersionOf(set.versionWord())),
            MlSqlParser.SetAliasOfVersionContext set => new SetAliasAction(at, AliasOf(set), SmallParts.VersionOf(set.versionWord())),
            MlSqlParser.UnsetAliasContext unset => new UnsetAliasAction(at, SmallParts.NameOf(unset.ident())),
            MlSqlParser.RollbackContext rollback => new RollbackAction(at, rollback.versionWord() is { } version ? SmallParts.VersionOf(version) : null),
            MlSqlParser.DropVersionContext drop => new DropVersionAction(at, SmallParts.VersionOf(drop.versionWord())),
            MlSqlParser.CommentContext comment => new CommentAction(at, SmallParts.TextOf(comment.TEXT())),
            _ => null,
        };
        if (action is null) return new NotCarriedOutStatement(span, "ALTER MODEL " + SmallParts.TokenOf(alter.alterAction().Start).Text.ToUpperInvariant());
        return new AlterModelStatement(span, SmallParts.NameOf(alter.name()), alter.K_IF() is not null, action);
    }

    private static Name AliasOf(MlSqlParser.SetAliasOfVersionContext set) =>
        set.ident() is { } ident ? SmallParts.NameOf(ident) : new Name(SmallParts.TokenOf(set.TEXT().Symbol).Span, [SmallParts.TextOf(set.TEXT()).Text]);

    private Statement Show(MlSqlParser.ShowContext show, Span span) => show switch
    {
        MlSqlParser.ShowModelsContext { } models when models.name() is null => new ShowModelsStatement(span, models.TEXT() is { } like ? SmallParts.TextOf(like) : null),
        MlSqlParser.ShowModelsContext => new NotCarriedOutStatement(span, "SHOW MODELS IN"),
        MlSqlParser.ShowVersionsContext versions => new ShowVersionsStatement(span, SmallParts.NameOf(versions.name())),
        MlSqlParser.ShowCreateContext create => new ShowCreateModelStatement(span, SmallParts.ModelOf(create.modelRef())),
        MlSqlParser.ShowOtherContext other => new NotCarriedOutStatement(span, "SHOW " + tokens.Tokens[other.Start.TokenIndex + 1].Text.ToUpperInvariant()),
        _ => throw new UnreachableException(show.GetType().Name),
    };

    // The leading keywords up to the name: TUNE, CREATE STREAMING MODEL.
    private string Verb(MlSqlParser.NotCarriedOutContext statement)
    {
        string first = SmallParts.TokenOf(statement.Start).Text.ToUpperInvariant();
        if (first is "GRANT" or "REVOKE") return first + " ON MODEL";
        if (first == "TUNE") return "TUNE MODEL";
        if (first != "CREATE") return first + " " + tokens.Tokens[1].Text.ToUpperInvariant();
        if (statement.K_EXPERIMENT() is not null) return "CREATE EXPERIMENT";
        if (statement.K_MONITOR() is not null) return "CREATE MODEL MONITOR";
        return statement.K_STREAMING() is not null ? "CREATE STREAMING MODEL" : "CREATE STREAM";
    }
}
