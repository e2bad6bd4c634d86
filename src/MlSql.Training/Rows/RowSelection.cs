using System.Runtime.InteropServices;

namespace MlSql.Training.Rows;

/// <summary>Which rows of a segment go to which part.</summary>
internal sealed class RowSelection
{
    public const int Parts = 3;

    private readonly int[][] _rows = [new int[RowStore.SegmentRows], new int[RowStore.SegmentRows], new int[RowStore.SegmentRows]];
    private readonly long[] _scratch = new long[RowStore.SegmentRows];
    private readonly int[] _counts = new int[Parts];
    private int _segment;

    /// <summary>Sorts the rows of a segment by part.</summary>
    public void Set(ReadOnlySpan<RowPart> parts)
    {
        _segment = parts.Length;
        _counts.AsSpan().Clear();
        for (int row = 0; row < parts.Length; row++)
        {
            int part = (int)parts[row];
            if (part < Parts) _rows[part][_counts[part]++] = row;
        }
    }

    public int Count(int part) => _counts[part];

    /// <summary>Appends the values of each part's rows to its array.</summary>
    public void Append<T>(ReadOnlySpan<T> values, ChunkedArray<T>[] into) where T : unmanaged
    {
        Span<T> scratch = MemoryMarshal.Cast<long, T>(_scratch.AsSpan());
        for (int part = 0; part < Parts; part++)
        {
            int count = _counts[part];
            if (count == 0) continue;
            if (count == _segment)
            {
                into[part].Append(values);
                return;
            }
            ReadOnlySpan<int> rows = _rows[part].AsSpan(0, count);
            for (int i = 0; i < rows.Length; i++) scratch[i] = values[rows[i]];
            into[part].Append(scratch[..count]);
        }
    }
}
