using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MlSql.Training.Rows;

/// <summary>A growing column in blocks of <see cref="BlockRows"/> rows. Where blocks begin depends on the number of rows alone.</summary>
internal sealed class ChunkedArray<T>(MemoryBudget budget) where T : unmanaged
{
    /// <summary>Rows of a full block.</summary>
    public const int BlockRows = RowStore.BlockRows;

    private const int FirstRows = 256;
    private readonly MemoryBudget _budget = budget;
    private readonly List<Memory<byte>> _chunks = [];

    public long Length { get; private set; }

    public int Blocks => _chunks.Count;

    public Span<T> Block(int index) => MemoryMarshal.Cast<byte, T>(_chunks[index].Span)[..(int)Math.Min(BlockRows, Length - (long)index * BlockRows)];

    public void Append(ReadOnlySpan<T> values)
    {
        while (!values.IsEmpty)
        {
            int used = (int)(Length % BlockRows);
            int take = Math.Min(values.Length, BlockRows - used);
            values[..take].CopyTo(Room(used, take));
            Length += take;
            values = values[take..];
        }
    }

    /// <summary>Forgets all rows; the memory is used again.</summary>
    public void Clear() => Length = 0;

    /// <summary>For each part the rows of its runs, one after another. The arrays, by store and part, are empty afterwards; full blocks that lie right are taken over as they are.</summary>
    public static ChunkedArray<T>[] Arrange(ChunkedArray<T>[][] stores, IReadOnlyList<RowRun>[] runs)
    {
        var parts = new ChunkedArray<T>[runs.Length];
        for (int part = 0; part < parts.Length; part++)
        {
            ChunkedArray<T> arranged = parts[part] = new(stores[0][part]._budget);
            foreach (RowRun run in runs[part]) arranged.Move(stores[run.Store][part], run.Start, run.Count);
            foreach (ChunkedArray<T>[] store in stores) store[part].Release();
        }
        return parts;
    }

    private void Move(ChunkedArray<T> from, long start, long count)
    {
        for (long end = start + count; start < end;)
        {
            int block = (int)(start / BlockRows), offset = (int)(start % BlockRows), take = (int)Math.Min(end - start, BlockRows - offset);
            if (take == BlockRows && Length % BlockRows == 0)
            {
                _chunks.Add(from._chunks[block]);
                from._chunks[block] = default;
                Length += BlockRows;
            }
            else
            {
                Append(from.Block(block).Slice(offset, take));
            }
            start += take;
        }
    }

    private void Release()
    {
        foreach (Memory<byte> chunk in _chunks)
        {
            _budget.Give(chunk.Length);
            if (chunk.Length == BlockRows * Unsafe.SizeOf<T>()) _budget.Blocks.Give(chunk);
        }
        _chunks.Clear();
        Length = 0;
    }

    private Span<T> Room(int used, int take)
    {
        if (used == 0 && Length == (long)_chunks.Count * BlockRows) _chunks.Add(Allocate(_chunks.Count == 0 ? Math.Min(BlockRows, Math.Max(FirstRows, take)) : BlockRows));
        Span<T> chunk = MemoryMarshal.Cast<byte, T>(_chunks[^1].Span);
        if (chunk.Length < used + take)
        {
            Memory<byte> larger = Allocate(Math.Min(BlockRows, Math.Max(used + take, 2 * chunk.Length)));
            MemoryMarshal.AsBytes(chunk[..used]).CopyTo(larger.Span);
            _budget.Give((long)chunk.Length * Unsafe.SizeOf<T>());
            _chunks[^1] = larger;
            chunk = MemoryMarshal.Cast<byte, T>(larger.Span);
        }
        return chunk.Slice(used, take);
    }

    private Memory<byte> Allocate(int rows)
    {
        int bytes = rows * Unsafe.SizeOf<T>();
        _budget.Take(bytes, "the training rows");
        return rows == BlockRows ? _budget.Blocks.Take(bytes) : GC.AllocateUninitializedArray<byte>(bytes);
    }
}
