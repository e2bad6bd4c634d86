using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace MlSql.UnitTests.Models.Onnx.Export;

/// <summary>A message of protobuf as it lies in the bytes: field numbers with whole numbers or bytes.</summary>
internal sealed class ProtoMessage
{
    private readonly List<(int Field, object Value)> _fields = [];

    public ProtoMessage(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            ulong tag = Varint(ref bytes);
            object value;
            switch (tag & 7)
            {
                case 0:
                    value = (long)Varint(ref bytes);
                    break;
                case 2:
                    int length = checked((int)Varint(ref bytes));
                    value = bytes[..length].ToArray();
                    bytes = bytes[length..];
                    break;
                case 5:
                    value = BinaryPrimitives.ReadSingleLittleEndian(bytes);
                    bytes = bytes[4..];
                    break;
                default:
                    throw new InvalidDataException($"wire type {tag & 7}");
            }
            _fields.Add(((int)(tag >> 3), value));
        }
    }

    public long Number(int field) => (long)_fields.Single(f => f.Field == field).Value;

    public string Text(int field) => Texts(field).SingleOrDefault("");

    public IEnumerable<string> Texts(int field) => All<byte[]>(field).Select(Encoding.UTF8.GetString);

    public byte[] Bytes(int field) => All<byte[]>(field).Single();

    public ProtoMessage Message(int field) => Messages(field).Single();

    public IEnumerable<ProtoMessage> Messages(int field) => All<byte[]>(field).Select(b => new ProtoMessage(b));

    public IEnumerable<T> All<T>(int field) => _fields.Where(f => f.Field == field).Select(f => (T)f.Value);

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
    }
}

/// <summary>An exported file, read again field by field as the ONNX format says.</summary>
internal sealed class GraphFile
{
    private readonly ProtoMessage _model;
    private readonly ProtoMessage _graph;

    public GraphFile(ReadOnlyMemory<byte> bytes)
    {
        _model = new(bytes.Span);
        _graph = _model.Message(7);
    }

    public long IrVersion => _model.Number(1);

    public string Producer => _model.Text(2);

    public IEnumerable<string> Opsets => _model.Messages(8).Select(o => string.Create(CultureInfo.InvariantCulture, $"{o.Text(1)} {o.Number(2)}"));

    public ImmutableArray<string> Inputs => [.. _graph.Messages(11).Select(Value)];

    public ImmutableArray<string> Outputs => [.. _graph.Messages(12).Select(Value)];

    public ImmutableArray<(string Operation, string Domain, string[] Inputs, string[] Outputs)> Nodes => [.. _graph.Messages(1).Select(n => (n.Text(4), n.Text(7), n.Texts(1).ToArray(), n.Texts(2).ToArray()))];

    /// <summary>The texts of an attribute of the only node with this operation.</summary>
    public string[] Texts(string operation, string attribute) => [.. Attribute(operation, attribute).Texts(9)];

    /// <summary>The whole numbers of an attribute of the only node with this operation.</summary>
    public long[] Wholes(string operation, string attribute) => [.. Attribute(operation, attribute).All<long>(8)];

    /// <summary>The shape and values of a constant, as double.</summary>
    public (long[] Shape, double[] Values) Constant(string name)
    {
        var tensor = _graph.Messages(5).Single(t => t.Text(8) == name);
        byte[] data = tensor.Bytes(9);
        Assert.That(tensor.Number(2), Is.EqualTo(11), "double");
        return ([.. tensor.All<long>(1)], [.. Enumerable.Range(0, data.Length / 8).Select(i => BinaryPrimitives.ReadDoubleLittleEndian(data.AsSpan(8 * i)))]);
    }

    /// <summary>Names of constants.</summary>
    public ImmutableArray<string> Constants => [.. _graph.Messages(5).Select(t => t.Text(8))];

    private ProtoMessage Attribute(string operation, string name) => _graph.Messages(1).Single(n => n.Text(4) == operation).Messages(5).Single(a => a.Text(1) == name);

    private static string Value(ProtoMessage value)
    {
        var tensor = value.Message(2).Message(1);
        var sizes = tensor.Message(2).Messages(1).Select(d => d.All<long>(1).Select(s => s.ToString(CultureInfo.InvariantCulture)).FirstOrDefault() ?? d.Text(2));
        return string.Create(CultureInfo.InvariantCulture, $"{value.Text(1)} {tensor.Number(1)} [{string.Join(",", sizes)}]: {value.Text(3)}");
    }
}
