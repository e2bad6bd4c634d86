namespace MlSql.Columnar;

/// <summary>A column that owns its memory. Immutable once built.</summary>
public abstract class Column
{
    private readonly ulong[]? _validity;

    private protected Column(DataType type, int length, ulong[]? validity)
    {
        Type = type;
        Length = length;
        _validity = validity;
    }

    /// <summary>The logical type.</summary>
    public DataType Type { get; }

    /// <summary>Rows.</summary>
    public int Length { get; }

    /// <summary>Bits of the validity mask, 64 rows a word, 1 = there is a value; empty when every row has one.</summary>
    public ReadOnlySpan<ulong> Validity => _validity;

    /// <summary>True when the row is NULL.</summary>
    public bool IsNull(int row) => _validity is not null && (_validity[row >> 6] >> (row & 63) & 1) == 0;
}

/// <summary>Values of one width: numbers, booleans, dates, times, decimals, enum indexes (see <see cref="DataType"/> for widths).</summary>
public sealed class FixedColumn<T>(DataType type, T[] values, int length, ulong[]? validity) : Column(type, length, validity) where T : unmanaged
{
    /// <summary>The values; slots of NULL rows hold anything.</summary>
    public ReadOnlySpan<T> Values => values.AsSpan(0, Length);
}

/// <summary>Text, bytes or opaque values as text: offsets into one buffer.</summary>
public sealed class TextColumn(DataType type, int[] offsets, byte[] bytes, int length, ulong[]? validity) : Column(type, length, validity)
{
    /// <summary>The UTF-8 bytes of one row; empty for NULL.</summary>
    public ReadOnlySpan<byte> Utf8(int row) => bytes.AsSpan(offsets[row], offsets[row + 1] - offsets[row]);

    /// <summary>The text of one row; null for NULL.</summary>
    public string? Text(int row) => IsNull(row) ? null : System.Text.Encoding.UTF8.GetString(Utf8(row));
}

/// <summary>Lists, arrays and maps: offsets into the element column (for a map a struct of key and value).</summary>
public sealed class ListColumn(DataType type, int[] offsets, Column elements, int length, ulong[]? validity) : Column(type, length, validity)
{
    /// <summary>All elements of all rows.</summary>
    public Column Elements { get; } = elements;

    /// <summary>Where the row's elements start and how many there are.</summary>
    public (int Start, int Length) Range(int row) => (offsets[row], offsets[row + 1] - offsets[row]);
}

/// <summary>Structs: one column a field.</summary>
public sealed class StructColumn(StructType type, Column[] fields, int length, ulong[]? validity) : Column(type, length, validity)
{
    /// <summary>The field columns, in order.</summary>
    public IReadOnlyList<Column> Fields { get; } = fields;
}
