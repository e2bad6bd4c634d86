using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MlSql.Models.Trees;

namespace MlSql.Models.Onnx.Trees;

/// <summary>Follows a graph's outputs back to the one ensemble that they come from, through what converters write behind it.</summary>
internal sealed class OutputReader(GraphNodes nodes)
{
    private readonly Dictionary<string, Tail> _tails = new(StringComparer.Ordinal);

    /// <summary>The ensemble's node; null until an output was followed.</summary>
    public GraphNode? Ensemble { get; private set; }

    /// <summary>Follows an output to the ensemble. Throws <see cref="UnrecognisedException"/> where there is none or another one.</summary>
    public void Follow(string output) => Follow(output, output);

    /// <summary>Follows a value that an output is made of.</summary>
    public void Follow(string from, string output)
    {
        List<GraphNode> path = [];
        string value = from;
        while (true)
        {
            GraphNode node = nodes.Producer(value) ?? throw new UnrecognisedException($"its output {ShownText.Name(output)} does not come from trees");
            if (node.Operator is "ai.onnx.ml.TreeEnsembleClassifier" or "ai.onnx.ml.TreeEnsembleRegressor" or "ai.onnx.ml.TreeEnsemble")
            {
                Ensemble ??= node;
                if (!ReferenceEquals(Ensemble, node)) throw new UnrecognisedException("it has several tree ensembles");
                if (node.Inputs.Length == 0) throw new UnrecognisedException("its trees read nothing");
                path.Reverse();
                _tails[from] = new(node.PlaceOf(value), [.. path]);
                return;
            }
            path.Add(node);
            value = Source(node, output);
        }
    }

    /// <summary>What an output holds that was followed.</summary>
    public RecognisedOutput Of(string output, Ensemble ensemble, ScoreRule rule)
    {
        Tail tail = _tails[output];
        if (ensemble.Classes is { } classes && tail.Place == 0) return Label(output, tail, classes, rule);
        ColumnTensor values = Values(rule.Values(ensemble.Targets), ElementOf(rule));
        ClassLabels? keys = null;
        foreach (GraphNode node in tail.Path)
        {
            if (keys is not null) throw new UnrecognisedException($"its {node.Operator} reads maps");
            if (node.Operator == "ai.onnx.ml.ZipMap" && values.Element != TensorElement.Float) throw new UnrecognisedException($"its ZipMap reads a tensor of {values.Element}");
            if (node.Operator == "ai.onnx.ml.ZipMap") keys = new EnsembleReader(nodes.File, node.Attributes, values.Element).ClassesOf();
            else values = Stepped(values, node);
        }
        if (keys is not null && (keys.Values.Length != values.Columns.Length || keys.Values.Distinct(StringComparer.Ordinal).Count() != keys.Values.Length)) throw new UnrecognisedException("its ZipMap has other classes than values");
        ImmutableArray<ElementStep> steps = values.Columns.IsEmpty ? [] : ((NumberColumn)values.Columns[0]).Steps;
        if (!values.Columns.All(c => ((NumberColumn)c).Steps.SequenceEqual(steps))) throw new UnrecognisedException($"its output {ShownText.Name(output)} changes each value in another way");
        int[] places = [.. values.Columns.Select(c => c.Slot.Position)];
        if (keys is not null) keys = Sorted(keys, places);
        return new ValuesOutput(output, values.Element, [.. places], steps, keys);
    }

    /// <summary>What becomes of each value of a regressor up to a value [N, k] in 64 bits that was followed: a list of steps each.</summary>
    public ImmutableArray<ImmutableArray<ElementStep>> StepsTo(string value, Ensemble ensemble, ScoreRule rule)
    {
        if (ensemble.Classes is not null) throw new UnrecognisedException("it computes with the scores of a classifier");
        ColumnTensor values = Values(ensemble.Targets, ElementOf(rule));
        foreach (GraphNode node in _tails[value].Path) values = Stepped(values, node);
        if (values.Element != TensorElement.Double || values.Shape.Length != 1 || !values.Columns.Select(c => c.Slot.Position).SequenceEqual(Enumerable.Range(0, ensemble.Targets))) throw new UnrecognisedException("it computes with its scores in another order or precision");
        return [.. values.Columns.Select(c => ((NumberColumn)c).Steps)];
    }

    private static TensorElement ElementOf(ScoreRule rule) => rule.Result == TreePrecision.Double ? TensorElement.Double : TensorElement.Float;

    // The runtime's maps are ordered by their keys.
    private static ClassLabels Sorted(ClassLabels keys, int[] places)
    {
        string[] sorted = [.. keys.Values];
        Array.Sort(sorted, places, keys.Kind == ClassKind.Text
            ? Comparer<string>.Create((a, b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)))
            : Comparer<string>.Create((a, b) => long.Parse(a, CultureInfo.InvariantCulture).CompareTo(long.Parse(b, CultureInfo.InvariantCulture))));
        return keys with { Values = [.. sorted] };
    }

    private static string Source(GraphNode node, string output) => node.Operator switch
    {
        "Identity" or "Cast" or "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze" or "Gather" or "ai.onnx.ml.ArrayFeatureExtractor" or "ai.onnx.ml.ZipMap" or "Add" or "Sub" or "Mul" or "Div" when node.Inputs.Length > 0 => node.Inputs[0],
        var other => throw new UnrecognisedException($"its output {ShownText.Name(output)} comes from the operator {ShownText.Name(other)}"),
    };

    // The values as columns of an input that is theirs alone, so that they can be followed like one.
    private static ColumnTensor Values(int count, TensorElement element) => new(element, [count], [.. Enumerable.Range(0, count).Select(i => new NumberColumn(new(0, i, element), []))]);

    private ColumnTensor Stepped(ColumnTensor values, GraphNode node)
    {
        ColumnTensor result = node.Operator switch
        {
            "Identity" => values,
            "Cast" => ColumnCasts.Cast(values, (TensorElement)(node.Attributes.IntegerOf("to") ?? 0)),
            "Reshape" => ColumnShapes.Reshape(values, ConstantOf(node)),
            "Flatten" => ColumnShapes.Flatten(values, node.Attributes.IntegerOf("axis") ?? 1),
            "Squeeze" => ColumnShapes.Squeeze(values, ConstantOf(node).Wholes("the axes of a Squeeze")),
            "Unsqueeze" => ColumnShapes.Unsqueeze(values, ConstantOf(node).Wholes("the axes of an Unsqueeze")),
            "Gather" => ColumnShapes.Gather(values, ConstantOf(node), node.Attributes.IntegerOf("axis") ?? 0),
            "ai.onnx.ml.ArrayFeatureExtractor" => ColumnShapes.Extract(values, ConstantOf(node)),
            _ => ColumnSteps.Arithmetic(values, ColumnReader.OperationOf(node.Operator, constantFirst: false), ConstantOf(node)),
        };
        // Times 1, which converters write for the sake of a name.
        return result with { Columns = [.. result.Columns.Select(c => (NumberColumn)c).Select(c => c with { Steps = c.Steps.RemoveAll(s => s is ArithmeticStep { Operation: ElementOperation.Multiply or ElementOperation.Divide, Constant: 1 }) })] };
    }

    private ConstantTensor ConstantOf(GraphNode node) =>
        (node.Inputs.Length > 1 ? nodes.Constant(node.Inputs[1]) : null) ?? throw new UnrecognisedException($"what its operator {node.Operator} does is not constant");

    private LabelOutput Label(string output, Tail tail, ClassLabels classes, ScoreRule rule)
    {
        TensorElement element = classes.Kind == ClassKind.Text ? TensorElement.Text : TensorElement.Int64;
        ColumnTensor label = new(element, [], [new TextColumn(new(0, 0, element))]);
        foreach (GraphNode node in tail.Path)
            label = node.Operator switch
            {
                "Identity" => label,
                "Cast" when (TensorElement)(node.Attributes.IntegerOf("to") ?? 0) == element => label,
                "Reshape" => ColumnShapes.Reshape(label, ConstantOf(node)),
                "Flatten" => ColumnShapes.Flatten(label, node.Attributes.IntegerOf("axis") ?? 1),
                _ => throw new UnrecognisedException($"its label goes through the operator {ShownText.Name(node.Operator)}"),
            };
        // With weights for both of two classes ONNX Runtime gives 0 and 1, whatever whole numbers the classes are.
        bool numbered = rule.Form == ScoreForm.TwoScores && classes.Kind == ClassKind.Integer;
        return new(output, element, numbered ? ["0", "1"] : classes.Values);
    }

    /// <summary>The ensemble's output that is read, and the nodes from there on.</summary>
    private sealed record Tail(int Place, ImmutableArray<GraphNode> Path);
}
