using Antlr4.Runtime;
using Antlr4.Runtime.Tree;
using MlSql.Language.Grammar;
using MlSql.Language.Statements;
using MlSql.Language.Tokens;

namespace MlSql.Language.Syntax;

/// <summary>Builds the ML parts of a query.</summary>
internal sealed class MlCallBuilder(StatementTokens tokens, SqlTextBuilder texts)
{
    public SqlPart Scalar(MlSqlParser.ScalarPredictContext context) => context switch
    {
        MlSqlParser.CallPredictContext call => Call(call),
        MlSqlParser.MethodPredictContext method => Method(method),
        MlSqlParser.ModelMethodPredictContext method => ModelMethod(method),
        _ => throw new System.Diagnostics.UnreachableException(context.GetType().Name),
    };

    public static NotCarriedOut Refused(MlSqlParser.RefusedContext refused)
    {
        SyntaxToken first = SmallParts.TokenOf(refused.Start);
        string name = refused.ident() is { } ident ? first.Text + "." + SmallParts.TokenOf(ident.Start).Text : first.Text;
        return new NotCarriedOut(SmallParts.SpanOf(refused), refused.M_PIPE() is null ? name.ToUpperInvariant() : "|> PREDICT, |> EVALUATE, |> TRAIN");
    }

    private ScalarPredict Call(MlSqlParser.CallPredictContext call)
    {
        string function = SmallParts.TokenOf(call.Start).Text.ToUpperInvariant();
        PredictForm form = function switch
        {
            "PREDICT_PROBA" => PredictForm.Proba,
            "PREDICTION_PROBABILITY" => PredictForm.Probability,
            _ => PredictForm.Predict,
        };
        bool byUsing = call.K_USING() is not null;
        (List<MlSqlParser.ArgumentContext> plain, List<MlSqlParser.ArgumentContext> behind) = ArgumentsOf(call);
        Literal? classOf = null;
        if (form == PredictForm.Probability && plain.Count > 0 && LiteralOf(plain[0]) is { } literal)
        {
            classOf = literal;
            plain.RemoveAt(0);
        }
        if (byUsing && plain.Count > 0) throw new SyntaxException(Diagnostics.ArgumentsBeforeUsing(SmallParts.SpanOf(plain[0])));

        ModelReference model = SmallParts.ModelOf(call.modelRef());
        if (function == "ML_PREDICT") model = SplitVersion(model);
        bool all = byUsing && behind.Count == 0;
        return new ScalarPredict(SmallParts.SpanOf(call), form, model, call.K_MODEL() is not null, all ? null : [.. (byUsing ? behind : plain).Select(Argument)])
        {
            ByUsing = byUsing,
            Class = classOf,
            Options = OptionBuilder.Options(tokens, call.optionList()),
        };
    }

    private static (List<MlSqlParser.ArgumentContext> Plain, List<MlSqlParser.ArgumentContext> Behind) ArgumentsOf(MlSqlParser.CallPredictContext call)
    {
        List<MlSqlParser.ArgumentContext> plain = [], behind = [];
        bool afterUsing = false;
        foreach (IParseTree child in call.children)
        {
            if (child is ITerminalNode node && node.Symbol.Type == MlSqlParser.K_USING) afterUsing = true;
            else if (child is MlSqlParser.ArgumentContext argument) (afterUsing ? behind : plain).Add(argument);
        }
        return (plain, behind);
    }

    private SqlPart Method(MlSqlParser.MethodPredictContext method)
    {
        MlSqlParser.IdentContext[] idents = method.ident();
        SyntaxToken first = SmallParts.TokenOf(method.Start);
        var parts = SmallParts.NameOf(first).Parts;
        SyntaxToken last = first;
        foreach (MlSqlParser.IdentContext ident in idents.SkipLast(1))
        {
            last = SmallParts.TokenOf(ident.Start);
            parts = parts.AddRange(SmallParts.NameOf(last).Parts);
        }
        Span span = Span.Between(first.Span, last.Span);
        return Method(method, new ModelReference(span, new Name(span, parts), null, null), idents[^1], method.argument());
    }

    private SqlPart ModelMethod(MlSqlParser.ModelMethodPredictContext method)
    {
        ModelReference model = SmallParts.ModelOf(method.modelRef());
        if (method.versionWord() is { } version) model = model with { Version = SmallParts.VersionOf(version) };
        return Method(method, model, method.ident(), method.argument());
    }

    private SqlPart Method(ParserRuleContext whole, ModelReference model, MlSqlParser.IdentContext name, MlSqlParser.ArgumentContext[] arguments)
    {
        string method = SmallParts.NameOf(name).Text.ToUpperInvariant();
        PredictForm? form = method switch { "PREDICT" => PredictForm.Predict, "PREDICT_PROBA" => PredictForm.Proba, _ => null };
        if (form is not { } known) return new NotCarriedOut(SmallParts.SpanOf(whole), "model!" + method.ToLowerInvariant());
        return new ScalarPredict(SmallParts.SpanOf(whole), known, model, SaysModel: true, [.. arguments.Select(Argument)]);
    }

    private PredictArgument Argument(MlSqlParser.ArgumentContext argument)
    {
        SqlText expression = texts.Text(argument.argumentPart());
        MlSqlParser.IdentContext[] names = argument.ident();
        Name? column = names.Length > 0 ? SmallParts.NameOf(names[^1]) : ColumnOf(argument.argumentPart());
        return new PredictArgument(SmallParts.SpanOf(argument), expression, column);
    }

    // a, t.a, s.t.a
    private Name? ColumnOf(MlSqlParser.ArgumentPartContext[] parts)
    {
        int first = parts[0].Start.TokenIndex;
        int last = parts[^1].Stop.TokenIndex;
        for (int i = first; i <= last; i++)
        {
            SyntaxToken token = tokens.Tokens[i];
            bool fits = (i - first) % 2 == 1 ? token.Type == MlSqlParser.DOT : token.Type is not (MlSqlParser.K_NULL or MlSqlParser.K_TRUE or MlSqlParser.K_FALSE) && token.Token.Kind is TokenKind.Word or TokenKind.Quoted;
            if (!fits) return null;
        }
        if ((last - first) % 2 == 1) return null;
        Span span = Span.Between(tokens.Tokens[first].Span, tokens.Tokens[last].Span);
        return new Name(span, [.. Enumerable.Range(0, (last - first) / 2 + 1).SelectMany(i => SmallParts.NameOf(tokens.Tokens[first + 2 * i]).Parts)]);
    }

    private Literal? LiteralOf(MlSqlParser.ArgumentContext argument)
    {
        Literal? literal = SmallParts.LiteralOf(tokens.Tokens, argument.Start.TokenIndex, argument.Stop.TokenIndex);
        return literal is { Bare: false } ? literal : null;
    }

    // Flink writes versions as m$3.
    private static ModelReference SplitVersion(ModelReference model)
    {
        string last = model.Model.Last;
        int dollar = last.LastIndexOf('$');
        bool version = model.Version is null && dollar > 0 && dollar < last.Length - 1 && last.AsSpan(dollar + 1).IndexOfAnyExceptInRange('0', '9') < 0;
        if (!version) return model;
        Name name = model.Model with { Parts = model.Model.Parts.SetItem(model.Model.Parts.Length - 1, last[..dollar]) };
        Span at = new(model.Span.End - (last.Length - dollar - 1), last.Length - dollar - 1);
        return model with { Model = name, Version = new Literal(at, LiteralKind.Number, last[(dollar + 1)..]) };
    }

    public TableCall Table(MlSqlParser.TableCallContext call)
    {
        string name = SmallParts.TokenOf(call.Start).Text.ToUpperInvariant();
        string function = call.ident() is { } ident ? SmallParts.NameOf(ident).Text.ToUpperInvariant() : name.Replace("ML_", "", StringComparison.Ordinal);
        var built = new TableArguments(tokens, texts, call.ident() is null ? name : "ML." + function);
        foreach (MlSqlParser.TableArgumentContext argument in call.tableArgument()) built.Add(argument);
        if (call.query() is { } query) built.Add(query);
        return new TableCall(SmallParts.SpanOf(call), function, built.Model, built.Source, built.Options) { Descriptor = built.Descriptor };
    }

    public TableCall Tsql(MlSqlParser.TsqlPredictContext call)
    {
        ModelReference model = call.modelRef() is { } reference ? SmallParts.ModelOf(reference) : ModelOfText(SmallParts.TokenOf((call.TEXT() ?? call.PARAMETER()).Symbol));
        MlSqlParser.DeclaredColumnContext[] declared = call.declaredColumn();
        return new TableCall(SmallParts.SpanOf(call), "PREDICT", model, SourceBuilder.Source(texts, call.source()), [])
        {
            DeclaredColumns = declared.Length == 0 ? null : [.. declared.Select(column => SmallParts.NameOf(column.ident()))],
        };
    }

    private static ModelReference ModelOfText(SyntaxToken token) =>
        new(token.Span, new Name(token.Span, [.. Quotes.Unquote(token.Text).Split('.')]), null, null);
}
