namespace MlSql.Columnar.Memory;

/// <summary>How the values of a <see cref="ColumnView"/> lie in memory.</summary>
public enum ColumnLayout
{
    /// <summary>Values of one width after another; booleans take a byte.</summary>
    Fixed,

    /// <summary>16 bytes a text: u32 length, then up to 12 bytes in place, or 4 bytes of prefix and a pointer to all bytes (DuckDB).</summary>
    TextViews,

    /// <summary>i32 offsets into one byte buffer (Arrow).</summary>
    TextOffsets,

    /// <summary>u64 offset and u64 length a row into the child (DuckDB lists and maps).</summary>
    ListViews,

    /// <summary>i32 offsets into the child (Arrow lists and maps).</summary>
    ListOffsets,

    /// <summary>A fixed number of child values a row (arrays).</summary>
    FixedList,

    /// <summary>One child a field, as long as the parent.</summary>
    Struct,

    /// <summary>i64 offsets into one byte buffer (Arrow's large texts).</summary>
    TextLongOffsets,
}

/// <summary>
/// A column of one batch, borrowed from whoever owns the memory (an engine's vector, an Arrow buffer, a <see cref="Column"/>): nothing is copied.
/// Valid as long as the owner says; copy what you keep.
/// </summary>
public sealed unsafe class ColumnView
{
    private readonly byte* _values;
    private readonly ulong* _validity;
    private readonly byte* _bytes;

    /// <summary>Borrows a column. <paramref name="validity"/> has a bit a row, 1 = there is a value, least significant first; null = every row has one. <paramref name="bytes"/> is the byte buffer of <see cref="ColumnLayout.TextOffsets"/> and <see cref="ColumnLayout.TextLongOffsets"/>.</summary>
    public ColumnView(DataType type, ColumnLayout layout, int length, void* values, ulong* validity, void* bytes = null, ColumnView[]? children = null)
    {
        Type = type;
        Layout = layout;
        Length = length;
        _values = (byte*)values;
        _validity = validity;
        _bytes = (byte*)bytes;
        Children = children ?? [];
    }

    /// <summary>The logical type.</summary>
    public DataType Type { get; }

    /// <summary>The physical layout.</summary>
    public ColumnLayout Layout { get; }

    /// <summary>Rows.</summary>
    public int Length { get; }

    /// <summary>The element column of a list or array, the fields of a struct, key and value struct of a map.</summary>
    public ColumnView[] Children { get; }

    /// <summary>True when no row is NULL for certain.</summary>
    public bool AllValid => _validity == null;

    /// <summary>Bits of the validity mask, 64 rows a word; empty when every row has a value.</summary>
    public ReadOnlySpan<ulong> Validity => _validity == null ? [] : new(_validity, (Length + 63) / 64);

    /// <summary>True when the row has a value.</summary>
    public bool IsValid(int row) => _validity == null || (_validity[row >> 6] >> (row & 63) & 1) != 0;

    /// <summary>The values of a <see cref="ColumnLayout.Fixed"/> column. Slots of NULL rows hold anything.</summary>
    public ReadOnlySpan<T> Values<T>() where T : unmanaged => new(_values, Length);

    /// <summary>The bytes of one text or blob; empty or anything for a NULL row.</summary>
    public ReadOnlySpan<byte> Text(int row)
    {
        if (Layout != ColumnLayout.TextViews) return TextByOffsets(row);
        byte* view = _values + 16L * row;
        uint length = *(uint*)view;
        return length <= 12 ? new(view + 4, (int)length) : new(*(byte**)(view + 8), (int)length);
    }

    /// <summary>First child index and number of children of one list row.</summary>
    public (int Start, int Length) List(int row)
    {
        switch (Layout)
        {
            case ColumnLayout.ListViews:
                ulong* entry = (ulong*)_values + 2L * row;
                return ((int)entry[0], (int)entry[1]);
            case ColumnLayout.ListOffsets:
                int* offsets = (int*)_values;
                return (offsets[row], offsets[row + 1] - offsets[row]);
            default:
                int width = ((ArrayType)Type).Length;
                return (row * width, width);
        }
    }

    private ReadOnlySpan<byte> TextByOffsets(int row)
    {
        if (Layout == ColumnLayout.TextOffsets)
        {
            int* offsets = (int*)_values;
            return new(_bytes + offsets[row], offsets[row + 1] - offsets[row]);
        }
        long* wide = (long*)_values;
        return new(_bytes + wide[row], (int)(wide[row + 1] - wide[row]));
    }
}
