using System.Collections.Immutable;
using MlSql.Models.Trees;

namespace MlSql.Models.Onnx.Trees;

/// <summary>What the scores of an ensemble become together. Named as in ONNX-ML.</summary>
public enum PostTransform
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Each 1 / (1 + e^−score).</summary>
    Logistic,

    /// <summary>e^score over the sum of them.</summary>
    Softmax,

    /// <summary>As softmax, but scores within 1e-7 of 0 stay out of the sum and become about 0.</summary>
    SoftmaxZero,
}

/// <summary>How the values of an ensemble, and the class, follow from its scores. How ONNX Runtime reads what ONNX-ML leaves open.</summary>
public enum ScoreForm
{
    /// <summary>A regressor: one value a score; the transform only where there are several.</summary>
    Targets,

    /// <summary>One value a score, three classes or more: the class of the largest score, of equal ones the first.</summary>
    Classes,

    /// <summary>Two scores, two values: the second class where the second score is above 0.</summary>
    TwoScores,

    /// <summary>One score s, of the second class: values transform(0, s); the second class where s is above the cut.</summary>
    SecondScore,

    /// <summary>One score s, given as the first class's: values σ(−s), σ(s) where the transform is logistic, else 1 − s, s for weights that are all positive, else −s, s; the second class where s is above the cut.</summary>
    OneScore,

    /// <summary>One score s in 64 bits: values 1 − σ(s), σ(s); the second class where s is at least 0. What our own graphs do behind an ensemble.</summary>
    LogisticOfScore,

    /// <summary>Scores in 64 bits: e^score over the sum of them; the class of the largest score, of equal ones the first. What our own graphs do behind an ensemble.</summary>
    SoftmaxOfScores,

    /// <summary>Scores in 64 bits: each σ(score). What our own graphs do behind an ensemble.</summary>
    LogisticOfScores,

    /// <summary>Scores in 64 bits: each e^score. What our own graphs do behind an ensemble.</summary>
    ExponentialOfScores,

    /// <summary>Scores in 64 bits: the place of the largest, of equal ones the first. What our own graphs do behind an ensemble.</summary>
    LargestOfScores,

    /// <summary>Scores in 64 bits as they are, each with steps of its own. What our own graphs do behind an ensemble.</summary>
    Scores,
}

/// <summary>
/// From the sums of the leaves, one an output of the <see cref="TreeStructure"/> (whose own bases are 0), to an ensemble's values and class: score = sum / <paramref name="Divisor"/> + base, in the structure's precision; then the form.
/// </summary>
/// <param name="Form">What follows from the scores.</param>
/// <param name="Divisor">The number of trees where their values are averaged, else 1.</param>
/// <param name="Bases">One number an output; empty for none.</param>
/// <param name="Transform">The post transform.</param>
/// <param name="AllPositive">True when no weight of a leaf is negative: the cut between two classes is 0.5, else 0.</param>
/// <param name="Precision">What is computed in.</param>
/// <param name="Result">What the values are rounded to at the end.</param>
public sealed record ScoreRule(ScoreForm Form, int Divisor, ImmutableArray<double> Bases, PostTransform Transform, bool AllPositive, TreePrecision Precision, TreePrecision Result)
{
    /// <summary>For a form in 64 bits: what becomes of each of the ensemble's values before it is a score, a list of steps an output of the structure. Empty for any other form.</summary>
    public ImmutableArray<ImmutableArray<ElementStep>> Steps { get; init; } = [];

    /// <summary>True for the forms in 64 bits.</summary>
    public bool IsOfSteps => Form is ScoreForm.LogisticOfScore or ScoreForm.SoftmaxOfScores or ScoreForm.LogisticOfScores or ScoreForm.ExponentialOfScores or ScoreForm.LargestOfScores or ScoreForm.Scores;

    /// <summary>Values a row for so many outputs of the structure.</summary>
    public int Values(int outputs) => Form switch
    {
        ScoreForm.SecondScore or ScoreForm.OneScore or ScoreForm.LogisticOfScore => 2,
        ScoreForm.LargestOfScores => 1,
        _ => outputs,
    };

    /// <summary>Above it a single score stands for the second class.</summary>
    public double Cut => AllPositive ? 0.5 : 0;

    /// <inheritdoc/>
    public bool Equals(ScoreRule? other) => other is not null && Form == other.Form && Divisor == other.Divisor && Bases.AsSpan().SequenceEqual(other.Bases.AsSpan()) && Transform == other.Transform
        && AllPositive == other.AllPositive && Precision == other.Precision && Result == other.Result && Steps.Length == other.Steps.Length && Steps.Zip(other.Steps).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second.AsSpan()));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Form, Divisor, Bases.Length, Transform);
}
