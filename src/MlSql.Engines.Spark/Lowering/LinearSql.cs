using System.Globalization;
using System.Text;
using MlSql.Columnar;
using MlSql.Language;
using MlSql.Models;
using MlSql.Models.Featurizers;
using MlSql.Planning;
using MlSql.Planning.Plans;
using MlSql.Scoring;

namespace MlSql.Engines.Spark.Lowering;

/// <summary>
/// A linear model as an expression of Spark's SQL: intercept + Σ (x − mean) · (weight / scale), one term a feature, in the order of the kernel. Within 1e-12 of it (the JVM has its own exp);
/// classes are decided on the score before the link, so they are equal.
/// </summary>
internal static class LinearSql
{
    /// <summary>The expression of one output; <paramref name="arguments"/> are the features' expressions as text. What stands there more than once, Spark computes once.</summary>
    public static string Print(BoundPrediction prediction, IReadOnlyList<string> arguments)
    {
        var model = prediction.Model.Model;
        string score = Score(model, arguments);
        if (model.Signature.Classes is not { } classes) return score;
        string probability = $"(1D / (1D + exp(-{score})))", other = $"(1D - {probability})";
        return prediction.Output switch
        {
            PredictionOutput.Value => Label(prediction, classes, score),
            PredictionOutput.Score => probability,
            PredictionOutput.Probability when prediction.ClassIndex is { } only => only == 1 ? probability : other,
            PredictionOutput.Probability when prediction.Threshold == 0.5 => $"greatest({probability}, {other})",
            PredictionOutput.Probability => $"CASE WHEN {score} >= {Cut(prediction)} THEN {probability} ELSE {other} END",
            PredictionOutput.Probabilities => $"array({other}, {probability})",
            PredictionOutput.Row => $"named_struct('label', {Label(prediction, classes, score)}, 'probs', array({Pair(0, other)}, {Pair(1, probability)}))",
            _ => throw new System.Diagnostics.UnreachableException(prediction.Output.ToString()),
        };

        string Pair(int index, string value) => $"named_struct('label', {Class(prediction.Model, classes, index)}, 'prob', {value})";
    }

    private static string Score(Model model, IReadOnlyList<string> arguments)
    {
        var linear = (LinearStructure)model.Structure;
        var into = new StringBuilder("(").Append(Number(linear.Intercept));
        int at = 0;
        foreach (var featurizer in model.Featurizers)
        {
            string input = Input(model, featurizer, arguments);
            switch (featurizer)
            {
                case NumericFeaturizer f:
                    double weight = f.Scale == 0 ? 0 : linear.Weights[at] / f.Scale;
                    // NULL and NaN stand for the mean.
                    if (weight != 0) into.Append($" + coalesce((nanvl(CAST({input} AS DOUBLE), CAST(NULL AS DOUBLE)) - {Number(f.Mean)}) * {Number(weight)}, 0D)");
                    break;
                case OneHotFeaturizer f:
                    var weights = linear.Weights.AsSpan(at, f.Width);
                    if (weights.IndexOfAnyExcept(0.0) >= 0) AppendLevels(into, f, weights, input);
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException(featurizer.GetType().Name);
            }
            at += featurizer.Width;
        }
        return into.Append(')').ToString();
    }

    // The look-up is one of a map, not a chain of comparisons; an unseen level gives 0. Texts compare by their bytes, whatever the column's collation.
    private static void AppendLevels(StringBuilder into, OneHotFeaturizer featurizer, ReadOnlySpan<double> weights, string input)
    {
        string missing = featurizer.NullLevel ? Number(weights[^1]) : "0D";
        into.Append(" + coalesce(");
        if (featurizer.Levels.Length > 0)
        {
            into.Append("element_at(map(");
            for (int i = 0; i < featurizer.Levels.Length; i++) into.Append(i > 0 ? ", " : "").Append(SqlQuote.Text(featurizer.Levels[i])).Append(", ").Append(Number(weights[i]));
            into.Append($"), CAST({input} AS STRING))");
        }
        else
        {
            into.Append("CAST(NULL AS DOUBLE)");
        }
        into.Append(featurizer.NullLevel ? $", CASE WHEN {input} IS NULL THEN {missing} END" : "").Append(", 0D)");
    }

    private static string Input(Model model, Featurizer featurizer, IReadOnlyList<string> arguments)
    {
        string input = $"({arguments[featurizer.Feature]})";
        var type = model.Signature.Features[featurizer.Feature].Type;
        foreach (int field in featurizer.Path)
        {
            var inner = ((StructFeature)type).Fields[field];
            input += "." + SqlQuote.Identifier(inner.Name);
            type = inner.Type;
        }
        return input;
    }

    // A NaN, which Spark takes for the largest number, has no class.
    private static string Label(BoundPrediction prediction, ClassLabels classes, string score) =>
        $"element_at(map(true, {Class(prediction.Model, classes, 1)}, false, {Class(prediction.Model, classes, 0)}), nanvl({score}, CAST(NULL AS DOUBLE)) >= {Cut(prediction)})";

    private static string Cut(BoundPrediction prediction) => Number(Links.LogOdds(prediction.Threshold));

    private static string Class(ModelVersion model, ClassLabels classes, int index) => classes.Kind switch
    {
        ClassKind.Text => SqlQuote.Text(classes.Values[index]),
        ClassKind.Boolean when model.LabelType is BooleanType => classes.Values[index],
        _ => $"CAST({SqlQuote.Text(classes.Values[index])} AS {model.LabelType})",
    };

    // To the bit. Weights, means and intercepts are finite; only a cut may be an infinity.
    private static string Number(double value) => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) + "D" : $"CAST('{(value > 0 ? "Infinity" : "-Infinity")}' AS DOUBLE)";
}
