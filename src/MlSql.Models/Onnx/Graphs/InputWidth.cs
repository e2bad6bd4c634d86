using MlSql.Models.Onnx.Protobuf;

namespace MlSql.Models.Onnx.Graphs;

/// <summary>
/// How many features a node reads where the graph says so: its first input is a graph input of declared shape, perhaps through operators that keep the shape. The graph must be free of circles. What was found is kept, so that
/// many nodes that read one chain cost one walk.
/// </summary>
internal sealed class InputWidth(ModelFile file, GraphBody body)
{
    private readonly Dictionary<int, long?> _ofNodes = [];
    private readonly Lazy<Dictionary<Slice, long>> _declared = new(() => Declared(file, body));

    public long? Of(NodeFields node)
    {
        List<int> walked = [];
        long? width = null;
        while (true)
        {
            Slice input = node.FirstInput(file);
            if (!body.Producers.TryGetValue(input, out int producer)) break;
            if (producer == GraphBody.AnInput && _declared.Value.TryGetValue(input, out long declared)) width = declared;
            if (producer < 0 || _ofNodes.TryGetValue(producer, out width)) break;
            walked.Add(producer);
            node = NodeFields.Read(file, body.Nodes[producer]);
            if (!KeepsShape(node)) break;
        }
        foreach (int at in walked) _ofNodes[at] = width;
        return width;
    }

    private bool KeepsShape(in NodeFields node) =>
        node.Is(file, ""u8, "Identity"u8) || node.Is(file, ""u8, "Cast"u8) || node.Is(file, "ai.onnx.ml"u8, "Scaler"u8) || node.Is(file, "ai.onnx.ml"u8, "Imputer"u8) || node.Is(file, "ai.onnx.ml"u8, "Normalizer"u8);

    private static Dictionary<Slice, long> Declared(ModelFile file, GraphBody body)
    {
        Dictionary<Slice, long> widths = new(body.Producers.Comparer);
        foreach (Slice input in body.Inputs)
        {
            (Slice name, Slice? type) = ValueTypes.Parts(file, input);
            if (type is { } message && ValueTypes.TryRead(file, message) is TensorValueType { Shape: { IsDefault: false, Length: 1 or 2 } shape } && shape[^1] is { } width) widths[name] = width;
        }
        return widths;
    }
}
