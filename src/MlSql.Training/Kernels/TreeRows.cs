using System.Collections.Concurrent;
using System.Runtime.Intrinsics;
using MlSql.Training.Rounds;
using MlSql.Training.Rows;
using MlSql.Training.Trees;

namespace MlSql.Training.Kernels;

/// <summary>
/// The rows of one machine while a tree grows: which row is in which node, and the sums of each node by bin. The coordinator (<see cref="TreeGrower"/>) decides on sums alone; they are whole numbers, so that those of several machines may be added up.
/// Nodes are numbered by the coordinator, 0 is the root. Threads may work on different nodes at once, none of which lies below another; work that gets no crew stays on the caller's thread.
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
    private readonly int[] _ids;
    private readonly int[] _rights;
    private readonly Lock[] _gates;
    private readonly ConcurrentBag<long[]> _tables = [];
    private readonly (int Start, int Count)[] _nodes;
    private (int Start, int Count)[] _leaves = [];

    /// <summary>Room for trees of so many nodes. Throws MLS3010 above the memory budget.</summary>
    public TreeRows(BinnedRows rows, int maxNodes, MemoryBudget budget)
    {
        _rows = rows;
        budget.Take(3L * sizeof(int) * (rows.Rows + Slack), "the rows of leaves");
        _ids = GC.AllocateArray<int>(rows.Rows + Slack, pinned: true);
        _rights = GC.AllocateArray<int>(rows.Rows + Slack, pinned: true);
        Pairs = GC.AllocateArray<int>(rows.Rows + Slack, pinned: true);
        _gates = [.. Enumerable.Range(0, rows.Groups).Select(_ => new Lock())];
        _nodes = new (int, int)[maxNodes];
    }

    /// <summary>The packed derivatives of the next tree, one a row (see <see cref="GradientKernel"/>).</summary>
    public int[] Pairs { get; }

    public IReadOnlyList<BinnedColumn> Columns => _rows.Columns;

    /// <summary>Columns are summed up in groups of neighbours.</summary>
    public int Groups => _rows.Groups;

    /// <summary>The columns of a group.</summary>
    public Range ColumnsOf(int group) => _rows.First(group).._rows.First(group + 1);

    /// <summary>The rows of a leaf of the tree that was finished last.</summary>
    public ReadOnlySpan<int> RowsOf(int leaf) => _ids.AsSpan(_leaves[leaf].Start, _leaves[leaf].Count);

    /// <summary>Rows of neighbouring leaves, as divisions left them.</summary>
    public ReadOnlySpan<int> RowsAt(int start, int count) => _ids.AsSpan(start, count);

    /// <summary>Puts all rows, or those that are marked, into the root; gives their number.</summary>
    public int Begin(ReadOnlySpan<bool> taken)
    {
        int count = 0;
        if (taken.IsEmpty)
        {
            count = _rows.Rows;
            Vector256<int> next = Vector256<int>.Indices, step = Vector256.Create(Vector256<int>.Count);
            int row = 0;
            for (; row <= count - Vector256<int>.Count; row += Vector256<int>.Count, next += step) next.CopyTo(_ids, row);
            for (; row < count; row++) _ids[row] = row;
        }
        else
            for (int row = 0; row < taken.Length; row++)
                if (taken[row]) _ids[count++] = row;
        _nodes[0] = (0, count);
        return count;
    }

    /// <summary>Adds a node's derivatives by column and bin; the sums hold 256 numbers a column. <paramref name="then"/> is called for each group of columns once its sums are whole, on the thread that has them at hand where that is one.</summary>
    public void AddSums(int node, long[] gradients, long[] hessians, Action<int> then, BlockCrew? crew, CancellationToken cancel)
    {
        (int start, int count) = _nodes[node];
        // Neighbouring rows need no list.
        bool all = node == 0 && count == _rows.Rows;
        int chunks = (count + HistogramKernel.MaxRows - 1) / HistogramKernel.MaxRows, chunkRows = chunks == 0 ? 0 : (count + chunks - 1) / chunks;
        Run(count > FewRows ? crew : null, chunks * _rows.Groups, piece =>
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
                if (chunks == 1) HistogramKernel.Flush(table, g, h, cells);
                else
                    lock (_gates[group]) HistogramKernel.Flush(table, g, h, cells);
                new Span<long>(table, rented.Length).Clear();
            }
            _tables.Add(rented);
            if (chunks == 1) then(group);
        }, cancel);
        if (chunks != 1) Run(count > FewRows ? crew : null, _rows.Groups, then, cancel);
    }

    /// <summary>Counts a node's rows by bin of one column.</summary>
    public long[] CountRows(int node, int column)
    {
        long[] counts = new long[HistogramKernel.Bins];
        ReadOnlySpan<byte> records = _rows.Records(_rows.GroupOf(column));
        int offset = _rows.Offset(column);
        foreach (int row in _ids.AsSpan(_nodes[node].Start, _nodes[node].Count)) counts[records[row * HistogramKernel.RecordBytes + offset]]++;
        return counts;
    }

    /// <summary>Divides a node's rows: those in marked bins go to the left one, the others to the right one. Both keep their order. Gives how many go left.</summary>
    public int Divide(int node, int left, int right, int column, ReadOnlySpan<byte> goesLeft, BlockCrew? crew, CancellationToken cancel)
    {
        (int start, int count) = _nodes[node];
        // Pieces of one size, so that all threads end at about the same time.
        int chunkRows = crew is null ? Math.Max(1, count) : Math.Clamp((count + 2 * crew.Threads - 1) / (2 * crew.Threads), LeastChunk, MostChunk), chunks = (count + chunkRows - 1) / chunkRows;
        int[] kept = new int[chunks + 1];
        byte[] table = [.. goesLeft];
        Run(count > FewRows ? crew : null, chunks, chunk =>
        {
            int from = start + chunk * chunkRows, rows = Math.Min(chunkRows, start + count - from);
            fixed (byte* records = _rows.Records(_rows.GroupOf(column)), lefts = table)
            fixed (int* ids = &_ids[from], rights = &_rights[from])
                kept[chunk + 1] = PartitionKernel.Divide(ids, rows, records + _rows.Offset(column), lefts, rights);
        }, cancel);
        // Lefts close ranks first, as rights go where they lay.
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            if (chunk > 0) _ids.AsSpan(start + chunk * chunkRows, kept[chunk + 1]).CopyTo(_ids.AsSpan(start + kept[chunk]));
            kept[chunk + 1] += kept[chunk];
        }
        int ofLeft = kept[chunks];
        Run(count > FewMoved ? crew : null, chunks, chunk =>
        {
            int offset = chunk * chunkRows, rows = Math.Min(chunkRows, count - offset), before = kept[chunk], lefts = kept[chunk + 1] - before;
            _rights.AsSpan(start + offset, rows - lefts).CopyTo(_ids.AsSpan(start + ofLeft + offset - before));
        }, cancel);
        (_nodes[left], _nodes[right]) = ((start, ofLeft), (start + ofLeft, count - ofLeft));
        return ofLeft;
    }

    /// <summary>Finishes a tree, whose leaves are these nodes.</summary>
    public void Finish(IEnumerable<int> leaves) => _leaves = [.. leaves.Select(node => _nodes[node])];

    /// <summary>Puts the rows of a leaf in ascending order, which only dividing in vain disturbs.</summary>
    public void Sort(int leaf) => _ids.AsSpan(_leaves[leaf].Start, _leaves[leaf].Count).Sort();

    // To hand work to another thread takes as long as some thousands of rows.
    private static void Run(BlockCrew? crew, int pieces, Action<int> work, CancellationToken cancel)
    {
        if (crew is not null) crew.Run(pieces, work, cancel);
        else
            for (int piece = 0; piece < pieces; piece++) work(piece);
    }
}
