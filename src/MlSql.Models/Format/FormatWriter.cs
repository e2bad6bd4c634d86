using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace MlSql.Models.Format;

/// <summary>Appends numbers and texts in one fixed form: little-endian, doubles as their bits, texts as a length and UTF-8.</summary>
internal sealed class FormatWriter
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public void Raw(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

    public void Byte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
    }

    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Count(int value) => Number(checked((uint)value));

    public void Number(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.GetSpan(sizeof(uint)), value);
        _bytes.Advance(sizeof(uint));
    }

    public void Word(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.GetSpan(sizeof(ulong)), value);
        _bytes.Advance(sizeof(ulong));
    }

    public void Real(double value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.GetSpan(sizeof(long)), BitConverter.DoubleToInt64Bits(value));
        _bytes.Advance(sizeof(long));
    }

    public void Reals(ReadOnlySpan<double> values)
    {
        Count(values.Length);
        foreach (double value in values) Real(value);
    }

    public void Text(string value)
    {
        int length;
        try
        {
            length = Utf8.GetByteCount(value);
        }
        catch (EncoderFallbackException)
        {
            throw ModelErrors.Unwritable("a text in it is not valid Unicode");
        }
        Count(length);
        Utf8.GetBytes(value, _bytes.GetSpan(length));
        _bytes.Advance(length);
    }

    /// <summary>A section: its number, the length of what <paramref name="write"/> appends, and that.</summary>
    public void Section(uint id, Action<FormatWriter> write)
    {
        FormatWriter body = new();
        write(body);
        Number(id);
        Count(body.Written.Length);
        Raw(body.Written);
    }
}
