using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MlSql.Models;
using MlSql.Planning.Plans;

namespace MlSql.Planning;

/// <summary>Ordered steps that an engine runs. A value; printing it is EXPLAIN PROGRAM.</summary>
public sealed record EngineProgram(ImmutableArray<ProgramStep> Steps)
{
    /// <summary>One numbered step a paragraph.</summary>
    public string Print()
    {
        var into = new StringBuilder();
        for (int i = 0; i < Steps.Length; i++) into.Append(CultureInfo.InvariantCulture, $"{i + 1}. {Steps[i].Print()}\n");
        return into.ToString();
    }
}

/// <summary>One step. A closed family.</summary>
public abstract record ProgramStep
{
    private protected ProgramStep() { }

    /// <summary>The step in words and SQL.</summary>
    public abstract string Print();
}

/// <summary>A function that computes one output of one model version, under a name made from what it computes.</summary>
public sealed record RegisterFunctionStep(PredictFunction Function) : ProgramStep
{
    /// <inheritdoc/>
    public override string Print() => $"register {Function.Name}: {Function.Output} of {Function.Model.Name} version {Function.Model.Version.ToString(CultureInfo.InvariantCulture)}";
}

/// <summary>Runs SQL; whether it gives rows is the engine's to say.</summary>
public sealed record RunSqlStep(string Sql) : ProgramStep
{
    /// <inheritdoc/>
    public override string Print() => $"run\n{ProgramText.Indent(Sql)}";
}

/// <summary>
/// Computes metrics over rows of score, label and optional weight, one set of metrics a group, and keeps them as constant rows for <paramref name="Slot"/> in later steps.
/// The SQL gives: group number (BIGINT, 0 without groups), score, label, [weight], then the grouping columns as text.
/// </summary>
public sealed record EvaluateStep(string Slot, BoundEvaluation Evaluation, string Sql) : ProgramStep
{
    /// <inheritdoc/>
    public override string Print() => $"measure into {Slot}\n{ProgramText.Indent(Sql)}";
}

/// <summary>Measures a model on rows as they are and with the values of each feature exchanged between them, and keeps the rises of its loss as constant rows for <paramref name="Slot"/> in later steps.</summary>
public sealed record ImportanceStep(string Slot, BoundImportance Importance, ImmutableArray<ImportanceQuery> Queries) : ProgramStep
{
    /// <inheritdoc/>
    public override string Print() => $"measure importance into {Slot}" + string.Concat(Queries.Select(q => "\n" + ProgramText.Indent(q.Sql)));
}

/// <summary>Gives the label, [the weight], then a score for each of <paramref name="Targets"/>: the index of the feature whose values are exchanged, −1 for none.</summary>
public sealed record ImportanceQuery(ImmutableArray<int> Targets, string Sql);

/// <summary>Streams the query's rows (features, label, [weight], [split]) into a trainer and stores the model.</summary>
/// <param name="Train">The training.</param>
/// <param name="Columns">What is taken of the rows of its query: columns by their names, then expressions for weight and split.</param>
/// <param name="Source">Its query, as it was written.</param>
public sealed record TrainStep(BoundTrain Train, string Columns, string Source) : ProgramStep
{
    /// <summary>The whole query.</summary>
    // A comment at the end of the source must not swallow the bracket.
    public string Sql => $"SELECT {Columns} FROM ({Source}\n)";

    /// <inheritdoc/>
    public override string Print() => $"train {Train.Estimator.Name} {Train.Name} on\n{ProgramText.Indent(Sql)}";
}

/// <summary>Is about the model store alone: DROP, ALTER, IMPORT and EXPORT MODEL, or nothing at all.</summary>
public sealed record StoreStep(BoundStatement Change) : ProgramStep
{
    /// <inheritdoc/>
    public override string Print() => $"model store: {PlanPrinter.Print(Change).TrimEnd()}";
}

/// <summary>What a registered function computes.</summary>
public sealed record PredictFunction(string Name, ModelVersion Model, PredictionOutput Output, double Threshold, int? ClassIndex)
{
    /// <summary>Further fields of a booster's row.</summary>
    public PredictionDetails Details { get; init; }

    /// <summary>How many attributions a <see cref="PredictionOutput.Explanation"/> lists.</summary>
    public int TopFeatures { get; init; }

    /// <summary>The features that the arguments are, in their order; empty where the engine does not need to know.</summary>
    public ImmutableArray<string> ArgumentNames { get; init; } = [];

    /// <summary>The places, ascending, of arguments that are passed as the elements of one list before all others; empty where each is passed by itself.</summary>
    public ImmutableArray<int> Packed { get; init; } = [];
}

internal static class ProgramText
{
    public static string Indent(string text) => string.Join('\n', text.Split('\n').Select(line => "   " + line.TrimEnd('\r')));
}
