using System.Collections.Immutable;
using MlSql.Models.Onnx.Protobuf;

namespace MlSql.Models.Onnx.Graphs;

/// <summary>Reads what a graph declares of its inputs and outputs.</summary>
internal static class ValueTypes
{
    /// <summary>Name and TypeProto of a ValueInfoProto.</summary>
    public static (Slice Name, Slice? Type) Parts(ModelFile file, Slice value)
    {
        Slice name = default;
        Slice? type = null;
        ProtobufReader fields = file.Fields(value);
        while (fields.Next())
            if (fields.Is(1, WireType.Bytes)) name = fields.Content;
            else if (fields.Is(2, WireType.Bytes)) type = fields.Content;
        return (name, type);
    }

    /// <summary>Reads an input or output that is fed or given; one whose name is no text or whose type no column can have is refused.</summary>
    public static GraphValue Read(ModelFile file, Slice value, string what)
    {
        (Slice name, Slice? type) = Parts(file, value);
        if (!System.Text.Unicode.Utf8.IsValid(name.Of(file.Span))) throw file.Errors.NotText(what, file.Shown(name));
        if (type is not { } message) throw file.Errors.Type(what, file.Shown(name), "none is declared");
        return new(file.Text(name, $"The name of {what}"), TryRead(file, message) ?? throw file.Errors.Type(what, file.Shown(name), "an optional, sparse, opaque or complex value, or one of few bits"));
    }

    /// <summary>Reads a TypeProto; null for a type that the contract has no case for.</summary>
    public static GraphValueType? TryRead(ModelFile file, Slice type, int depth = 0)
    {
        if (depth > file.Limits.Depth) throw file.Errors.Nesting("Types", file.Limits.Depth);
        GraphValueType? found = null;
        ProtobufReader fields = file.Fields(type);
        while (fields.Next())
        {
            if (fields.Wire != WireType.Bytes) continue;
            switch (fields.Number)
            {
                case 1: found = Tensor(file, fields.Content); break;
                case 4: found = Inner(file, fields.Content, 1, depth) is { } element ? new SequenceValueType(element) : null; break;
                case 5: found = Inner(file, fields.Content, 2, depth) is { } value && Element(Number(file, fields.Content)) is { } key ? new MapValueType(key, value) : null; break;
                case 7 or 8 or 9: found = null; break;
            }
        }
        return found;
    }

    private static TensorElement? Element(long number) => Enum.IsDefined((TensorElement)number) ? (TensorElement)number : null;

    // Element type of a tensor, key type of a map: both are field 1.
    private static int Number(ModelFile file, Slice message)
    {
        int number = 0;
        ProtobufReader fields = file.Fields(message);
        while (fields.Next())
            if (fields.Is(1, WireType.Varint)) number = (int)fields.Value;
        return number;
    }

    private static GraphValueType? Inner(ModelFile file, Slice message, int field, int depth)
    {
        Slice? inner = null;
        ProtobufReader fields = file.Fields(message);
        while (fields.Next())
        {
            if (!fields.Is(field, WireType.Bytes)) continue;
            // Protocol Buffers would merge the two, level by level.
            if (inner is not null) throw new MalformedProtobufException("a type is given twice", fields.Start);
            inner = fields.Content;
        }
        return inner is { } type ? TryRead(file, type, depth + 1) : null;
    }

    private static TensorValueType? Tensor(ModelFile file, Slice message)
    {
        ImmutableArray<long?>.Builder? shape = null;
        ProtobufReader fields = file.Fields(message);
        while (fields.Next())
        {
            if (!fields.Is(2, WireType.Bytes)) continue;
            shape ??= ImmutableArray.CreateBuilder<long?>();
            ProtobufReader dimensions = file.Fields(fields.Content);
            while (dimensions.Next())
            {
                if (!dimensions.Is(1, WireType.Bytes)) continue;
                if (shape.Count == file.Limits.Rank) throw file.Errors.Rank("of an input or output", file.Limits.Rank);
                shape.Add(Dimension(file, dimensions.Content));
            }
        }
        return Element(Number(file, message)) is { } element ? new(element, shape?.ToImmutable() ?? default) : null;
    }

    private static long? Dimension(ModelFile file, Slice message)
    {
        long? size = null;
        ProtobufReader fields = file.Fields(message);
        while (fields.Next())
            if (fields.Is(1, WireType.Varint)) size = (long)fields.Value;
            else if (fields.Is(2, WireType.Bytes)) size = null;
        // Some exporters write −1 for a free dimension.
        if (size < -1) throw file.Errors.Negative("of an input or output", size.Value);
        return size < 0 ? null : size;
    }
}
