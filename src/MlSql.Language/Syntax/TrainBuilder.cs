using System.Collections.Immutable;
using Antlr4.Runtime;
using MlSql.Language.Grammar;
using MlSql.Language.Statements;
using MlSql.Language.Tokens;

namespace MlSql.Language.Syntax;

/// <summary>Builds TRAIN and CREATE MODEL; a clause that stands twice is refused.</summary>
internal sealed class TrainBuilder(StatementTokens tokens, SqlTextBuilder texts)
{
    private readonly OnceOnly _once = new(tokens.Source);
    private readonly ImmutableArray<Option>.Builder _options = ImmutableArray.CreateBuilder<Option>();
    private readonly ImmutableArray<UnsupportedClause>.Builder _unsupported = ImmutableArray.CreateBuilder<UnsupportedClause>();
    private bool _byModelType;

    public Statement Train(MlSqlParser.TrainContext train, Span span) =>
        Build(span, TrainMode.Train, train.name(), train.trainClause(), train.trainSource());

    public Statement Create(MlSqlParser.CreateModelContext create, Span span)
    {
        TrainMode mode = create.K_REPLACE() is not null ? TrainMode.CreateOrReplace : create.K_EXISTS() is not null ? TrainMode.CreateIfNotExists : TrainMode.Create;
        if (create.trainSource() is null) return WithoutQuery(span, mode, create);
        return Build(span, mode, create.name(), create.trainClause(), create.trainSource());
    }

    private TrainStatement Build(Span span, TrainMode mode, MlSqlParser.NameContext name, MlSqlParser.TrainClauseContext[] clauses, MlSqlParser.TrainSourceContext source)
    {
        var train = new TrainStatement(span, mode, SmallParts.NameOf(name), Query(source));
        foreach (MlSqlParser.TrainClauseContext clause in clauses) train = Apply(train, clause);
        return train with { Options = _options.ToImmutable(), Unsupported = _unsupported.ToImmutable(), ByModelType = _byModelType };
    }

    // A model from a file is IMPORT in other words; one from a service is not carried out.
    private Statement WithoutQuery(Span span, TrainMode mode, MlSqlParser.CreateModelContext create)
    {
        var import = new ImportBuilder(tokens);
        foreach (MlSqlParser.TrainClauseContext clause in create.trainClause())
        {
            switch (clause)
            {
                case MlSqlParser.OptionsClauseContext options:
                    _once.Check(Word(options.Start), SmallParts.SpanOf(options));
                    AddOptions(options.optionList());
                    break;
                case MlSqlParser.InputClauseContext input:
                    import.Apply(input.Start, input.tensorInputs());
                    break;
                case MlSqlParser.OutputClauseContext output:
                    import.Apply(output.Start, output.tensorOutputs());
                    break;
                case MlSqlParser.CommentClauseContext comment:
                    import.Apply(comment.Start, comment.TEXT());
                    break;
                default:
                    _unsupported.Add(new UnsupportedClause(SmallParts.SpanOf(clause), UnsupportedName(clause)));
                    break;
            }
        }
        ImmutableArray<Option> all = _options.ToImmutable();
        bool onnx = all.FirstOrDefault(o => o.Key == "model_type") is { Items: [{ Kind: LiteralKind.Text } type] } && type.Text.Equals("ONNX", StringComparison.OrdinalIgnoreCase);
        if (!onnx || all.FirstOrDefault(o => o.Key == "model_path") is not { Items: [{ Kind: LiteralKind.Text } path] }) return new NotCarriedOutStatement(span, "CREATE MODEL without AS");
        return import.Build(new ImportStatement(span, mode, SmallParts.NameOf(create.name()), path)
        {
            Options = [.. all.Where(o => o.Key is not ("model_type" or "model_path"))],
            Unsupported = _unsupported.ToImmutable(),
        });
    }

    private SqlText Query(MlSqlParser.TrainSourceContext source)
    {
        MlSqlParser.TextContext text = source.text();
        if (SmallParts.IsEmpty(text)) throw new SyntaxException(Diagnostics.EndsEarly(new Span(SmallParts.SpanOf(source).End, 0), "a query", null));
        if (text.query() is null && text.textPart() is [{ } only] && only.known()?.group() is { } group && group.LPAREN() is not null && !SmallParts.IsEmpty(group.text()))
        {
            if (IsNamedList(group.text())) _unsupported.Add(new UnsupportedClause(SmallParts.SpanOf(text), "AS (name AS (query), ...)"));
            return texts.Text(group.text());
        }
        return texts.Text(text);
    }

    // AS (training_data AS (SELECT …), custom_holiday AS (SELECT …))
    private bool IsNamedList(MlSqlParser.TextContext text)
    {
        int first = text.Start.TokenIndex;
        SyntaxToken[] all = tokens.Tokens;
        return first + 2 < all.Length && all[first].Token.Kind is TokenKind.Word or TokenKind.Quoted && all[first + 1].Type == MlSqlParser.K_AS && all[first + 2].Type == MlSqlParser.LPAREN;
    }

    private TrainStatement Apply(TrainStatement train, MlSqlParser.TrainClauseContext clause)
    {
        Span span = SmallParts.SpanOf(clause);
        switch (clause)
        {
            case MlSqlParser.UsingClauseContext use:
                _once.Check("USING", span);
                if (use.estimator is null)
                {
                    _unsupported.Add(new UnsupportedClause(span, "USING 'path'"));
                    return train;
                }
                AddOptions(use.optionList());
                return train with { Estimator = SmallParts.NameOf(use.estimator) };
            case MlSqlParser.OptionsClauseContext options:
                _once.Check(Word(options.Start), span);
                AddOptions(options.optionList());
                return train;
            case MlSqlParser.LabelClauseContext label:
                _once.Check("LABEL", span);
                ImmutableArray<Name> labels = SmallParts.NamesOf(label.names());
                if (labels.Length > 1) _unsupported.Add(new UnsupportedClause(span, "LABEL with several columns"));
                return train with { Label = labels[0] };
            case MlSqlParser.FeaturesClauseContext features:
                _once.Check("FEATURES", span);
                return train with { Features = Features(features) };
            case MlSqlParser.WeightByClauseContext weight:
                _once.Check("WEIGHT BY", span);
                return train with { WeightBy = texts.Text(weight.expression()) };
            case MlSqlParser.WeightClassesClauseContext classes:
                _once.Check("WEIGHT CLASSES", span);
                if (classes.K_BALANCED() is not null) return train with { BalancedClasses = span };
                return train with { ClassWeights = [.. classes.classWeight().Select(weight => new ClassWeight(SmallParts.LiteralOf(weight.literal()), SmallParts.NumberOf(weight.number())))] };
            case MlSqlParser.SplitClauseContext split:
                _once.Check("SPLIT", span);
                return train with { Split = Split(split) };
            case MlSqlParser.SeedClauseContext seed:
                _once.Check("SEED", span);
                return train with { Seed = SmallParts.NumberOf(seed.number()) };
            case MlSqlParser.EarlyStoppingClauseContext early:
                _once.Check("EARLY STOPPING", span);
                return train with { EarlyStopping = new EarlyStoppingClause(span, OptionBuilder.Options(tokens, early.optionList())) };
            case MlSqlParser.InputClauseContext or MlSqlParser.OutputClauseContext:
                _once.Check(Word(clause.Start), span);
                _unsupported.Add(new UnsupportedClause(span, Word(clause.Start)));
                return train;
            case MlSqlParser.CommentClauseContext comment:
                _once.Check("COMMENT", span);
                return train with { Comment = SmallParts.TextOf(comment.TEXT()) };
            default:
                string name = UnsupportedName(clause);
                _once.Check(name, span);
                _unsupported.Add(new UnsupportedClause(span, name));
                return train;
        }
    }

    private void AddOptions(MlSqlParser.OptionListContext? list)
    {
        ImmutableArray<Option> options = OptionBuilder.Options(tokens, list);
        _options.AddRange(options);
        _byModelType |= options.Any(option => option.Key == "model_type");
    }

    private static FeatureList Features(MlSqlParser.FeaturesClauseContext clause)
    {
        List<Name> columns = [], except = [];
        bool star = false;
        foreach (MlSqlParser.FeatureItemContext item in clause.featureItem())
        {
            star |= item.STAR() is not null;
            (item.STAR() is null ? columns : except).AddRange(item.name().Select(SmallParts.NameOf));
        }
        return new FeatureList(SmallParts.SpanOf(clause), star, [.. except], [.. columns]);
    }

    private SplitClause? Split(MlSqlParser.SplitClauseContext split)
    {
        Span span = SmallParts.SpanOf(split);
        MlSqlParser.SplitByContext by = split.splitBy();
        if (by.K_KFOLD() is not null || by.K_COLUMN() is not null)
        {
            _unsupported.Add(new UnsupportedClause(span, by.K_KFOLD() is not null ? "SPLIT KFOLD" : "SPLIT COLUMN"));
            return null;
        }
        Literal? eval = null, test = null;
        foreach (MlSqlParser.SplitPartContext part in split.splitPart())
        {
            bool isEval = part.K_EVAL() is not null;
            _once.Check(isEval ? "EVAL" : "TEST", SmallParts.SpanOf(part));
            if (isEval) eval = SmallParts.NumberOf(part.number());
            else test = SmallParts.NumberOf(part.number());
        }
        SplitKind kind = by.K_RANDOM() is not null ? SplitKind.Random : by.K_NONE() is not null ? SplitKind.None : SplitKind.By;
        return new SplitClause(span, kind, kind == SplitKind.By ? texts.Text(by.expression()) : null, eval, test);
    }

    private static string Word(IToken token) => SmallParts.TokenOf(token).Text.ToUpperInvariant();

    // The clause's keywords: ORDER BY, EARLY STOPPING, TRANSFORM.
    private string UnsupportedName(MlSqlParser.TrainClauseContext clause)
    {
        string first = Word(clause.Start);
        bool two = first is "PARTITION" or "ORDER" or "EARLY" or "WARM" or "EMIT";
        return two ? first + " " + Word(tokens.Tokens[clause.Start.TokenIndex + 1]) : first;
    }
}
