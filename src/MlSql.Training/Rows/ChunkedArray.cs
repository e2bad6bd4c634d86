using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MlSql.Training.Rows;

/// <summary>A growing column in blocks of <see cref="BlockRows"/> rows. Where blocks begin depends on the number of rows alone.</summary>
internal sealed class ChunkedArray<T>(MemoryBudget budget) where T : unmanaged
{
    /// <summary>Rows of a full block.</summary>
    public const int BlockRows = RowStore.BlockRows;

    private const int FirstRows = 256;
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

    private Span<T> Room(int used, int take)
    {
        if (used == 0 && Length == (long)_chunks.Count * BlockRows) _chunks.Add(Allocate(_chunks.Count == 0 ? Math.Min(BlockRows, Math.Max(FirstRows, take)) : BlockRows));
        Span<T> chunk = MemoryMarshal.Cast<byte, T>(_chunks[^1].Span);
        if (chunk.Length < used + take)
        {
            Memory<byte> larger = Allocate(Math.Min(BlockRows, Math.Max(used + take, 2 * chunk.Length)));
            MemoryMarshal.AsBytes(chunk[..used]).CopyTo(larger.Span);
            budget.Give((long)chunk.Length * Unsafe.SizeOf<T>());
            _chunks[^1] = larger;
            chunk = MemoryMarshal.Cast<byte, T>(larger.Span);
        }
        return chunk.Slice(used, take);
    }

    private Memory<byte> Allocate(int rows)
    {
        int bytes = rows * Unsafe.SizeOf<T>();
        budget.Take(bytes, "the training rows");
        return rows == BlockRows ? budget.Blocks.Take(bytes) : GC.AllocateUninitializedArray<byte>(bytes);
    }
}
