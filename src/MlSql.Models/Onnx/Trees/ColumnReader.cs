using System.Collections.Immutable;

namespace MlSql.Models.Onnx.Trees;

/// <summary>Follows a graph's values back to its inputs, column by column, through operators that keep columns apart. Throws <see cref="UnrecognisedException"/> for any other.</summary>
internal sealed class ColumnReader(GraphNodes nodes, ImmutableArray<GraphInput> inputs, ImmutableArray<Feature> features)
{
    private const int MostColumns = ColumnShapes.MostColumns;
    private int _columns;
    private readonly Dictionary<string, ColumnTensor> _known = new(StringComparer.Ordinal);

    /// <summary>The columns of a value.</summary>
    public ColumnTensor Of(string value)
    {
        if (_known.TryGetValue(value, out ColumnTensor? known)) return known;
        ColumnTensor tensor = nodes.Producer(value) is not { } node ? Input(value) : node.Inputs.Length > 0 ? Result(node) : throw new UnrecognisedException($"it computes with the constant {ShownText.Name(value)}");
        if ((_columns += tensor.Columns.Length) > MostColumns) throw new UnrecognisedException($"it has more than {MostColumns} columns in all its steps");
        return _known[value] = tensor;
    }

    private ColumnTensor Input(string name)
    {
        GraphInput input = inputs.FirstOrDefault(i => i.Name == name) ?? throw new UnrecognisedException($"it computes with the constant {ShownText.Name(name)}");
        if (input.Element is TensorElement.Half or TensorElement.BFloat16) throw new UnrecognisedException($"{ShownText.Name(name)} is a tensor of 16-bit numbers");
        if (input.Width > MostColumns) throw new UnrecognisedException($"{ShownText.Name(name)} has {input.Width} columns");
        bool isList = IsList(input, features);
        if (isList && input.Element == TensorElement.Text) throw new UnrecognisedException($"{ShownText.Name(name)} is a list of texts");
        var columns = ImmutableArray.CreateBuilder<SymbolicColumn>(input.Width);
        for (int i = 0; i < input.Width; i++)
        {
            InputSlot slot = new(isList ? input.Features[0] : input.Features[i], isList ? i : 0, input.Element);
            columns.Add(input.Element == TensorElement.Text ? new TextColumn(slot) : new NumberColumn(slot, []));
        }
        return new(input.Element, input.Shape, columns.MoveToImmutable());
    }

    /// <summary>Whether one list feature fills an input.</summary>
    public static bool IsList(GraphInput input, ImmutableArray<Feature> features) =>
        input.Features is [var only] && (input.Width != 1 || features[only].Type is TensorListFeature or NumberListFeature);

    private ColumnTensor Result(GraphNode node) => node.Operator switch
    {
        "Identity" => Of(node.Inputs[0]),
        "Cast" => ColumnCasts.Cast(Of(node.Inputs[0]), (TensorElement)(node.Attributes.IntegerOf("to") ?? 0)),
        "Concat" => ColumnShapes.Concat([.. node.Inputs.Select(Of)], node.Attributes.IntegerOf("axis") ?? 1),
        "Gather" => ColumnShapes.Gather(Of(node.Inputs[0]), ConstantOf(node, 1), node.Attributes.IntegerOf("axis") ?? 0),
        "ai.onnx.ml.ArrayFeatureExtractor" => ColumnShapes.Extract(Of(node.Inputs[0]), ConstantOf(node, 1)),
        "Reshape" => ColumnShapes.Reshape(Of(node.Inputs[0]), ConstantOf(node, 1)),
        "Flatten" => ColumnShapes.Flatten(Of(node.Inputs[0]), node.Attributes.IntegerOf("axis") ?? 1),
        "Squeeze" => ColumnShapes.Squeeze(Of(node.Inputs[0]), Axes(node)),
        "Unsqueeze" => ColumnShapes.Unsqueeze(Of(node.Inputs[0]), Axes(node)),
        "Mul" when Truncated(node) is { } cut => ColumnSteps.Truncate(Of(cut)),
        "Add" or "Sub" or "Mul" or "Div" => Arithmetic(node),
        "Where" when WithoutNaN(node) is var (given, put) => ColumnSteps.ReplaceNaN(Of(given), put),
        "ai.onnx.ml.Scaler" => ColumnSteps.Scale(Of(node.Inputs[0]), node.Attributes.RealsOf("offset"), node.Attributes.RealsOf("scale")),
        "ai.onnx.ml.Imputer" => ColumnSteps.Impute(Of(node.Inputs[0]), node.Attributes.RealsOf("imputed_value_floats"), node.Attributes.RealOf("replaced_value_float") ?? 0),
        "ai.onnx.ml.OneHotEncoder" => ColumnLookups.OneHot(nodes.File, Of(node.Inputs[0]), node.Attributes),
        "ai.onnx.ml.LabelEncoder" => ColumnLookups.Encode(nodes.File, Of(node.Inputs[0]), node.Attributes),
        "ai.onnx.ml.Normalizer" => throw new UnrecognisedException("its Normalizer mixes the columns of a row"),
        var other => throw new UnrecognisedException($"its trees read what the operator {ShownText.Name(other)} gives"),
    };

    private ColumnTensor Arithmetic(GraphNode node)
    {
        if (node.Inputs.Length != 2) throw new UnrecognisedException($"its {node.Operator} has {node.Inputs.Length} inputs");
        bool constantFirst = nodes.Constant(node.Inputs[0]) is not null;
        ConstantTensor constant = nodes.Constant(node.Inputs[constantFirst ? 0 : 1]) ?? throw new UnrecognisedException($"its operator {node.Operator} mixes columns");
        return ColumnSteps.Arithmetic(Of(node.Inputs[constantFirst ? 1 : 0]), OperationOf(node.Operator, constantFirst), constant);
    }

    // sign(v) · floor(|v|), as our own export cuts numbers; gives v.
    private string? Truncated(GraphNode node) =>
        node.Inputs is [var sign, var size] && Source(sign, "Sign") is { } value && Source(size, "Floor") is { } absolute && Source(absolute, "Abs") == value ? value : null;

    // isnan(v) ? c : v; gives v and c.
    private (string Value, double Put)? WithoutNaN(GraphNode node) =>
        node.Inputs is [var condition, var put, var value] && Source(condition, "IsNaN") == value && nodes.Constant(put) is { Element: TensorElement.Double, Shape.Length: <= 2, Values: [var number] } ? (value, number) : null;

    private string? Source(string value, string operation) => nodes.Producer(value) is { Inputs: [var only] } node && node.Operator == operation ? only : null;

    /// <summary>The operation of a node's operator with a constant.</summary>
    public static ElementOperation OperationOf(string name, bool constantFirst) => (name, constantFirst) switch
    {
        ("Add", _) => ElementOperation.Add,
        ("Sub", false) => ElementOperation.Subtract,
        ("Sub", true) => ElementOperation.SubtractFrom,
        ("Mul", _) => ElementOperation.Multiply,
        ("Div", false) => ElementOperation.Divide,
        _ => throw new UnrecognisedException("it divides a constant by a column"),
    };

    private ConstantTensor ConstantOf(GraphNode node, int input) =>
        (node.Inputs.Length > input ? nodes.Constant(node.Inputs[input]) : null) ?? throw new UnrecognisedException($"what its operator {node.Operator} does is not constant");

    // An attribute at first, an input since operator set 13.
    private long[] Axes(GraphNode node)
    {
        if (node.Inputs.Length > 1) return ConstantOf(node, 1).Wholes("the axes of an operator");
        List<long> axes = [];
        foreach (long axis in node.Attributes.IntegersOf("axes")) axes.Add(axis);
        return axes.Count > 0 ? [.. axes] : throw new UnrecognisedException($"its operator {node.Operator} names no axes");
    }
}
