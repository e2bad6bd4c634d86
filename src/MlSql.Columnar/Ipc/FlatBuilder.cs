using System.Buffers.Binary;
using System.Text;

namespace MlSql.Columnar.Ipc;

/// <summary>
/// Builds a flatbuffer from its last byte to its first, so that what is referred to is there before what refers to it. Places are counted from the end.
/// A table's fields are put between <see cref="BeginTable"/> and <see cref="EndTable"/>; texts, vectors and other tables before.
/// </summary>
internal sealed class FlatBuilder
{
    private const int LargestAlignment = 8;

    private readonly int[] _slots = new int[8];
    private byte[] _buffer = new byte[1024];
    private int _used;
    private int _slotCount;
    private int _tableStart;

    /// <summary>Forgets all that was built.</summary>
    public void Clear() => _used = 0;

    public int Text(string text)
    {
        int bytes = Encoding.UTF8.GetByteCount(text);
        Align(4, bytes + 1);
        Take(1)[0] = 0;
        Encoding.UTF8.GetBytes(text, Take(bytes));
        PutInt(bytes);
        return _used;
    }

    public int References(ReadOnlySpan<int> places)
    {
        Align(4, 4 * places.Length);
        for (int i = places.Length - 1; i >= 0; i--) PutReference(places[i]);
        PutInt(places.Length);
        return _used;
    }

    /// <summary>A vector of structs of two 64-bit numbers each.</summary>
    public int Pairs(ReadOnlySpan<long> numbers)
    {
        Align(8, 8 * numbers.Length);
        var bytes = Take(8 * numbers.Length);
        for (int i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(bytes[(8 * i)..], numbers[i]);
        PutInt(numbers.Length / 2);
        return _used;
    }

    public void BeginTable(int slots)
    {
        _slots.AsSpan().Clear();
        _slotCount = slots;
        _tableStart = _used;
    }

    public void Byte(int slot, byte value)
    {
        Take(1)[0] = value;
        _slots[slot] = _used;
    }

    public void Short(int slot, short value)
    {
        PutShort(value);
        _slots[slot] = _used;
    }

    public void Int(int slot, int value)
    {
        PutInt(value);
        _slots[slot] = _used;
    }

    public void Long(int slot, long value)
    {
        Align(8, 0);
        BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);
        _slots[slot] = _used;
    }

    public void Reference(int slot, int place)
    {
        PutReference(place);
        _slots[slot] = _used;
    }

    public int EndTable()
    {
        PutInt(0);
        int table = _used;
        for (int i = _slotCount - 1; i >= 0; i--) PutShort((short)(_slots[i] == 0 ? 0 : table - _slots[i]));
        PutShort((short)(table - _tableStart));
        PutShort((short)(4 + 2 * _slotCount));
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(_buffer.Length - table), _used - table);
        return table;
    }

    /// <summary>The finished buffer with <paramref name="root"/> as its table; a multiple of 8 bytes. Valid until the next change.</summary>
    public ReadOnlySpan<byte> Finish(int root)
    {
        Align(LargestAlignment, 4);
        PutReference(root);
        return _buffer.AsSpan(_buffer.Length - _used);
    }

    private void PutShort(short value)
    {
        Align(2, 0);
        BinaryPrimitives.WriteInt16LittleEndian(Take(2), value);
    }

    private void PutInt(int value)
    {
        Align(4, 0);
        BinaryPrimitives.WriteInt32LittleEndian(Take(4), value);
    }

    private void PutReference(int place)
    {
        Align(4, 0);
        PutInt(_used + 4 - place);
    }

    // Pads so that what follows after `more` bytes begins at a multiple of the alignment, counted from the end.
    private void Align(int alignment, int more) => Take(-(_used + more) & (alignment - 1)).Clear();

    private Span<byte> Take(int bytes)
    {
        if (_buffer.Length - _used < bytes)
        {
            byte[] larger = new byte[Math.Max(2 * _buffer.Length, _used + bytes)];
            _buffer.AsSpan(_buffer.Length - _used).CopyTo(larger.AsSpan(larger.Length - _used));
            _buffer = larger;
        }
        _used += bytes;
        return _buffer.AsSpan(_buffer.Length - _used, bytes);
    }
}
