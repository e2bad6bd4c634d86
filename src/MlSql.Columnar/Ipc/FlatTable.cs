using System.Buffers.Binary;
using System.Text;

namespace MlSql.Columnar.Ipc;

/// <summary>
/// A table of a flatbuffer. Every offset is checked against the buffer before it is followed: a table that was made lies inside, and so does all that it hands out.
/// Throws <see cref="ArrowException"/> MLS6101 for anything that does not.
/// </summary>
internal readonly ref struct FlatTable
{
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _start;
    private readonly int _size;
    private readonly ReadOnlySpan<byte> _slots;

    private FlatTable(ReadOnlySpan<byte> bytes, long start)
    {
        if (start < 0 || start > bytes.Length - 4) throw ArrowErrors.Malformed("a table lies outside of the metadata");
        _bytes = bytes;
        _start = (int)start;
        long vtable = start - BinaryPrimitives.ReadInt32LittleEndian(bytes[_start..]);
        if (vtable < 0 || vtable > bytes.Length - 4) throw ArrowErrors.Malformed("a vtable lies outside of the metadata");
        int vtableSize = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(int)vtable..]);
        _size = BinaryPrimitives.ReadUInt16LittleEndian(bytes[((int)vtable + 2)..]);
        if (vtableSize < 4 || vtableSize > bytes.Length - vtable || _size < 4 || _size > bytes.Length - start) throw ArrowErrors.Malformed("a table reaches outside of the metadata");
        _slots = bytes.Slice((int)vtable + 4, vtableSize - 4);
    }

    /// <summary>The table that the whole buffer is.</summary>
    public static FlatTable Root(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4) throw ArrowErrors.Malformed("the metadata is empty");
        return new FlatTable(bytes, BinaryPrimitives.ReadUInt32LittleEndian(bytes));
    }

    /// <summary>True when the slot is filled.</summary>
    public bool Has(int slot) => Find(slot, 1) != 0;

    public byte Byte(int slot, byte otherwise = 0) => Find(slot, 1) is var at and not 0 ? _bytes[at] : otherwise;

    public short Short(int slot, short otherwise = 0) => Find(slot, 2) is var at and not 0 ? BinaryPrimitives.ReadInt16LittleEndian(_bytes[at..]) : otherwise;

    public int Int(int slot, int otherwise = 0) => Find(slot, 4) is var at and not 0 ? BinaryPrimitives.ReadInt32LittleEndian(_bytes[at..]) : otherwise;

    public long Long(int slot, long otherwise = 0) => Find(slot, 8) is var at and not 0 ? BinaryPrimitives.ReadInt64LittleEndian(_bytes[at..]) : otherwise;

    /// <summary>A table that must be there.</summary>
    public FlatTable Table(int slot)
    {
        int at = Find(slot, 4);
        if (at == 0) throw ArrowErrors.Malformed("a table is missing");
        return new FlatTable(_bytes, at + (long)BinaryPrimitives.ReadUInt32LittleEndian(_bytes[at..]));
    }

    /// <summary>The bytes of a vector whose elements take <paramref name="width"/> bytes; empty when the slot is.</summary>
    public ReadOnlySpan<byte> Vector(int slot, int width) => Find(slot, 4) is var at and not 0 ? _bytes.Slice(Elements(at, width, out int count), count * width) : [];

    /// <summary>The tables of a vector; none when the slot is empty.</summary>
    public FlatTables Tables(int slot) => Find(slot, 4) is var at and not 0 ? new FlatTables(_bytes, Elements(at, 4, out int count), count) : default;

    /// <summary>Bytes of a text, to be checked against a budget before <see cref="Text"/> makes it.</summary>
    public int TextLength(int slot) => Vector(slot, 1).Length;

    /// <summary>A text; empty when the slot is.</summary>
    public string Text(int slot)
    {
        try
        {
            return _strict.GetString(Vector(slot, 1));
        }
        catch (DecoderFallbackException)
        {
            throw ArrowErrors.Malformed("a name is not UTF-8");
        }
    }

    internal static FlatTable At(ReadOnlySpan<byte> bytes, long start) => new(bytes, start);

    private int Find(int slot, int width)
    {
        if (2 * slot + 2 > _slots.Length) return 0;
        int offset = BinaryPrimitives.ReadUInt16LittleEndian(_slots[(2 * slot)..]);
        if (offset == 0) return 0;
        if (offset < 4 || offset + width > _size) throw ArrowErrors.Malformed("a field lies outside of its table");
        return _start + offset;
    }

    private int Elements(int at, int width, out int count)
    {
        long vector = at + (long)BinaryPrimitives.ReadUInt32LittleEndian(_bytes[at..]);
        if (vector > _bytes.Length - 4) throw ArrowErrors.Malformed("a vector lies outside of the metadata");
        uint elements = BinaryPrimitives.ReadUInt32LittleEndian(_bytes[(int)vector..]);
        if (elements * (long)width > _bytes.Length - vector - 4) throw ArrowErrors.Malformed("a vector reaches outside of the metadata");
        count = (int)elements;
        return (int)vector + 4;
    }
}

/// <summary>A vector of tables.</summary>
internal readonly ref struct FlatTables(ReadOnlySpan<byte> bytes, int start, int count)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Count => count;

    public FlatTable this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)count);
            int at = start + 4 * index;
            return FlatTable.At(_bytes, at + (long)BinaryPrimitives.ReadUInt32LittleEndian(_bytes[at..]));
        }
    }
}
