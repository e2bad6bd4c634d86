using MlSql.Training.Interop;

namespace MlSql.Training.Rows;

/// <summary>
/// Memory of full blocks, cut from large pieces on large pages: with pages of 4 KiB, first touching the blocks of a million rows of 28 FLOAT columns costs
/// 60 ms, as much as reading them. Blocks begin on cache lines; those given back are taken first. Threads may come at once.
/// </summary>
internal sealed class BlockMemory
{
    private const int FirstPiece = 1 << 20;
    private const int LargestPiece = 32 << 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, Stack<Memory<byte>>> _free = [];
    private byte[] _piece = [];
    private int _used;
    private int _next = FirstPiece;

    /// <summary>Room for a block; holds anything.</summary>
    public Memory<byte> Take(int bytes)
    {
        lock (_gate)
        {
            if (_free.TryGetValue(bytes, out Stack<Memory<byte>>? free) && free.TryPop(out Memory<byte> used)) return used;
            if (_used + bytes > _piece.Length)
            {
                (_piece, _used) = PinnedMemory.Large(Math.Max(_next, bytes + PinnedMemory.Line));
                _next = Math.Min(LargestPiece, 4 * _next);
            }
            Memory<byte> block = _piece.AsMemory(_used, bytes);
            _used += (bytes + PinnedMemory.Line - 1) / PinnedMemory.Line * PinnedMemory.Line;
            return block;
        }
    }

    /// <summary>Takes a block back that nobody reads any more.</summary>
    public void Give(Memory<byte> block)
    {
        lock (_gate)
        {
            if (!_free.TryGetValue(block.Length, out Stack<Memory<byte>>? free)) _free[block.Length] = free = [];
            free.Push(block);
        }
    }
}
