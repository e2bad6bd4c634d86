using System.Runtime.InteropServices;
using System.Text;
using MlSql.Models.Onnx.Protobuf;
using MlSql.Models.Onnx.Tensors;

namespace MlSql.Models.Onnx.Graphs;

/// <summary>The attributes of one node by name, where they lie in the file.</summary>
internal sealed class AttributeTable
{
    private const int LongestName = 64;
    private const int Real = 2;
    private const int Integer = 3;
    private const int Text = 4;
    private const int Floats = 7;
    private const int Integers = 8;
    private const int Texts = 9;
    private readonly ModelFile _file;
    private readonly Dictionary<string, Slice> _attributes = new(StringComparer.Ordinal);

    public AttributeTable(ModelFile file, in NodeFields node)
    {
        _file = file;
        ProtobufReader fields = file.Fields(node.Message);
        while (fields.Next())
        {
            if (!fields.Is(MessageSchema.NodeAttributes, WireType.Bytes)) continue;
            Slice name = default;
            ProtobufReader attribute = file.Fields(fields.Content);
            while (attribute.Next())
                if (attribute.Is(1, WireType.Bytes)) name = attribute.Content;
            if (name.Length <= LongestName) _attributes[Encoding.UTF8.GetString(name.Of(file.Span))] = fields.Content;
        }
    }

    /// <summary>The integers of a list; none for an attribute that is not there.</summary>
    public IntegerField IntegersOf(string name) => _file.Integers(_attributes.GetValueOrDefault(name), Integers);

    /// <summary>The texts of a list, where they lie.</summary>
    public IEnumerable<Slice> TextsOf(string name)
    {
        if (!_attributes.TryGetValue(name, out Slice attribute)) yield break;
        int position = attribute.Start;
        while (NextText(ref position, attribute.End) is { } text) yield return text;
    }

    /// <summary>A single integer; null when there is none.</summary>
    public long? IntegerOf(string name)
    {
        long? value = null;
        ProtobufReader fields = _file.Fields(_attributes.GetValueOrDefault(name));
        while (fields.Next())
            if (fields.Is(Integer, WireType.Varint)) value = (long)fields.Value;
        return value;
    }

    /// <summary>A single real; null when there is none.</summary>
    public float? RealOf(string name)
    {
        float? value = null;
        ProtobufReader fields = _file.Fields(_attributes.GetValueOrDefault(name));
        while (fields.Next())
            if (fields.Is(Real, WireType.Fixed32)) value = BitConverter.UInt32BitsToSingle((uint)fields.Value);
        return value;
    }

    /// <summary>A single text, where it lies; null when there is none.</summary>
    public Slice? TextOf(string name) => ContentOf(name, Text);

    /// <summary>A TensorProto, where it lies; null when there is none.</summary>
    public Slice? TensorOf(string name) => ContentOf(name, MessageSchema.AttributeTensor);

    /// <summary>The reals of a list; none for an attribute that is not there.</summary>
    public double[] RealsOf(string name)
    {
        List<double> values = [];
        ProtobufReader fields = _file.Fields(_attributes.GetValueOrDefault(name));
        while (fields.Next())
        {
            if (fields.Is(Floats, WireType.Fixed32)) values.Add(BitConverter.UInt32BitsToSingle((uint)fields.Value));
            else if (fields.Is(Floats, WireType.Bytes))
                foreach (float value in MemoryMarshal.Cast<byte, float>(fields.Content.Of(_file.Span))) values.Add(value);
        }
        return [.. values];
    }

    /// <summary>How many elements a list has, or a tensor in an attribute; 0 for an attribute that is not there.</summary>
    public long LengthOf(string name)
    {
        if (!_attributes.TryGetValue(name, out Slice attribute)) return 0;
        long length = 0;
        ProtobufReader fields = _file.Fields(attribute);
        while (fields.Next())
        {
            if (fields.Is(Floats, WireType.Fixed32) || fields.Is(Integers, WireType.Varint) || fields.Is(Texts, WireType.Bytes)) length++;
            else if (fields.Is(Integers, WireType.Bytes)) length += _file.PackedLength(fields.Content);
            else if (fields.Is(Floats, WireType.Bytes)) length += fields.Content.Length / sizeof(float);
            else if (fields.Is(MessageSchema.AttributeTensor, WireType.Bytes))
            {
                long elements = 1;
                foreach (long size in _file.Integers(fields.Content, TensorFields.Dimensions)) elements *= size;
                length += elements;
            }
        }
        return length;
    }

    private Slice? ContentOf(string name, int field)
    {
        Slice? content = null;
        ProtobufReader fields = _file.Fields(_attributes.GetValueOrDefault(name));
        while (fields.Next())
            if (fields.Is(field, WireType.Bytes)) content = fields.Content;
        return content;
    }

    private Slice? NextText(ref int position, int end)
    {
        ProtobufReader fields = _file.Fields(new(position, end - position));
        while (fields.Next())
        {
            if (!fields.Is(Texts, WireType.Bytes)) continue;
            position = fields.Position;
            return fields.Content;
        }
        position = end;
        return null;
    }
}
