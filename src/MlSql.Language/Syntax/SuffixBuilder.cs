using System.Collections.Immutable;
using MlSql.Language.Grammar;
using MlSql.Language.Statements;
using MlSql.Language.Tokens;

namespace MlSql.Language.Syntax;

/// <summary>Lowers SQLFlow's query TO TRAIN | PREDICT | EVALUATE … to the statements that say the same.</summary>
internal sealed class SuffixBuilder(StatementTokens tokens, SqlText query)
{
    public Statement Build(MlSqlParser.SuffixContext suffix, Span span) => suffix switch
    {
        MlSqlParser.ToTrainContext train => Train(train, span),
        MlSqlParser.ToPredictContext predict => new PredictStatement(span, Model(predict.model), new QuerySource(query.Span, query), Options(predict.suffixOption()), TableOf(SmallParts.NameOf(predict.target))),
        MlSqlParser.ToEvaluateContext evaluate => Evaluate(evaluate, span),
        _ => new NotCarriedOutStatement(span, "TO " + tokens.Tokens[1].Text.ToUpperInvariant()),
    };

    private TrainStatement Train(MlSqlParser.ToTrainContext train, Span span)
    {
        var unsupported = ImmutableArray.CreateBuilder<UnsupportedClause>();
        if (train.K_USING() is not null) unsupported.Add(new UnsupportedClause(SmallParts.TokenOf(train.K_USING().Symbol).Span, "USING model"));
        List<Name> columns = [];
        foreach (MlSqlParser.SuffixColumnsContext clause in train.suffixColumns())
        {
            if (PlainColumns(clause) is { } plain) columns.AddRange(plain);
            else unsupported.Add(new UnsupportedClause(SmallParts.SpanOf(clause), "COLUMN with expressions"));
        }
        Literal? label = LabelOf(train.K_LABEL() is null ? null : (train.ident()?.Start ?? train.TEXT().Symbol));
        return new TrainStatement(span, TrainMode.Train, SmallParts.NameOf(train.target), query)
        {
            Estimator = SmallParts.NameOf(train.estimator),
            Options = Options(train.suffixOption()),
            Label = label is null ? null : new Name(label.Span, [label.Text]),
            Features = columns.Count == 0 ? null : new FeatureList(SmallParts.SpanOf(train.suffixColumns()[0]), false, [], [.. columns]),
            Unsupported = unsupported.ToImmutable(),
        };
    }

    private EvaluateStatement Evaluate(MlSqlParser.ToEvaluateContext evaluate, Span span)
    {
        ImmutableArray<Option> options = Options(evaluate.suffixOption());
        if (LabelOf(evaluate.K_LABEL() is null ? null : (evaluate.ident()?.Start ?? evaluate.TEXT().Symbol)) is { } label)
            options = options.Add(new Option(label.Span, "label", SmallParts.TokenOf(evaluate.K_LABEL().Symbol).Span, label.Span, [label], IsList: false, Complex: false));
        return new EvaluateStatement(span, Model(evaluate.model), new QuerySource(query.Span, query), [], options, SmallParts.NameOf(evaluate.target));
    }

    private static ModelReference Model(MlSqlParser.NameContext name) => new(SmallParts.SpanOf(name), SmallParts.NameOf(name), null, null);

    private static Literal? LabelOf(Antlr4.Runtime.IToken? token) => token is null ? null : SmallParts.LiteralOf(SmallParts.TokenOf(token));

    // SQLFlow names table.column; our result columns have names of their own.
    private static Name TableOf(Name target) => target.Parts.Length < 2 ? target : target with { Parts = target.Parts.RemoveAt(target.Parts.Length - 1) };

    private ImmutableArray<Option> Options(MlSqlParser.SuffixOptionContext[] options) =>
    [
        .. options.Select(option => OptionBuilder.Make(tokens, option, SmallParts.NameOf(SmallParts.SpanOf(option.optionKey()), option.optionKey().ident()).Text,
            SmallParts.SpanOf(option.optionKey()), option.suffixPart()[0].Start.TokenIndex, option.suffixPart()[^1].Stop.TokenIndex)),
    ];

    private List<Name>? PlainColumns(MlSqlParser.SuffixColumnsContext clause)
    {
        List<Name> names = [];
        int last = clause.suffixPart()[^1].Stop.TokenIndex;
        for (int i = clause.Start.TokenIndex + 1; i <= last; i += 2)
        {
            SyntaxToken token = tokens.Tokens[i];
            if (token.Token.Kind is not (TokenKind.Word or TokenKind.Quoted) || (i < last && tokens.Tokens[i + 1].Type != MlSqlParser.COMMA)) return null;
            names.Add(SmallParts.NameOf(token));
        }
        return clause.ident() is null ? names : null;
    }
}
