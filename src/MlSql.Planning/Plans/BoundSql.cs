using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Planning.Binding;

namespace MlSql.Planning.Plans;

/// <summary>SQL of the engine with bound ML parts in it, in order.</summary>
public sealed record BoundSql(ImmutableArray<BoundPart> Parts)
{
    /// <summary>What stands for an argument that cannot change a prediction.</summary>
    public static readonly BoundSql Unread = Of("NULL");

    /// <summary>True for <see cref="Unread"/>, also where a rewriting has made it anew.</summary>
    public bool IsUnread => Parts is [BoundText { Text: "NULL" }];

    /// <summary>Plain text.</summary>
    public static BoundSql Of(string text) => new([new BoundText(text)]);

    /// <summary>Every prediction in here, however deep, in order.</summary>
    public IEnumerable<BoundPrediction> Predictions() => Parts.SelectMany(part => part switch
    {
        BoundPrediction p => p.Arguments.SelectMany(a => a.Predictions()).Append(p),
        BoundPredictTable t => t.Source.Predictions().Append(t.Row),
        BoundImportance i => i.Source.Predictions().Append(i.Score),
        BoundEvaluation e => e.Source.Predictions().Append(e.Score),
        _ => [],
    });
}

/// <summary>A part of <see cref="BoundSql"/>. A closed family.</summary>
public abstract record BoundPart
{
    private protected BoundPart() { }
}

/// <summary>Text as it goes to the engine.</summary>
public sealed record BoundText(string Text) : BoundPart;

/// <summary>What a prediction gives for one row.</summary>
public enum PredictionOutput
{
    /// <summary>The value, or the class in the label's type; of a booster its prediction; of a graph that is no classifier its only output, or a STRUCT of all.</summary>
    Value,

    /// <summary>Probabilities of all classes in ascending order of the classes: DOUBLE[].</summary>
    Probabilities,

    /// <summary>The probability of one class, or of the predicted one: DOUBLE.</summary>
    Probability,

    /// <summary>What the table form takes apart: STRUCT(label, probs STRUCT(label, prob)[]) of a classifier, a STRUCT of a booster's prediction and details, or one of all outputs of an imported graph.</summary>
    Row,

    /// <summary>What EVALUATE measures: the value, or the probability of the positive class of two: DOUBLE. Of more than two classes all probabilities, ascending: DOUBLE[].</summary>
    Score,

    /// <summary>The value with the features that made it: a STRUCT of <see cref="ExplanationTypes"/>.</summary>
    Explanation,
}

/// <summary>One evaluation of a model per row. <paramref name="Arguments"/> has one expression a feature of the signature, in its order, or one an element where the only feature is a list for a tensor.</summary>
/// <param name="Model">The version.</param>
/// <param name="Output">What comes out.</param>
/// <param name="Arguments">The features.</param>
/// <param name="Threshold">The probability from which on the positive class is predicted.</param>
/// <param name="ClassIndex">The class of <see cref="PredictionOutput.Probability"/>; null = the predicted one.</param>
/// <param name="Scoring">How it is computed; chosen by the optimiser.</param>
public sealed record BoundPrediction(ModelVersion Model, PredictionOutput Output, ImmutableArray<BoundSql> Arguments, double Threshold, int? ClassIndex, ScoringMode Scoring = ScoringMode.Unchosen) : BoundPart
{
    /// <summary>Argument types as the engine described them; null where it could not.</summary>
    public ImmutableArray<DataType?> ArgumentTypes { get; init; } = [];

    /// <summary>Further fields of a booster's <see cref="PredictionOutput.Row"/>.</summary>
    public PredictionDetails Details { get; init; }

    /// <summary>How many attributions a <see cref="PredictionOutput.Explanation"/> lists.</summary>
    public int TopFeatures { get; init; }

    /// <summary>The type of what comes out.</summary>
    public DataType Type => PredictionTypes.Of(Model, Output, Details);
}

/// <summary>How a prediction is computed.</summary>
public enum ScoringMode
{
    /// <summary>Not decided yet.</summary>
    Unchosen,

    /// <summary>By a kernel of ours inside a registered function.</summary>
    Kernel,

    /// <summary>By ONNX Runtime inside a registered function.</summary>
    Runtime,

    /// <summary>As an expression of the engine's own SQL.</summary>
    Inline,
}

/// <summary>A table form: outputs of the model, then all columns of the source. <paramref name="Outputs"/> are the output columns' names; lineage adds three more at the end.</summary>
public sealed record BoundPredictTable(BoundPrediction Row, BoundSql Source, ImmutableArray<string> Outputs, bool Lineage) : BoundPart;

/// <summary>Constant rows: what ML.WEIGHTS and the like give. Values are null, string, double, long, bool or a list of (string, double) pairs.</summary>
public sealed record BoundRows(Schema Schema, ImmutableArray<ImmutableArray<object?>> Rows) : BoundPart
{
    /// <inheritdoc/>
    public bool Equals(BoundRows? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => Rows.Length;
}

/// <summary>Metrics of a model on rows, one row of them for each combination of <paramref name="By"/>; computed before the query that uses them runs.</summary>
/// <param name="Score">The prediction that is measured; its arguments refer to columns of the source.</param>
/// <param name="Source">The rows.</param>
/// <param name="Label">The label column.</param>
/// <param name="Weight">The weight column, or null.</param>
/// <param name="By">Grouping columns.</param>
public sealed record BoundEvaluation(BoundPrediction Score, BoundSql Source, string Label, string? Weight, ImmutableArray<Field> By) : BoundPart;

/// <summary>How much the loss of a model on rows rises when the values of one feature are exchanged between the rows, feature by feature; computed before the query that uses it runs.</summary>
/// <param name="Score">The prediction that is measured; its arguments refer to columns of the source.</param>
/// <param name="Source">The rows.</param>
/// <param name="Label">The label column.</param>
/// <param name="Weight">The weight column, or null.</param>
public sealed record BoundImportance(BoundPrediction Score, BoundSql Source, string Label, string? Weight) : BoundPart;
