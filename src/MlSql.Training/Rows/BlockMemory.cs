using MlSql.Training.Interop;

namespace MlSql.Training.Rows;

/// <summary>
/// Memory of full blocks, cut from large pieces on large pages: with pages of 4 KiB, first touching the blocks of a million rows of 28 FLOAT columns costs
/// 60 ms, as much as reading them. Blocks begin on cache lines; what becomes of a piece that no block uses any more is the collector's business.
/// </summary>
internal sealed class BlockMemory
{
    private const int FirstPiece = 1 << 20;
    private const int LargestPiece = 32 << 20;

    private byte[] _piece = [];
    private int _used;
    private int _next = FirstPiece;

    /// <summary>Room for a block; holds anything.</summary>
    public Memory<byte> Take(int bytes)
    {
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
