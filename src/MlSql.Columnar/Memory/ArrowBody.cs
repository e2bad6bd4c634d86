using System.Buffers.Binary;
using System.Numerics;
using MlSql.Columnar.Ipc;

namespace MlSql.Columnar.Memory;

/// <summary>
/// Looks at the body of one Arrow batch as columns. What the metadata claims is checked against the body and against the types before anything is read: lengths, places, sizes, offsets.
/// Values stay where they are, except booleans (bits become bytes), decimals of at most 18 digits, intervals, and masks that do not lie in whole words: these go to the scratch memory.
/// </summary>
internal unsafe ref struct ArrowBody
{
    private readonly byte* _start;
    private readonly long _length;
    private readonly long _readable;
    private readonly PinnedArena _scratch;
    private readonly ArrowLimits _limits;
    private ReadOnlySpan<byte> _nodes;
    private ReadOnlySpan<byte> _buffers;
    private long _unclaimed;
    private int _blankRows;
    private byte* _blank;

    /// <summary>Of the body <paramref name="length"/> bytes are the sender's; <paramref name="readable"/> may be read without harm.</summary>
    public ArrowBody(byte* start, long length, long readable, PinnedArena scratch, ArrowLimits limits)
    {
        _start = start;
        _length = length;
        _readable = readable;
        _scratch = scratch;
        _limits = limits;
        _unclaimed = length;
    }

    /// <summary>The columns of a batch, valid as long as the body and until the scratch memory is taken back.</summary>
    public ColumnView[] Columns(FlatTable batch, ArrowSchema schema, out int rows)
    {
        if (batch.Has(3)) throw ArrowErrors.CompressedBody(batch.Table(3).Byte(0) switch { 0 => "LZ4", 1 => "ZSTD", _ => "an unknown codec" });
        _nodes = batch.Vector(1, 16);
        _buffers = batch.Vector(2, 16);
        rows = Rows(batch.Long(0));
        var columns = new ColumnView[schema.Fields.Length];
        for (int i = 0; i < columns.Length; i++) columns[i] = Column(schema.Fields[i], rows);
        if (!_nodes.IsEmpty || !_buffers.IsEmpty) throw ArrowErrors.Malformed("a batch describes more columns than the schema");
        return columns;
    }

    // Without this an empty batch could claim any number of rows, for which others then take memory.
    private readonly int Rows(long claimed)
    {
        if (claimed < 0) throw ArrowErrors.Malformed("a number of rows is negative");
        if (claimed > int.MaxValue) throw ArrowErrors.TooLarge("a batch with a number of rows", claimed, int.MaxValue);
        if (claimed > _limits.RowsWithoutBytes && claimed / 8 > _length) throw ArrowErrors.TooLarge("a batch with a number of rows without bytes", claimed, _limits.RowsWithoutBytes);
        return (int)claimed;
    }

    private ColumnView Column(ArrowField field, int? expected)
    {
        if (_nodes.Length < 16) throw ArrowErrors.Malformed("a batch describes fewer columns than the schema");
        int rows = Rows(BinaryPrimitives.ReadInt64LittleEndian(_nodes));
        long nulls = BinaryPrimitives.ReadInt64LittleEndian(_nodes[8..]);
        _nodes = _nodes[16..];
        if (expected is { } all && rows != all) throw ArrowErrors.Malformed("a column has another number of rows than what it belongs to");
        if (nulls < 0 || nulls > rows) throw ArrowErrors.Malformed("a column has an impossible number of NULLs");
        if (field.Type is NullType) return new ColumnView(field.Type, ColumnLayout.Fixed, rows, null, Blank(rows));
        ulong* validity = Validity(rows, nulls);
        switch (field.Type)
        {
            case StringType or BinaryType:
                return Texts(field, rows, validity);
            case ListType or MapType:
                int* offsets = (int*)Take((rows + 1L) * sizeof(int), rows == 0);
                ColumnView elements = Column(field.Children[0], null);
                if (rows > 0 && !Offsets.AreWithin(new ReadOnlySpan<int>(offsets, rows + 1), elements.Length)) throw ArrowErrors.Malformed("an offset lies outside of the elements");
                return new ColumnView(field.Type, ColumnLayout.ListOffsets, rows, offsets, validity, children: [elements]);
            case ArrayType array:
                long total = (long)rows * array.Length;
                if (total > int.MaxValue) throw ArrowErrors.TooLarge("arrays with a number of elements", total, int.MaxValue);
                return new ColumnView(field.Type, ColumnLayout.FixedList, rows, null, validity, children: [Column(field.Children[0], (int)total)]);
            case StructType:
                var fields = new ColumnView[field.Children.Length];
                for (int i = 0; i < fields.Length; i++) fields[i] = Column(field.Children[i], rows);
                return new ColumnView(field.Type, ColumnLayout.Struct, rows, null, validity, children: fields);
            default:
                return new ColumnView(field.Type, ColumnLayout.Fixed, rows, Values(field, rows, validity), validity);
        }
    }

    private ColumnView Texts(ArrowField field, int rows, ulong* validity)
    {
        bool wide = field.Form == ArrowForm.LongOffsets;
        void* offsets = Take((rows + 1L) * (wide ? sizeof(long) : sizeof(int)), rows == 0);
        void* bytes = Next(out long count);
        bool within = rows == 0 || (wide
            ? Offsets.AreWithin(new ReadOnlySpan<long>(offsets, rows + 1), count)
            : Offsets.AreWithin(new ReadOnlySpan<int>(offsets, rows + 1), (int)Math.Min(count, int.MaxValue)));
        if (!within) throw ArrowErrors.Malformed("an offset lies outside of the text");
        return new ColumnView(field.Type, wide ? ColumnLayout.TextLongOffsets : ColumnLayout.TextOffsets, rows, offsets, validity, bytes);
    }

    private void* Values(ArrowField field, int rows, ulong* validity)
    {
        switch (field.Type)
        {
            case BooleanType:
                byte* bits = Take((rows + 7L) / 8);
                byte* bytes = _scratch.Take(rows, zeros: false);
                BitBytes.Spread(new(bits, (int)((rows + 7L) / 8)), new(bytes, rows));
                return bytes;
            case DecimalType number:
                Int128* wide = (Int128*)Take(16L * rows);
                return number.Precision > 18 ? wide : ArrowValues.Narrow(wide, rows, validity, number, _scratch);
            case IntervalType:
                return ArrowValues.Intervals(Take((long)ArrowValues.Width(field.Form) * rows), field.Form, rows, validity, _scratch);
            default:
                return Take((long)ArrowValues.Width(field.Type) * rows);
        }
    }

    private ulong* Validity(int rows, long nulls)
    {
        byte* bits = Next(out long count);
        if (nulls == 0) return null;
        long needed = (rows + 7L) / 8, words = (rows + 63L) / 64 * 8;
        if (count < needed) throw ArrowErrors.Malformed("a mask of NULLs is too short");
        if (bits - _start + words <= _readable) return (ulong*)bits;
        byte* copy = _scratch.Take(words, zeros: false);
        Buffer.MemoryCopy(bits, copy, words, needed);
        return (ulong*)copy;
    }

    // All NULL columns of a batch share one mask of zeros; it doubles, so that masks that became too short don't add up.
    private ulong* Blank(int rows)
    {
        if (rows > _limits.RowsWithoutBytes) throw ArrowErrors.TooLarge("a NULL column with a number of rows", rows, _limits.RowsWithoutBytes);
        if (rows > _blankRows || _blank == null)
        {
            _blankRows = (int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)rows | 63), (uint)int.MaxValue);
            _blank = _scratch.Take((_blankRows + 63L) / 64 * 8);
        }
        return (ulong*)_blank;
    }

    /// <summary>The next buffer, which must hold at least this many bytes unless it <paramref name="mayBeEmpty"/>.</summary>
    private byte* Take(long bytes, bool mayBeEmpty = false)
    {
        byte* start = Next(out long count);
        if (count < bytes && !mayBeEmpty) throw ArrowErrors.Malformed("a buffer is too short for its rows");
        return start;
    }

    // Buffers do not overlap in what anyone sends; where they may, a small body could stand for a large batch.
    private byte* Next(out long count)
    {
        if (_buffers.Length < 16) throw ArrowErrors.Malformed("a batch describes fewer buffers than the schema");
        long offset = BinaryPrimitives.ReadInt64LittleEndian(_buffers);
        count = BinaryPrimitives.ReadInt64LittleEndian(_buffers[8..]);
        _buffers = _buffers[16..];
        if (offset < 0 || count < 0 || offset > _length || count > _length - offset) throw ArrowErrors.Malformed("a buffer lies outside of the body");
        if ((offset & 7) != 0) throw ArrowErrors.Malformed("a buffer does not begin at a multiple of 8");
        if ((_unclaimed -= count) < 0) throw ArrowErrors.Malformed("buffers overlap");
        return _start + offset;
    }
}
