namespace MlSql.Training.Rows;

/// <summary>A growing column in blocks of <see cref="BlockRows"/> rows. Where blocks begin depends on the number of rows alone.</summary>
internal sealed class ChunkedArray<T>(MemoryBudget budget) where T : unmanaged
{
    /// <summary>Rows of a full block.</summary>
    public const int BlockRows = RowStore.BlockRows;

    private const int FirstRows = 256;
    private readonly List<T[]> _chunks = [];

    public long Length { get; private set; }

    public int Blocks => _chunks.Count;

    public Span<T> Block(int index) => _chunks[index].AsSpan(0, (int)Math.Min(BlockRows, Length - (long)index * BlockRows));

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

    private Span<T> Room(int used, int take)
    {
        if (used == 0 && Length == (long)_chunks.Count * BlockRows) _chunks.Add(Allocate(_chunks.Count == 0 ? Math.Min(BlockRows, Math.Max(FirstRows, take)) : BlockRows));
        T[] chunk = _chunks[^1];
        if (chunk.Length < used + take)
        {
            T[] larger = Allocate(Math.Min(BlockRows, Math.Max(used + take, 2 * chunk.Length)));
            chunk.AsSpan(0, used).CopyTo(larger);
            budget.Give((long)chunk.Length * System.Runtime.CompilerServices.Unsafe.SizeOf<T>());
            _chunks[^1] = chunk = larger;
        }
        return chunk.AsSpan(used, take);
    }

    // Full blocks live on the pinned heap: the collector would otherwise copy each of them twice while it ages.
    private T[] Allocate(int rows)
    {
        budget.Take((long)rows * System.Runtime.CompilerServices.Unsafe.SizeOf<T>(), "the training rows");
        return GC.AllocateUninitializedArray<T>(rows, pinned: rows == BlockRows);
    }
}
