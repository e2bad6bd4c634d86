using System.Globalization;
using System.Text;
using MlSql.Language;
using MlSql.Models.Onnx;
using MlSql.Planning.Plans;

namespace MlSql.Planning;

/// <summary>Prints bound and optimised statements for EXPLAIN: the statement, then what each ML part of it is.</summary>
public static class PlanPrinter
{
    /// <summary>The statement after binding.</summary>
    public static string Print(BoundStatement statement)
    {
        var into = new StringBuilder();
        Append(statement, into);
        return into.ToString();
    }

    /// <summary>The statement after the rules, and their trace.</summary>
    public static string Print(OptimizedStatement optimized) =>
        Print(optimized.Statement) + $"rules: {(optimized.Trace.IsEmpty ? "none" : string.Join(", ", optimized.Trace))}\n";

    private static void Append(BoundStatement statement, StringBuilder into)
    {
        switch (statement)
        {
            case BoundQuery q:
                into.Append(q.Plain ? "Engine\n" : "Query\n");
                Append(q.Sql, into, 1);
                break;
            case BoundTrain t:
                Append(t, into);
                break;
            case BoundListing l:
                into.Append(CultureInfo.InvariantCulture, $"Listing {l.Kind}\n");
                Append(l.Sql, into, 1);
                break;
            case BoundNothing n:
                into.Append(CultureInfo.InvariantCulture, $"Nothing: {n.Why}\n");
                break;
            case BoundDropModel d:
                into.Append(CultureInfo.InvariantCulture, $"DropModel {d.Name}\n");
                break;
            case BoundAlter a:
                into.Append(CultureInfo.InvariantCulture, $"AlterModel {a.Name}: {Text(a.Action)}\n");
                break;
            case BoundImport i:
                Append(i, into);
                break;
            case BoundBoosterImport b:
                into.Append(CultureInfo.InvariantCulture, $"Import {b.Name} from {SqlQuote.Text(b.Path)} as {b.File.Model.Tool}, {b.File.Model.Objective}\n");
                into.Append(CultureInfo.InvariantCulture, $"  features  {Some(b.Features, b.Features.Length)}\n");
                into.Append(CultureInfo.InvariantCulture, $"  output    {b.Column}\n");
                break;
            case BoundExport x:
                into.Append(CultureInfo.InvariantCulture, $"Export {x.Model.Name} version {x.Model.Version} to {SqlQuote.Text(x.Path)} as {x.Format}\n");
                break;
            case BoundExplain e:
                into.Append(CultureInfo.InvariantCulture, $"Explain {e.Stage}\n");
                if (e.Inner is not null) Append(e.Inner, into);
                break;
            default:
                throw new System.Diagnostics.UnreachableException(statement.GetType().Name);
        }
    }

    private static void Append(BoundTrain train, StringBuilder into)
    {
        into.Append(CultureInfo.InvariantCulture, $"Train {train.Name} using {train.Estimator.Name}\n");
        into.Append(CultureInfo.InvariantCulture, $"  options   {string.Join(", ", train.Options.Values.Select(o => $"{o.Key} = {o.Value}"))}\n");
        into.Append(CultureInfo.InvariantCulture, $"  label     {train.Label.Name} {train.Label.Type}\n");
        into.Append(CultureInfo.InvariantCulture, $"  features  {Some(train.Features.Select(f => $"{f.Name} {f.Type}"), train.Features.Length)}\n");
        string split = train.Split.Kind == BoundSplitKind.Random ? string.Create(CultureInfo.InvariantCulture, $"Random eval {train.Split.Eval:R} test {train.Split.Test:R}") : train.Split.Kind.ToString();
        into.Append(CultureInfo.InvariantCulture, $"  split     {split}, seed {train.Seed}\n");
        if (train.EarlyStopping is { } early) into.Append(CultureInfo.InvariantCulture, $"  stopping  after {early.Rounds} iterations without {early.Metric} better by more than {early.MinDelta:R}\n");
        if (train.Weight is not null) into.Append("  weight    ").Append(Text(train.Weight)).Append('\n');
        if (train.BalancedClasses) into.Append("  classes   balanced\n");
        if (train.ClassWeights.Count > 0) into.Append(CultureInfo.InvariantCulture, $"  classes   {string.Join(", ", train.ClassWeights.Select(w => $"{w.Key} => {w.Value.ToString("R", CultureInfo.InvariantCulture)}"))}\n");
        into.Append("  query\n");
        Append(train.Query, into, 2);
    }

    private static void Append(BoundImport import, StringBuilder into)
    {
        into.Append(CultureInfo.InvariantCulture, $"Import {import.Name} from {SqlQuote.Text(import.Path)}\n");
        into.Append(CultureInfo.InvariantCulture, $"  features  {Some(import.Features.Select(f => f.Name), import.Features.Length)}\n");
        string Input(GraphInput input) => string.Create(CultureInfo.InvariantCulture,
            $"{input.Name} {input.Element}[{string.Join(", ", input.Shape.Select(d => d.ToString(CultureInfo.InvariantCulture)).Prepend(import.Batch?.ToString(CultureInfo.InvariantCulture) ?? "N"))}]");
        into.Append(CultureInfo.InvariantCulture, $"  inputs    {Some(import.Inputs.Select(Input), import.Inputs.Length)}\n");
        into.Append(CultureInfo.InvariantCulture, $"  outputs   {Some(import.Columns, import.Columns.Length)}\n");
    }

    private static void Append(BoundSql sql, StringBuilder into, int depth)
    {
        string indent = new(' ', depth * 2);
        foreach (string line in Text(sql).Split('\n')) into.Append(indent).Append(line.TrimEnd('\r')).Append('\n');
        foreach (var part in sql.Parts)
        {
            switch (part)
            {
                case BoundPrediction p:
                    Append(p, into, depth);
                    break;
                case BoundPredictTable t:
                    into.Append(indent).Append(CultureInfo.InvariantCulture, $"- table of {string.Join(", ", t.Outputs)}{(t.Lineage ? ", lineage" : "")}\n");
                    Append(t.Row, into, depth);
                    break;
                case BoundEvaluation e:
                    into.Append(indent).Append(CultureInfo.InvariantCulture, $"- metrics against {e.Label}{(e.Weight is null ? "" : $", weight {e.Weight}")}{(e.By.IsEmpty ? "" : $", by {string.Join(", ", e.By.Select(f => f.Name))}")}\n");
                    Append(e.Score, into, depth);
                    break;
                case BoundImportance m:
                    into.Append(indent).Append(CultureInfo.InvariantCulture, $"- importance against {m.Label}{(m.Weight is null ? "" : $", weight {m.Weight}")}\n");
                    Append(m.Score, into, depth);
                    break;
                case BoundText or BoundRows:
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException(part.GetType().Name);
            }
        }
    }

    private static void Append(BoundPrediction prediction, StringBuilder into, int depth)
    {
        string indent = new(' ', depth * 2);
        var features = prediction.Model.Model.Signature.Features;
        into.Append(indent).Append(CultureInfo.InvariantCulture, $"- {prediction.Output} of {prediction.Model.Name} version {prediction.Model.Version} ({prediction.Model.ContentHash[..12]})");
        if (prediction.Threshold != 0.5) into.Append(CultureInfo.InvariantCulture, $", threshold {prediction.Threshold:R}");
        if (prediction.ClassIndex is { } index) into.Append(CultureInfo.InvariantCulture, $", class {prediction.Model.Model.Signature.Classes!.Values[index]}");
        if (prediction.TopFeatures > 0) into.Append(CultureInfo.InvariantCulture, $", {prediction.TopFeatures} features");
        if (prediction.Scoring != ScoringMode.Unchosen) into.Append(CultureInfo.InvariantCulture, $", by {prediction.Scoring}");
        if (prediction is { Scoring: ScoringMode.Runtime, Model.Model.Structure: GraphStructure { Recognition.Reason: { } reason } }) into.Append(CultureInfo.InvariantCulture, $" (not recognised as trees: {reason})");
        into.Append('\n');
        string Feature(int i)
        {
            string type = prediction.ArgumentTypes.Length > i && prediction.ArgumentTypes[i] is { } t ? $" {t}" : "";
            string name = i < features.Length ? features[i].Name : string.Create(CultureInfo.InvariantCulture, $"element {i + 1}");
            return $"{name} = {Text(prediction.Arguments[i]).Trim()}{type}";
        }
        into.Append(indent).Append("  ").Append(Some(Enumerable.Range(0, prediction.Arguments.Length).Select(Feature), prediction.Arguments.Length)).Append('\n');
        foreach (var inner in prediction.Arguments.SelectMany(a => a.Predictions())) Append(inner, into, depth + 1);
    }

    private static string Text(BoundAlteration action) => action switch
    {
        BoundRename a => $"rename to {a.To}",
        BoundSetAlias a => string.Create(CultureInfo.InvariantCulture, $"alias {a.Alias} = version {a.Version}"),
        BoundUnsetAlias a => $"no alias {a.Alias}",
        BoundSetDefault a => string.Create(CultureInfo.InvariantCulture, $"default = version {a.Version}"),
        BoundRollback => "default = the one before",
        BoundDropVersion a => string.Create(CultureInfo.InvariantCulture, $"drop version {a.Version}"),
        BoundComment a => $"comment {SqlQuote.Text(a.Comment)}",
        _ => throw new System.Diagnostics.UnreachableException(action.GetType().Name),
    };

    private static string Text(BoundSql sql) => string.Concat(sql.Parts.Select(part => part switch
    {
        BoundText t => t.Text,
        BoundPrediction p => $"«{p.Output} {p.Model.Name}»",
        BoundPredictTable t => $"«predictions of {t.Row.Model.Name} on {Text(t.Source)}»",
        BoundRows r => $"«{r.Rows.Length} rows»",
        BoundImportance i => $"«importance in {i.Score.Model.Name} on {Text(i.Source)}»",
        BoundEvaluation e => $"«metrics of {e.Score.Model.Name} on {Text(e.Source)}»",
        _ => throw new System.Diagnostics.UnreachableException(part.GetType().Name),
    }));

    // Plans never print thousands of columns.
    private static string Some(IEnumerable<string> texts, int count) => string.Join(", ", texts.Take(24)) + (count > 24 ? string.Create(CultureInfo.InvariantCulture, $" and {count - 24} more") : "");
}
