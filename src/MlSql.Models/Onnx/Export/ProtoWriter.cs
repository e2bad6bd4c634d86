using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace MlSql.Models.Onnx.Export;

/// <summary>Appends the fields of one protobuf message in the order in which they are given, so that the same calls give the same bytes.</summary>
internal sealed class ProtoWriter
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public void Number(int field, long value)
    {
        Tag(field, 0);
        Varint((ulong)value);
    }

    public void Real32(int field, float value)
    {
        Tag(field, 5);
        BinaryPrimitives.WriteSingleLittleEndian(_bytes.GetSpan(sizeof(float)), value);
        _bytes.Advance(sizeof(float));
    }

    public void Text(int field, string value)
    {
        byte[] bytes;
        try
        {
            bytes = Utf8.GetBytes(value);
        }
        catch (EncoderFallbackException)
        {
            throw ExportErrors.Contradiction("a text in it is not valid Unicode");
        }
        Bytes(field, bytes);
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, 2);
        Varint((ulong)value.Length);
        _bytes.Write(value);
    }

    public void Message(int field, ProtoWriter message) => Bytes(field, message.Written);

    /// <summary>Appends fields that were written apart.</summary>
    public void Append(ProtoWriter fields) => _bytes.Write(fields.Written);

    private void Tag(int field, int wireType) => Varint((ulong)(field << 3 | wireType));

    private void Varint(ulong value)
    {
        var span = _bytes.GetSpan(10);
        int length = 0;
        for (; value >= 0x80; value >>= 7) span[length++] = (byte)(value | 0x80);
        span[length++] = (byte)value;
        _bytes.Advance(length);
    }
}
