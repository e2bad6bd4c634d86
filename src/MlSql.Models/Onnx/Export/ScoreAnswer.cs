using System.Collections.Immutable;
using System.Globalization;

namespace MlSql.Models.Onnx.Export;

/// <summary>From score to answer: a number, or a class and the probabilities of both.</summary>
internal abstract class ScoreAnswer
{
    /// <summary>What the graph answers, for people.</summary>
    public abstract string Description { get; }

    /// <summary>Declares the outputs; before any node. MLS7101 for a classifier that does not choose between two classes by the logistic function.</summary>
    public static ScoreAnswer Declare(GraphWriter graph, ModelSignature signature, Link link)
    {
        if (signature.Classes is not { } classes) return new NumberAnswer(graph, signature.Label, link);
        if (link != Link.Logistic || classes.Values.Length != 2)
            throw ExportErrors.Unsupported(string.Create(CultureInfo.InvariantCulture, $"a linear classifier of {classes.Values.Length} classes with the link {link}"));
        return new ClassAnswer(graph, signature.Label, classes);
    }

    /// <summary>The classes as a LinearClassifier has them, and what its labels are.</summary>
    public static NodeAttribute ClassesAttribute(ClassLabels classes, out TensorElement element)
    {
        var wholes = Wholes(classes);
        element = wholes.IsEmpty ? TensorElement.Text : TensorElement.Int64;
        return wholes.IsEmpty ? NodeAttribute.Of("classlabels_strings", classes.Values) : NodeAttribute.Of("classlabels_ints", wholes);
    }

    /// <summary>Adds the nodes that make the outputs of the score, [N, 1].</summary>
    public abstract void Write(GraphWriter graph, string score);

    // Booleans are 0 and 1, since labels of a classifier are whole numbers or texts; other numbers stay as they are written.
    private static ImmutableArray<long> Wholes(ClassLabels classes)
    {
        if (classes.Kind == ClassKind.Text) return [];
        if (classes.Kind == ClassKind.Boolean) return [.. classes.Values.Select(v => v == "true" ? 1L : 0)];
        var wholes = ImmutableArray.CreateBuilder<long>();
        foreach (string value in classes.Values)
        {
            if (!long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole)) return [];
            wholes.Add(whole);
        }
        return wholes.ToImmutable();
    }

    // 1 / (1 + e^-s) by e^-|s|, which neither overflows nor loses the small probabilities; the operator Sigmoid does for negative scores.
    private static ImmutableArray<string> Logistic(GraphWriter graph, string score, string isPositive)
    {
        string power = graph.Node("Exp", "power", [graph.Node("Neg", "negative size", [graph.Node("Abs", "size", [score])])]);
        string upper = graph.Node("Where", "numerator", [isPositive, graph.Constant(1.0), power]);
        return [upper, graph.Node("Add", "denominator", [power, graph.Constant(1.0)])];
    }

    private static string IsPositive(GraphWriter graph, string score) => graph.Node("GreaterOrEqual", "positive", [score, graph.Constant(0.0)]);

    private sealed class NumberAnswer(GraphWriter graph, string label, Link link) : ScoreAnswer
    {
        private readonly string _output = graph.Output("predicted_" + label, TensorElement.Double, 1, $"the prediction of {label}");

        public override string Description => $"predicts the number {label}";

        public override void Write(GraphWriter graph, string score)
        {
            if (link == Link.Identity) graph.OutputNode("Identity", _output, [score]);
            else graph.OutputNode("Div", _output, Logistic(graph, score, IsPositive(graph, score)));
        }
    }

    private sealed class ClassAnswer : ScoreAnswer
    {
        private readonly NodeAttribute _classes;
        private readonly string _class;
        private readonly string _probabilities;

        public ClassAnswer(GraphWriter graph, string label, ClassLabels classes)
        {
            _classes = ClassesAttribute(classes, out TensorElement element);
            Description = $"predicts the class {label}, {classes.Values[0]} or {classes.Values[1]}";
            _class = graph.Output("label", element, null, $"the class of {label}, {classes.Values[1]} where its probability is at least 0.5");
            _probabilities = graph.Output("probabilities", TensorElement.Double, 2, $"the probabilities of {classes.Values[0]} and {classes.Values[1]}");
        }

        public override string Description { get; }

        public override void Write(GraphWriter graph, string score)
        {
            string positive = IsPositive(graph, score);
            string second = graph.Node("Div", "positive probability", Logistic(graph, score, positive));
            string first = graph.Node("Sub", "negative probability", [graph.Constant(1.0), second]);
            graph.OutputNode("Concat", _probabilities, [first, second], NodeAttribute.Of("axis", 1));

            // Readers look for the names of classes in a classifier node. That computes in float, so it only sees 0 or 1: against 0.5 the second class wins exactly with 1.
            string decision = graph.Node("Cast", "decision", [positive], NodeAttribute.Of("to", (long)TensorElement.Float));
            graph.MlOutputNode("LinearClassifier", _class, "decision scores", [decision],
                _classes, NodeAttribute.Of("coefficients", ImmutableArray.Create(0f, 1f)), NodeAttribute.Of("intercepts", ImmutableArray.Create(0.5f, 0f)));
        }
    }
}
