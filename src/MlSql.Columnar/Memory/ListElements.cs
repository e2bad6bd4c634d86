using System.Runtime.CompilerServices;

namespace MlSql.Columnar.Memory;

/// <summary>Makes columns of a list column whose rows all have as many elements: column i has the i-th element of each row. Its memory is reused from batch to batch.</summary>
public sealed unsafe class ListElements
{
    // Elements of so many rows stay in the fastest cache while they are put into the columns one after another.
    private const int Block = 128;

    private readonly DataType _element;
    private readonly int _bytes;
    private readonly PinnedArena _memory = new();
    private readonly ColumnView[] _columns;

    /// <summary>For lists of <paramref name="width"/> elements of a type that <see cref="Takes"/>.</summary>
    public ListElements(DataType element, int width)
    {
        if (!Takes(element)) throw new ArgumentOutOfRangeException(nameof(element), element, "Numbers of 4 or 8 bytes only.");
        (_element, _bytes, _columns) = (element, Bits(element) / 8, new ColumnView[width]);
    }

    /// <summary>True for numbers of 4 and 8 bytes.</summary>
    public static bool Takes(DataType element) => Bits(element) is 32 or 64;

    /// <summary>
    /// The columns of a batch, valid until the next call. <paramref name="elements"/> is the child of the list column, <paramref name="first"/> the index in it of the first row's first element; the rows follow each other without gaps.
    /// Throws <see cref="ArgumentOutOfRangeException"/> when the child is shorter than that.
    /// </summary>
    public ReadOnlySpan<ColumnView> Split(ColumnView elements, int first, int rows)
    {
        int width = _columns.Length;
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + (long)rows * width, elements.Length, nameof(rows));
        _memory.Reset();
        if (_bytes == sizeof(uint)) Split<uint>(elements, first, rows);
        else Split<ulong>(elements, first, rows);
        return _columns;
    }

    private static int Bits(DataType type) => type switch
    {
        FloatType real => real.Bits,
        IntegerType whole => whole.Bits,
        _ => 0,
    };

    private void Split<T>(ColumnView elements, int first, int rows)
        where T : unmanaged
    {
        int width = _columns.Length;
        long stride = (rows + 63L) & -64;
        T* values = (T*)_memory.Take(width * stride * sizeof(T), zeros: false);
        if (rows > 0) fixed (T* from = elements.Values<T>()) Transpose(from + first, values, rows, width, stride);
        for (int c = 0; c < width; c++) _columns[c] = new(_element, ColumnLayout.Fixed, rows, values + c * stride, elements.AllValid ? null : Validity(elements, first + c, rows));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose<T>(T* from, T* into, int rows, int width, long stride)
        where T : unmanaged
    {
        for (int start = 0; start < rows; start += Block)
        {
            int end = Math.Min(rows, start + Block);
            for (int c = 0; c < width; c++)
            {
                T* source = from + (long)start * width + c, column = into + c * stride;
                for (int r = start; r < end; r++, source += width) column[r] = *source;
            }
        }
    }

    private ulong* Validity(ColumnView elements, int first, int rows)
    {
        var bits = elements.Validity;
        int width = _columns.Length;
        ulong* words = (ulong*)_memory.Take((rows + 63L) / 64 * sizeof(ulong));
        for (int r = 0, e = first; r < rows; r++, e += width) words[r >> 6] |= (bits[e >> 6] >> (e & 63) & 1) << (r & 63);
        return words;
    }
}
