using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using MlSql.Language.Statements;

namespace MlSql.Language;

/// <summary>Prints a statement's tree, one node a line, children indented by two blanks: what EXPLAIN SYNTAX shows.</summary>
public sealed class StatementPrinter
{
    private readonly StringBuilder _text = new();
    private readonly string _source;
    private int _depth;

    private StatementPrinter(string source) => _source = source;

    /// <summary>The tree of a statement whose spans refer to <paramref name="source"/>; each line ends with LF.</summary>
    public static string Print(Statement statement, string source)
    {
        var printer = new StatementPrinter(source);
        printer.Statement(statement);
        return printer._text.ToString();
    }

    private void Statement(Statement statement)
    {
        switch (statement)
        {
            case EngineStatement engine: Line("Engine", Excerpt(engine.Span)); break;
            case QueryStatement query: Node("Query", "", () => Parts(query.Text.Parts)); break;
            case TrainStatement train: Node("Train", $"{SqlQuote.Name(train.Model)} ({CanonicalSql.Verb(train.Mode)})", () => Train(train)); break;
            case RefreshStatement refresh: Line("Refresh", SqlQuote.Name(refresh.Model)); break;
            case PredictStatement predict: Node("Predict", Model(predict.Model), () => Predict(predict)); break;
            case EvaluateStatement evaluate: Node("Evaluate", Model(evaluate.Model), () => Evaluate(evaluate)); break;
            case ExplainStatement explain: Node("Explain", explain.Stage.ToString(), () => Statement(explain.Statement)); break;
            case ExplainModelStatement explain: Node("ExplainModel", Model(explain.Model), () => Explain(explain)); break;
            case ExplainPredictionsStatement explain: Node("ExplainPredictions", Model(explain.Model), () => Explain(explain)); break;
            case DropModelStatement drop: Line("DropModel", SqlQuote.Name(drop.Model) + (drop.IfExists ? " if exists" : "")); break;
            case ShowModelsStatement show: Line("ShowModels", show.Like is { } like ? "like " + CanonicalSql.Literal(like) : ""); break;
            case ShowVersionsStatement show: Line("ShowVersions", SqlQuote.Name(show.Model)); break;
            case ShowCreateModelStatement show: Line("ShowCreateModel", Model(show.Model)); break;
            case DescribeModelStatement describe: Line("DescribeModel", Model(describe.Model)); break;
            case AlterModelStatement alter: Node("AlterModel", SqlQuote.Name(alter.Model) + (alter.IfExists ? " if exists" : ""), () => Action(alter.Action)); break;
            case ImportStatement import: Node("Import", SqlQuote.Name(import.Model) + (import.Mode == TrainMode.Train ? "" : $" ({CanonicalSql.Verb(import.Mode)})"), () => Import(import)); break;
            case ExportStatement export: Node("Export", Model(export.Model), () => Export(export)); break;
            case NotCarriedOutStatement other: Line("NotCarriedOut", other.What); break;
            default: throw new UnreachableException(statement.GetType().Name);
        }
    }

    private void Train(TrainStatement train)
    {
        if (train.Estimator is { } estimator) Line("Estimator", SqlQuote.Name(estimator));
        Options(train.Options);
        if (train.Label is { } label) Line("Label", SqlQuote.Name(label));
        if (train.Features is { } features) Line("Features", CanonicalSql.Features(features));
        if (train.WeightBy is { } weight) Text("WeightBy", weight);
        if (train.BalancedClasses is not null) Line("ClassWeights", "balanced");
        foreach (ClassWeight weightOf in train.ClassWeights) Line("ClassWeight", $"{CanonicalSql.Literal(weightOf.Value)} => {CanonicalSql.Literal(weightOf.Weight)}");
        if (train.Split is { } split) Line("Split", VisibleText.Escape(CanonicalSql.Split(split, _source)["SPLIT ".Length..]));
        if (train.Seed is { } seed) Line("Seed", CanonicalSql.Literal(seed));
        if (train.EarlyStopping is { } early) Line("EarlyStopping", VisibleText.Escape(CanonicalSql.Options(early.Options, _source)));
        if (train.Comment is { } comment) Line("Comment", CanonicalSql.Literal(comment));
        foreach (UnsupportedClause clause in train.Unsupported) Line("NotCarriedOut", clause.Name);
        Text("Query", train.Query);
    }

    private void Import(ImportStatement import)
    {
        Line("File", CanonicalSql.Literal(import.Path));
        if (import.Format is { } format) Line("Format", SqlQuote.Name(format));
        foreach (TensorInput input in import.Inputs) Line("Input", CanonicalSql.Input(input));
        foreach (TensorOutput output in import.Outputs) Line("Output", CanonicalSql.Output(output));
        Options(import.Options);
        if (import.Comment is { } comment) Line("Comment", CanonicalSql.Literal(comment));
        foreach (UnsupportedClause clause in import.Unsupported) Line("NotCarriedOut", clause.Name);
    }

    private void Export(ExportStatement export)
    {
        if (export.Path is { } path) Line("File", CanonicalSql.Literal(path));
        if (export.Format is { } format) Line("Format", SqlQuote.Name(format));
        Options(export.Options);
    }

    private void Predict(PredictStatement predict)
    {
        Source(predict.Source);
        Options(predict.Options);
        if (predict.Into is { } into) Line("Into", SqlQuote.Name(into));
    }

    private void Explain(ExplainModelStatement explain)
    {
        if (explain.Source is { } source) Source(source);
        Options(explain.Options);
    }

    private void Explain(ExplainPredictionsStatement explain)
    {
        Source(explain.Source);
        Options(explain.Options);
        if (explain.Into is { } into) Line("Into", SqlQuote.Name(into));
    }

    private void Evaluate(EvaluateStatement evaluate)
    {
        if (evaluate.Source is { } source) Source(source);
        foreach (Name by in evaluate.By) Line("By", SqlQuote.Name(by));
        Options(evaluate.Options);
        if (evaluate.Into is { } into) Line("Into", SqlQuote.Name(into));
    }

    private void Action(AlterAction action)
    {
        switch (action)
        {
            case RenameAction rename: Line("Rename", SqlQuote.Name(rename.To)); break;
            case SetAliasAction set: Line("SetAlias", $"{SqlQuote.Name(set.Alias)} = {CanonicalSql.Literal(set.Version)}"); break;
            case UnsetAliasAction unset: Line("UnsetAlias", SqlQuote.Name(unset.Alias)); break;
            case SetDefaultAction set: Line("SetDefault", CanonicalSql.Literal(set.Version)); break;
            case RollbackAction rollback: Line("Rollback", rollback.To is { } to ? CanonicalSql.Literal(to) : ""); break;
            case DropVersionAction drop: Line("DropVersion", CanonicalSql.Literal(drop.Version)); break;
            case CommentAction comment: Line("Comment", CanonicalSql.Literal(comment.Comment)); break;
            default: throw new UnreachableException(action.GetType().Name);
        }
    }

    private void Parts(ImmutableArray<SqlPart> parts)
    {
        foreach (SqlPart part in parts) Part(part);
    }

    private void Part(SqlPart part)
    {
        switch (part)
        {
            case Verbatim verbatim when string.IsNullOrWhiteSpace(verbatim.Span.Of(_source)): break;
            case Verbatim verbatim: Line("Verbatim", Excerpt(verbatim.Span)); break;
            case QueryExpression query: Node("QueryExpression", "", () => Parts(query.Parts)); break;
            case WithClause with: Node("With", with.Recursive ? "recursive" : "", () => Parts(with.Parts)); break;
            case SelectBlock block: Node("Select", "", () => Parts(block.Parts)); break;
            case SelectItem item: Item(item); break;
            case FromClause from: Text("From", from.Relations); break;
            case ScalarPredict predict: Node("ScalarPredict", Scalar(predict), () => Arguments(predict)); break;
            case TableCall call: Node("TableCall", call.Function + (call.Model is { } model ? " " + Model(model) : ""), () => Call(call)); break;
            case NotCarriedOut other: Line("NotCarriedOut", other.What); break;
            default: throw new UnreachableException(part.GetType().Name);
        }
    }

    private void Item(SelectItem item)
    {
        string alias = item.Alias is { } name ? "as " + SqlQuote.Name(name) : item.Star ? "star" : "";
        Node("Item", alias, () => Parts(item.Expression.Parts));
    }

    private static string Scalar(ScalarPredict predict)
    {
        string form = predict.Form == PredictForm.Predict ? "" : " " + predict.Form;
        string classOf = predict.Class is { } literal ? " class " + CanonicalSql.Literal(literal) : "";
        return Model(predict.Model) + form + classOf + (predict.Arguments is null ? " using *" : predict.ByUsing ? " using" : "");
    }

    private void Arguments(ScalarPredict predict)
    {
        foreach (PredictArgument argument in predict.Arguments ?? [])
            Node("Argument", argument.Column is { } column ? SqlQuote.Name(column) : "", () => Parts(argument.Expression.Parts));
        Options(predict.Options);
    }

    private void Call(TableCall call)
    {
        if (call.Source is { } source) Source(source);
        Options(call.Options);
        foreach (Name column in call.Descriptor ?? []) Line("Descriptor", SqlQuote.Name(column));
        foreach (Name column in call.DeclaredColumns ?? []) Line("Column", SqlQuote.Name(column));
    }

    private void Source(RelationSource source)
    {
        if (source is QuerySource query) Text("On", query.Query);
        else Line("On", Excerpt(source.Span));
    }

    private void Options(ImmutableArray<Option> options)
    {
        foreach (Option option in options) Line("Option", VisibleText.Escape(CanonicalSql.Options([option], _source)));
    }

    private void Text(string label, SqlText text) => Node(label, "", () => Parts(text.Parts));

    private static string Model(ModelReference model)
    {
        string version = model.Version is { } literal ? " version " + CanonicalSql.Literal(literal) : "";
        return SqlQuote.Name(model.Model) + version + (model.Alias is { } alias ? "@" + SqlQuote.Name(alias) : "");
    }

    private void Node(string label, string text, Action children)
    {
        Line(label, text);
        _depth++;
        children();
        _depth--;
    }

    private void Line(string label, string text)
    {
        _text.Append(' ', 2 * _depth).Append(label);
        if (text.Length > 0) _text.Append(' ').Append(VisibleText.Escape(text));
        _text.Append('\n');
    }

    // Blanks and line ends become one blank; the whole text stands here, so that two trees that differ print differently.
    private string Excerpt(Span span) => string.Join(' ', span.Of(_source).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
