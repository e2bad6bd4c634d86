using System.Buffers.Binary;
using System.Text;

namespace MlSql.UnitTests.Models.Onnx;

/// <summary>Writes ONNX messages by field number, sound or not; what the reader is tested with must not come from the reader's own tables.</summary>
internal static class ProtoBytes
{
    public static byte[] Message(params byte[][] fields) => [.. fields.SelectMany(field => field)];

    public static byte[] Varint(ulong value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }

    public static byte[] Int(int field, long value) => [.. Varint((ulong)field << 3), .. Varint((ulong)value)];

    public static byte[] Bytes(int field, params byte[][] content)
    {
        byte[] all = Message(content);
        return [.. Varint((ulong)field << 3 | 2), .. Varint((ulong)all.Length), .. all];
    }

    public static byte[] Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    public static byte[] Packed(int field, params long[] values) => Bytes(field, [.. values.Select(value => Varint((ulong)value))]);

    public static byte[] Floats(int field, params float[] values) => Bytes(field, [.. values.Select(value =>
    {
        byte[] four = new byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(four, value);
        return four;
    })]);

    // The parts of an ONNX model.

    public static byte[] Model(params byte[][] graph) => ModelWith(Graph(graph));

    public static byte[] ModelWith(byte[] graph, params byte[][] extra) => Message([Int(1, 8), Opset("", 17), Opset("ai.onnx.ml", 3), graph, .. extra]);

    public static byte[] Opset(string domain, long version) => Bytes(8, Text(1, domain), Int(2, version));

    public static byte[] Graph(params byte[][] fields) => Bytes(7, fields);

    public static byte[] Input(string name, params long[] shape) => Value(11, name, shape);

    public static byte[] Output(string name, params long[] shape) => Value(12, name, shape);

    public static byte[] Value(int field, string name, params long[] shape) =>
        Bytes(field, Text(1, name), Bytes(2, Bytes(1, Int(1, 1), Bytes(2, [.. shape.Select(size => Bytes(1, Int(1, size)))]))));

    public static byte[] Node(string @operator, string[] inputs, string[] outputs, params byte[][] extra) =>
        Bytes(1, [.. inputs.Select(name => Text(1, name)), .. outputs.Select(name => Text(2, name)), Text(4, @operator), .. extra]);

    public static byte[] Domain(string domain) => Text(7, domain);

    public static byte[] Attribute(string name, params byte[][] value) => Bytes(5, [Text(1, name), .. value]);

    /// <summary>A float tensor with raw data, as the content of a message.</summary>
    public static byte[] Tensor(string name, long[] shape, params float[] values) => Message(Packed(1, shape), Int(2, 1), Text(8, name), Bytes(9, MemoryOf(values)));

    public static byte[] MemoryOf(float[] values)
    {
        byte[] bytes = new byte[4 * values.Length];
        Buffer.BlockCopy(values, 0, bytes, 0, bytes.Length);
        return bytes;
    }

    /// <summary>A float tensor whose data lie in a side file, as the content of a message.</summary>
    public static byte[] ExternalTensor(string name, long[] shape, params (string Key, string Value)[] entries) =>
        Message([Packed(1, shape), Int(2, 1), Text(8, name), .. entries.Select(entry => Bytes(13, Text(1, entry.Key), Text(2, entry.Value))), Int(14, 1)]);
}
