using System.Diagnostics;
using MlSql.Models.Featurizers;

namespace MlSql.Models.Onnx.Export;

/// <summary>
/// The graph of a linear model. Everything that is a number goes side by side into one matrix: what is NaN there becomes 0 after the mean is taken off, and one product with the weights (divided by the scales) gives its share of the score.
/// A text gives the weight of its level. Columns without weight take no part.
/// </summary>
internal static class LinearGraph
{
    public static byte[] Write(Model model, LinearStructure linear)
    {
        if (!double.IsFinite(linear.Intercept)) throw ExportErrors.Contradiction("its intercept is not a finite number");
        GraphWriter graph = new();
        var inputs = GraphInputs.Of(model.Signature);
        GraphInputs.Declare(graph, inputs);
        var answer = ScoreAnswer.Declare(graph, model.Signature, linear.Link);

        NumberColumns numbers = new(graph);
        List<string> terms = [graph.Constants("intercept", [linear.Intercept], 1, 1)];
        var byFeature = inputs.ToLookup(i => i.Feature);
        int at = 0;
        foreach (var featurizer in model.Featurizers)
        {
            var input = byFeature[featurizer.Feature].First(i => i.IsReadBy(featurizer));
            var weights = linear.Weights.AsSpan().Slice(at, featurizer.Width);
            at += featurizer.Width;
            switch (featurizer)
            {
                case NumericFeaturizer numeric:
                    numbers.Add(input, [numeric.Mean], [numeric.Scale], weights);
                    break;
                case NumberListFeaturizer list:
                    numbers.Add(input, list.Means.AsSpan(), list.Scales.AsSpan(), weights);
                    break;
                case CalendarFeaturizer calendar:
                    CalendarNodes.Add(graph, numbers, input, calendar, weights);
                    break;
                case OneHotFeaturizer oneHot:
                    if (LevelNodes.Add(graph, input, oneHot, weights) is { } levels) terms.Add(levels);
                    break;
                default:
                    throw new UnreachableException(featurizer.GetType().Name);
            }
        }
        if (numbers.Score() is { } score) terms.Add(score);
        answer.Write(graph, terms.Count > 1 ? graph.Node("Sum", "score", [.. terms]) : Everywhere(graph, inputs[0].Name, terms[0]));
        return graph.Write("A linear model of MlSql: " + answer.Description, Metadata.Of(model.Signature, inputs));
    }

    // A model that reads nothing still answers once a row.
    private static string Everywhere(GraphWriter graph, string input, string value)
    {
        string rows = graph.Node("Shape", "rows", [input], NodeAttribute.Of("start", 0), NodeAttribute.Of("end", 1));
        string shape = graph.Node("Concat", "score shape", [rows, graph.Constants("one column", [1L], 1)], NodeAttribute.Of("axis", 0));
        return graph.Node("Expand", "score", [value, shape]);
    }
}
