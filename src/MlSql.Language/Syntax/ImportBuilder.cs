using System.Collections.Immutable;
using Antlr4.Runtime;
using Antlr4.Runtime.Tree;
using MlSql.Language.Grammar;
using MlSql.Language.Statements;

namespace MlSql.Language.Syntax;

/// <summary>Builds IMPORT MODEL and its like, and EXPORT MODEL; a clause that stands twice is refused.</summary>
internal sealed class ImportBuilder(StatementTokens tokens)
{
    private readonly OnceOnly _once = new(tokens.Source);
    private ImmutableArray<TensorInput> _inputs = [];
    private ImmutableArray<TensorOutput> _outputs = [];
    private Name? _format;
    private Literal? _comment;

    public static ExportStatement Export(StatementTokens tokens, MlSqlParser.ExportModelContext export, Span span) => new(
        span,
        SmallParts.ModelOf(export.modelRef()),
        export.filePath() is { } path ? Path(path) : null,
        export.ident() is { } format ? SmallParts.NameOf(format) : null,
        OptionBuilder.Options(tokens, export.optionList()));

    public ImportStatement Import(MlSqlParser.ImportModelContext import, Span span)
    {
        foreach (MlSqlParser.ImportClauseContext clause in import.importClause())
        {
            if (clause.tensorInputs() is { } inputs) Apply(clause.Start, inputs);
            else if (clause.tensorOutputs() is { } outputs) Apply(clause.Start, outputs);
            else if (clause.TEXT() is { } comment) Apply(clause.Start, comment);
            else Apply(clause.Start, clause.ident());
        }
        return Build(new ImportStatement(span, TrainMode.Train, SmallParts.NameOf(import.name()), Path(import.filePath())));
    }

    public void Apply(IToken start, MlSqlParser.TensorInputsContext inputs)
    {
        _once.Check(SmallParts.TokenOf(start));
        _inputs = [.. inputs.tensorInput().Select(input => new TensorInput(
            SmallParts.SpanOf(input), SmallParts.NameOf(input.ident()), [.. input.featureName().Select(feature => SmallParts.NameOf(feature.ident()))], Type(input.tensorType())))];
    }

    public void Apply(IToken start, MlSqlParser.TensorOutputsContext outputs)
    {
        _once.Check(SmallParts.TokenOf(start));
        _outputs = [.. outputs.tensorOutput().Select(output => new TensorOutput(
            SmallParts.SpanOf(output), SmallParts.NameOf(output.ident()), output.featureName() is { } column ? SmallParts.NameOf(column.ident()) : null, Type(output.tensorType())))];
    }

    public void Apply(IToken start, ITerminalNode comment)
    {
        _once.Check(SmallParts.TokenOf(start));
        _comment = SmallParts.TextOf(comment);
    }

    public ImportStatement Build(ImportStatement import) => import with { Inputs = _inputs, Outputs = _outputs, Format = _format, Comment = _comment };

    private void Apply(IToken start, MlSqlParser.IdentContext format)
    {
        _once.Check(SmallParts.TokenOf(start));
        _format = SmallParts.NameOf(format);
    }

    private static Literal Path(MlSqlParser.FilePathContext path)
    {
        foreach (ITerminalNode symbol in path.SYMBOL())
            if (symbol.GetText() != "||") throw new SyntaxException(Diagnostics.Unexpected(SmallParts.TokenOf(symbol.Symbol).Span, symbol.GetText(), "||", null));
        return new Literal(SmallParts.SpanOf(path), LiteralKind.Text, string.Concat(path.TEXT().Select(text => SmallParts.TextOf(text).Text)));
    }

    private Literal? Type(MlSqlParser.TensorTypeContext? type) =>
        type is null ? null : new Literal(SmallParts.SpanOf(type), LiteralKind.Text, SmallParts.SpanOf(type).Of(tokens.Source)) { Bare = true };
}
