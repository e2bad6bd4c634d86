using MlSql.Columnar.Ipc;

namespace MlSql.Columnar.Memory;

/// <summary>
/// Memory that is handed out piece after piece and taken back all at once. Pieces do not move; each begins at a multiple of 64.
/// In the steady state all of them lie in one buffer: what a round needed beyond it is there in one piece from the next round on.
/// </summary>
internal sealed unsafe class PinnedArena(int smallest = 1 << 16)
{
    private const long LargestExpected = 1 << 26;
    private static readonly long _largestPiece = Array.MaxLength - 2 * PinnedBuffer.Alignment;

    private readonly List<Segment> _segments = [];

    /// <summary>Bytes handed out, with the gaps between them.</summary>
    public long Used { get; private set; }

    /// <summary>The buffers with pieces, in the order in which they were handed out.</summary>
    public int Segments => _segments.Count;

    /// <summary>Takes all pieces back. The first <paramref name="headroom"/> bytes of the first buffer (a multiple of 64) are not handed out; where there is no buffer yet, the first has room for what is <paramref name="expected"/>.</summary>
    public void Reset(int headroom = 0, long expected = 0)
    {
        if (_segments.Count > 1)
        {
            long all = Used + headroom;
            _segments.Clear();
            if (all <= int.MaxValue / 2) Open((int)all);
        }
        if (_segments.Count > 0 && _segments[0].Buffer.Capacity < headroom) _segments.Clear();
        if (_segments.Count == 0 && headroom > 0) Open((int)Math.Min(headroom + expected, LargestExpected));
        if (_segments.Count > 0) _segments[0].Used = headroom;
        Used = 0;
    }

    /// <summary>A piece of zeros, or of anything where all of it will be written. Throws <see cref="ArrowException"/> MLS6103 for one that no array can hold.</summary>
    public byte* Take(long bytes, bool zeros = true)
    {
        if (bytes > _largestPiece) throw ArrowErrors.TooLarge("a buffer with a number of bytes", bytes, _largestPiece);
        int rounded = (int)(Math.Max(1, bytes) + PinnedBuffer.Alignment - 1) & -PinnedBuffer.Alignment;
        if (_segments.Count == 0 || _segments[^1].Buffer.Capacity - _segments[^1].Used < rounded) Open(rounded);
        var segment = _segments[^1];
        byte* piece = segment.Buffer.Start + segment.Used;
        if (zeros) new Span<byte>(piece, rounded).Clear();
        segment.Used += rounded;
        Used += rounded;
        return piece;
    }

    /// <summary>The bytes of one buffer that are in use, headroom included.</summary>
    public ReadOnlySpan<byte> Bytes(int segment) => _segments[segment].Buffer.Bytes[.._segments[segment].Used];

    /// <summary>The bytes of the first buffer that are not handed out.</summary>
    public Span<byte> Headroom(int bytes) => _segments[0].Buffer.Bytes[..bytes];

    /// <summary>How many bytes were handed out before this piece.</summary>
    public long OffsetOf(byte* piece, int headroom)
    {
        long before = -headroom;
        foreach (var segment in _segments)
        {
            long within = piece - segment.Buffer.Start;
            if (within >= 0 && within < segment.Used) return before + within;
            before += segment.Used;
        }
        throw new System.Diagnostics.UnreachableException("a piece of another arena");
    }

    private void Open(int bytes)
    {
        Segment segment = new();
        segment.Buffer.Reserve(Math.Max(smallest, bytes));
        _segments.Add(segment);
    }

    private sealed class Segment
    {
        public PinnedBuffer Buffer { get; } = new();

        public int Used { get; set; }
    }
}
