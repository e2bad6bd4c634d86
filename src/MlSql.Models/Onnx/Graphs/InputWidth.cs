using MlSql.Models.Onnx.Protobuf;

namespace MlSql.Models.Onnx.Graphs;

/// <summary>How many features a node reads where the graph says so: its first input is a graph input of declared shape, perhaps through operators that keep the shape.</summary>
internal static class InputWidth
{
    private const int Steps = 16;

    public static long? Of(ModelFile file, GraphBody body, NodeFields node)
    {
        for (int step = 0; step < Steps; step++)
        {
            Slice input = node.FirstInput(file);
            if (!body.Producers.TryGetValue(input, out int producer)) return null;
            if (producer == GraphBody.AnInput) return Declared(file, body, input);
            if (producer < 0) return null;
            node = NodeFields.Read(file, body.Nodes[producer]);
            if (!KeepsShape(file, node)) return null;
        }
        return null;
    }

    private static bool KeepsShape(ModelFile file, in NodeFields node) =>
        node.Is(file, ""u8, "Identity"u8) || node.Is(file, ""u8, "Cast"u8) || node.Is(file, "ai.onnx.ml"u8, "Scaler"u8) || node.Is(file, "ai.onnx.ml"u8, "Imputer"u8) || node.Is(file, "ai.onnx.ml"u8, "Normalizer"u8);

    private static long? Declared(ModelFile file, GraphBody body, Slice name)
    {
        foreach (Slice input in body.Inputs)
        {
            (Slice found, Slice? type) = ValueTypes.Parts(file, input);
            if (!found.Of(file.Span).SequenceEqual(name.Of(file.Span)) || type is not { } message) continue;
            return ValueTypes.TryRead(file, message) is TensorValueType { Shape: { IsDefault: false, Length: 1 or 2 } shape } ? shape[^1] : null;
        }
        return null;
    }
}
