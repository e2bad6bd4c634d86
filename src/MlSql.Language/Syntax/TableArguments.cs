using System.Collections.Immutable;
using MlSql.Language.Grammar;
using MlSql.Language.Statements;
using MlSql.Language.Tokens;

namespace MlSql.Language.Syntax;

/// <summary>Gathers the arguments of an ML table function: model, rows, options, columns.</summary>
internal sealed class TableArguments(StatementTokens tokens, SqlTextBuilder texts, string function)
{
    // The one argument of an ML function that BigQuery takes by its place.
    private const string Thresholds = "thresholds";

    private readonly ImmutableArray<Option>.Builder _options = ImmutableArray.CreateBuilder<Option>();

    public ModelReference? Model { get; private set; }

    public RelationSource? Source { get; private set; }

    public ImmutableArray<Name>? Descriptor { get; private set; }

    public ImmutableArray<Option> Options => _options.ToImmutable();

    public void Add(MlSqlParser.QueryContext query) => Source = new QuerySource(SmallParts.SpanOf(query), texts.Text(query));

    public void Add(MlSqlParser.TableArgumentContext argument)
    {
        if (argument.modelRef() is { } model)
        {
            Model = SmallParts.ModelOf(model);
        }
        else if (argument.K_TABLE() is not null)
        {
            Source = new TableSource(SmallParts.SpanOf(argument.name()[0]));
        }
        else if (argument.K_DESCRIPTOR() is not null)
        {
            // ML_EVALUATE(…, DESCRIPTOR(label), DESCRIPTOR(features))
            if (Descriptor is { } label) _options.Add(new Option(label[0].Span, "label", label[0].Span, label[0].Span, [new Literal(label[0].Span, LiteralKind.Text, label[0].Text) { Bare = true }], false, false));
            Descriptor = [.. argument.name().Select(SmallParts.NameOf)];
        }
        else if (argument.K_STRUCT() is not null)
        {
            foreach (MlSqlParser.StructItemContext item in argument.structItem()) _options.Add(OptionBuilder.OptionOf(tokens, item));
        }
        else
        {
            AddOther(argument);
        }
    }

    private void AddOther(MlSqlParser.TableArgumentContext argument)
    {
        MlSqlParser.OptionPartContext[] parts = argument.optionPart();
        int first = parts[0].Start.TokenIndex;
        int last = parts[^1].Stop.TokenIndex;
        if (parts is [{ } only] && only.known()?.group() is { } group && group.LPAREN() is not null && !SmallParts.IsEmpty(group.text()))
        {
            Source = new QuerySource(SmallParts.SpanOf(group.text()), texts.Text(group.text()));
        }
        else if (argument.ident() is { } key)
        {
            SyntaxToken token = SmallParts.TokenOf(key.Start);
            _options.Add(OptionBuilder.Make(tokens, argument, SmallParts.NameOf(token).Text, token.Span, first, last));
        }
        else if (Model is null && IsName(first, last))
        {
            Span span = Span.Between(tokens.Tokens[first].Span, tokens.Tokens[last].Span);
            Model = new ModelReference(span, new Name(span, [.. Enumerable.Range(0, (last - first) / 2 + 1).SelectMany(i => SmallParts.NameOf(tokens.Tokens[first + 2 * i]).Parts)]), null, null);
        }
        else if (function == "ML.ROC_CURVE" && Model is not null && _options.All(option => option.Key != Thresholds))
        {
            Span at = SmallParts.SpanOf(argument);
            _options.Add(OptionBuilder.Make(tokens, argument, Thresholds, at, first, last));
        }
        else
        {
            throw new SyntaxException(Diagnostics.UnknownArgument(SmallParts.SpanOf(argument), function));
        }
    }

    private bool IsName(int first, int last)
    {
        for (int i = first; i <= last; i++)
            if ((i - first) % 2 == 1 ? tokens.Tokens[i].Type != MlSqlParser.DOT : tokens.Tokens[i].Token.Kind is not (TokenKind.Word or TokenKind.Quoted)) return false;
        return (last - first) % 2 == 0;
    }
}
