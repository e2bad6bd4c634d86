using MlSql.Training.Rows;

namespace MlSql.Training.Trees.Reading;

/// <summary>
/// Which part each row of a table is in, remembered from the first reading, so that any later one finds a row's place among those of its part, however rows are divided between threads. Threads may come at once.
/// </summary>
internal sealed class RowPlaces(MemoryBudget budget)
{
    private const int ChunkRows = 1 << 20;
    private const int StrideRows = RowStore.SegmentRows;

    private readonly RowPart[]?[] _chunks = new RowPart[int.MaxValue / ChunkRows + 1][];
    private int[][] _before = [];

    /// <summary>Remembers the parts of neighbouring rows.</summary>
    public void Set(long first, ReadOnlySpan<RowPart> parts)
    {
        while (!parts.IsEmpty)
        {
            int offset = (int)(first % ChunkRows), count = Math.Min(parts.Length, ChunkRows - offset);
            parts[..count].CopyTo(ChunkOf(first).AsSpan(offset));
            first += count;
            parts = parts[count..];
        }
    }

    /// <summary>Counts; no row may be set afterwards.</summary>
    public void Freeze()
    {
        List<int[]> before = [];
        int[] counts = new int[RowSelection.Parts];
        foreach (RowPart[] chunk in _chunks.TakeWhile(chunk => chunk is not null).Select(chunk => chunk!))
            for (int start = 0; start < ChunkRows; start += StrideRows)
            {
                before.Add([.. counts]);
                Count(chunk.AsSpan(start, StrideRows), counts);
            }
        _before = [.. before];
    }

    /// <summary>How many rows of each part come before a row.</summary>
    public void Before(long row, Span<int> counts)
    {
        int stride = (int)(row / StrideRows);
        if (stride >= _before.Length) throw TrainingErrors.RowsChanged();
        _before[stride].CopyTo(counts);
        Count(_chunks[row / ChunkRows].AsSpan((int)(row % ChunkRows / StrideRows * StrideRows), (int)(row % StrideRows)), counts);
    }

    private RowPart[] ChunkOf(long row)
    {
        if (row / ChunkRows >= _chunks.Length) throw TrainingErrors.RowsChanged();
        ref RowPart[]? chunk = ref _chunks[row / ChunkRows];
        if (Volatile.Read(ref chunk) is { } there) return there;
        var made = new RowPart[ChunkRows];
        Array.Fill(made, RowPart.Dropped);
        if (Interlocked.CompareExchange(ref chunk, made, null) is { } other) return other;
        budget.Take(ChunkRows, "the rows' places");
        return made;
    }

    private static void Count(ReadOnlySpan<RowPart> parts, Span<int> counts)
    {
        foreach (RowPart part in parts)
            if (part != RowPart.Dropped) counts[(int)part]++;
    }
}
