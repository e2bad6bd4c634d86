using System.Globalization;
using MlSql.Models.Trees;

namespace MlSql.Models.Onnx.Export;

/// <summary>From the scores of trees, [N, outputs] in double, to the answer: numbers, or a class and the probabilities of all.</summary>
internal sealed class TreeAnswer
{
    private readonly TreeStructure _trees;
    private readonly ScoreAnswer? _ofTwo;
    private readonly string _output = "", _probabilities = "";
    private readonly NodeAttribute? _classes;
    private readonly int _width;

    /// <summary>Declares the outputs; before any node. MLS7101 for a classifier whose classes do not follow from its scores by the logistic function or softmax.</summary>
    public TreeAnswer(GraphWriter graph, ModelSignature signature, TreeStructure trees)
    {
        _trees = trees;
        _width = trees.Link == TreeLink.LargestScore ? 1 : trees.Outputs;
        if (signature.Classes is not { } classes)
        {
            Description = $"predicts the number {signature.Label}";
            _output = graph.Output("predicted_" + signature.Label, TensorElement.Double, _width, $"the prediction of {signature.Label}");
            return;
        }
        int count = classes.Values.Length;
        if (trees is { Outputs: 1, Link: TreeLink.Logistic } && count == 2)
        {
            _ofTwo = ScoreAnswer.Declare(graph, signature, Link.Logistic);
            Description = _ofTwo.Description;
            return;
        }
        if (trees.Link != TreeLink.Softmax || trees.Outputs != count) throw ExportErrors.Unsupported(string.Create(CultureInfo.InvariantCulture, $"trees of {trees.Outputs} scores for {count} classes with the link {trees.Link}"));
        _classes = ScoreAnswer.ClassesAttribute(classes, out TensorElement element);
        Description = $"predicts the class {signature.Label}, one of {count}";
        _output = graph.Output("label", element, null, $"the class of {signature.Label}, that of the largest probability");
        _probabilities = graph.Output("probabilities", TensorElement.Double, count, "the probabilities of the classes");
    }

    /// <summary>What the graph answers, for people.</summary>
    public string Description { get; }

    /// <summary>Adds the nodes that make the outputs.</summary>
    public void Write(GraphWriter graph, string scores)
    {
        if (_trees.Link == TreeLink.Logistic && _trees.LinkFactor != 1) scores = graph.Node("Mul", "steep scores", [scores, graph.Constant(_trees.LinkFactor)]);
        if (_ofTwo is not null) _ofTwo.Write(graph, scores);
        else if (_classes is not null) WriteClasses(graph, scores);
        else graph.OutputNode("Identity", _output, [Linked(graph, scores)]);
    }

    private string Linked(GraphWriter graph, string scores)
    {
        string Logistic(string value)
        {
            string power = graph.Node("Exp", "power", [graph.Node("Neg", "negative size", [graph.Node("Abs", "size", [value])])]);
            string upper = graph.Node("Where", "numerator", [graph.Node("GreaterOrEqual", "positive", [value, graph.Constant(0.0)]), graph.Constant(1.0), power]);
            return graph.Node("Div", "probability", [upper, graph.Node("Add", "denominator", [power, graph.Constant(1.0)])]);
        }

        switch (_trees.Link)
        {
            case TreeLink.Identity:
                return scores;
            case TreeLink.Logistic:
                return Logistic(scores);
            case TreeLink.Softmax:
                return graph.Node("Softmax", "shares", [scores], NodeAttribute.Of("axis", 1));
            case TreeLink.LargestScore:
                return Double(graph, graph.Node("ArgMax", "largest", [scores], NodeAttribute.Of("axis", 1), NodeAttribute.Of("keepdims", 1)));
            case TreeLink.Exponential:
                return graph.Node("Exp", "exponential", [scores]);
            case TreeLink.SignedSquare:
                return graph.Node("Mul", "signed square", [scores, graph.Node("Abs", "size", [scores])]);
            case TreeLink.Softplus:
                // log(1 + e^s) = max(s, 0) + log(1 + e^−|s|)
                string rest = graph.Node("Log", "rest", [graph.Node("Add", "one and power", [graph.Node("Exp", "power", [graph.Node("Neg", "negative size", [graph.Node("Abs", "size", [scores])])]), graph.Constant(1.0)])]);
                return graph.Node("Add", "softplus", [graph.Node("Max", "not negative", [scores, graph.Constant(0.0)]), rest]);
            case TreeLink.Step:
                return Double(graph, graph.Node("Greater", "above 0", [scores, graph.Constant(0.0)]));
            default:
                throw new System.Diagnostics.UnreachableException(_trees.Link.ToString());
        }
    }

    // Readers look for the names of classes in a classifier node. That computes in float, so it only sees which score is the largest.
    private void WriteClasses(GraphWriter graph, string scores)
    {
        graph.OutputNode("Softmax", _probabilities, [scores], NodeAttribute.Of("axis", 1));
        string largest = graph.Node("ArgMax", "largest", [scores], NodeAttribute.Of("axis", 1), NodeAttribute.Of("keepdims", 0));
        string chosen = graph.Node("OneHot", "chosen", [largest, graph.Constants("class count", [(long)_width], 1), graph.Constants("not chosen, chosen", [0f, 1f], 2)], NodeAttribute.Of("axis", -1));
        float[] identity = new float[_width * _width];
        for (int i = 0; i < _width; i++) identity[i * _width + i] = 1;
        graph.MlOutputNode("LinearClassifier", _output, "decision scores", [chosen], _classes!, NodeAttribute.Of("coefficients", [.. identity]), NodeAttribute.Of("intercepts", [.. new float[_width]]), NodeAttribute.Of("multi_class", 1));
    }

    private static string Double(GraphWriter graph, string value) => graph.Node("Cast", "as number", [value], NodeAttribute.Of("to", (long)TensorElement.Double));
}
