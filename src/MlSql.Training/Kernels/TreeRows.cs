using System.Collections.Concurrent;
using System.Runtime.Intrinsics;
using MlSql.Training.Rounds;
using MlSql.Training.Rows;
using MlSql.Training.Trees;

namespace MlSql.Training.Kernels;

/// <summary>
/// The rows of one machine while a tree grows: which row is in which leaf, and the sums of each leaf by bin. The coordinator (<see cref="TreeGrower"/>) decides on sums alone; they are whole numbers, so that those of several machines may be added up.
/// </summary>
internal sealed unsafe class TreeRows
{
    // Kernels read a little beyond their lists.
    private const int Slack = 64;
    private const int LeastChunk = 4_096, MostChunk = 1 << 16;
    private const int FewRows = 4_096;

    // Numbers that one thread moves sooner than it calls another.
    private const int FewMoved = 1 << 18;

    private readonly BinnedRows _rows;
    private readonly BlockCrew _crew;
    private readonly int[] _ids;
    private readonly int[] _rights;
    private readonly Lock[] _gates;
    private readonly ConcurrentBag<long[]> _tables = [];
    private readonly int[] _starts;
    private readonly int[] _counts;
    private int _count;

    /// <summary>Room for trees of so many leaves. Throws MLS3010 above the memory budget.</summary>
    public TreeRows(BinnedRows rows, int maxLeaves, BlockCrew crew, MemoryBudget budget)
    {
        (_rows, _crew) = (rows, crew);
        budget.Take(3L * sizeof(int) * (rows.Rows + Slack), "the rows of leaves");
        _ids = GC.AllocateArray<int>(rows.Rows + Slack, pinned: true);
        _rights = GC.AllocateArray<int>(rows.Rows + Slack, pinned: true);
        Pairs = GC.AllocateArray<int>(rows.Rows + Slack, pinned: true);
        _gates = [.. Enumerable.Range(0, rows.Groups).Select(_ => new Lock())];
        (_starts, _counts) = (new int[maxLeaves], new int[maxLeaves]);
    }

    /// <summary>The packed derivatives of the next tree, one a row (see <see cref="GradientKernel"/>).</summary>
    public int[] Pairs { get; }

    public IReadOnlyList<BinnedColumn> Columns => _rows.Columns;

    /// <summary>Columns are summed up in groups of neighbours.</summary>
    public int Groups => _rows.Groups;

    /// <summary>The columns of a group.</summary>
    public Range ColumnsOf(int group) => _rows.First(group).._rows.First(group + 1);

    /// <summary>The rows of a leaf.</summary>
    public ReadOnlySpan<int> RowsOf(int leaf) => _ids.AsSpan(_starts[leaf], _counts[leaf]);

    /// <summary>Rows of neighbouring leaves, as divisions left them.</summary>
    public ReadOnlySpan<int> RowsAt(int start, int count) => _ids.AsSpan(start, count);

    /// <summary>Puts all rows, or those that are marked, into leaf 0.</summary>
    public void Begin(ReadOnlySpan<bool> taken)
    {
        _count = 0;
        if (taken.IsEmpty)
        {
            _count = _rows.Rows;
            Vector256<int> next = Vector256<int>.Indices, step = Vector256.Create(Vector256<int>.Count);
            int row = 0;
            for (; row <= _count - Vector256<int>.Count; row += Vector256<int>.Count, next += step) next.CopyTo(_ids, row);
            for (; row < _count; row++) _ids[row] = row;
        }
        else
            for (int row = 0; row < taken.Length; row++)
                if (taken[row]) _ids[_count++] = row;
        (_starts[0], _counts[0]) = (0, _count);
    }

    /// <summary>Adds a leaf's derivatives by column and bin; the sums hold 256 numbers a column. <paramref name="then"/> is called for each group of columns once its sums are whole, on the thread that has them at hand where that is one.</summary>
    public void AddSums(int leaf, long[] gradients, long[] hessians, Action<int> then, CancellationToken cancel)
    {
        int start = _starts[leaf], count = _counts[leaf];
        // Neighbouring rows need no list.
        bool all = leaf == 0 && count == _rows.Rows;
        int chunks = (count + HistogramKernel.MaxRows - 1) / HistogramKernel.MaxRows, chunkRows = chunks == 0 ? 0 : (count + chunks - 1) / chunks;
        Run(chunks * _rows.Groups, count, FewRows, piece =>
        {
            int group = piece % _rows.Groups, from = piece / _rows.Groups * chunkRows, rows = Math.Min(chunkRows, count - from);
            int first = _rows.First(group), cells = (_rows.First(group + 1) - first) * HistogramKernel.Bins;
            if (cells == 0) return;
            long[] rented = _tables.TryTake(out long[]? free) ? free : GC.AllocateArray<long>((HistogramKernel.Columns + 2) * HistogramKernel.Bins, pinned: true);
            fixed (byte* records = _rows.Records(group))
            fixed (int* ids = _ids, pairs = Pairs)
            fixed (long* table = rented, g = &gradients[first * HistogramKernel.Bins], h = &hessians[first * HistogramKernel.Bins])
            {
                if (all) HistogramKernel.AddRange(records, pairs, from, from + rows, table);
                else HistogramKernel.AddListed(records, pairs, ids + start + from, rows, table);
                lock (_gates[group]) HistogramKernel.Flush(table, g, h, cells);
                new Span<long>(table, rented.Length).Clear();
            }
            _tables.Add(rented);
            if (chunks == 1) then(group);
        }, cancel);
        if (chunks != 1) Run(_rows.Groups, count, FewRows, then, cancel);
    }

    /// <summary>Counts a leaf's rows by bin of one column.</summary>
    public long[] CountRows(int leaf, int column)
    {
        long[] counts = new long[HistogramKernel.Bins];
        ReadOnlySpan<byte> records = _rows.Records(_rows.GroupOf(column));
        int offset = _rows.Offset(column);
        foreach (int row in RowsOf(leaf)) counts[records[row * HistogramKernel.RecordBytes + offset]]++;
        return counts;
    }

    /// <summary>Divides a leaf's rows: those in marked bins stay, the others become another leaf. Both keep their order. Gives how many stay.</summary>
    public int Divide(int leaf, int into, int column, ReadOnlySpan<byte> goesLeft, CancellationToken cancel)
    {
        int start = _starts[leaf], count = _counts[leaf];
        // Pieces of one size, so that all threads end at about the same time.
        int chunkRows = Math.Clamp((count + 2 * _crew.Threads - 1) / (2 * _crew.Threads), LeastChunk, MostChunk), chunks = (count + chunkRows - 1) / chunkRows;
        int[] kept = new int[chunks + 1];
        byte[] table = [.. goesLeft];
        Run(chunks, count, FewRows, chunk =>
        {
            int from = start + chunk * chunkRows, rows = Math.Min(chunkRows, start + count - from);
            fixed (byte* records = _rows.Records(_rows.GroupOf(column)), left = table)
            fixed (int* ids = &_ids[from], rights = &_rights[from])
                kept[chunk + 1] = PartitionKernel.Divide(ids, rows, records + _rows.Offset(column), left, rights);
        }, cancel);
        // Lefts close ranks first, as rights go where they lay.
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            if (chunk > 0) _ids.AsSpan(start + chunk * chunkRows, kept[chunk + 1]).CopyTo(_ids.AsSpan(start + kept[chunk]));
            kept[chunk + 1] += kept[chunk];
        }
        int stay = kept[chunks];
        Run(chunks, count, FewMoved, chunk =>
        {
            int offset = chunk * chunkRows, rows = Math.Min(chunkRows, count - offset), before = kept[chunk], lefts = kept[chunk + 1] - before;
            _rights.AsSpan(start + offset, rows - lefts).CopyTo(_ids.AsSpan(start + stay + offset - before));
        }, cancel);
        (_counts[leaf], _starts[into], _counts[into]) = (stay, start + stay, count - stay);
        return stay;
    }

    // To hand work to another thread takes as long as some thousands of rows.
    private void Run(int pieces, int rows, int few, Action<int> work, CancellationToken cancel)
    {
        if (rows > few) _crew.Run(pieces, work, cancel);
        else
            for (int piece = 0; piece < pieces; piece++) work(piece);
    }
}
