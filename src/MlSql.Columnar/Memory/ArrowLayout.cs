namespace MlSql.Columnar.Memory;

/// <summary>Where the columns of an outgoing batch lie: what its metadata says. The numbers come in pairs.</summary>
internal sealed unsafe class ArrowLayout(PinnedArena body, int headroom)
{
    private readonly List<long> _nodes = [];
    private readonly List<long> _buffers = [];

    /// <summary>Rows and NULLs of each column, nested ones after what they belong to.</summary>
    public ReadOnlySpan<long> Nodes => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_nodes);

    /// <summary>Offset in the body and length of each buffer.</summary>
    public ReadOnlySpan<long> Buffers => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_buffers);

    public void Clear()
    {
        _nodes.Clear();
        _buffers.Clear();
    }

    public void Node(long rows, long nulls)
    {
        _nodes.Add(rows);
        _nodes.Add(nulls);
    }

    public void Buffer(void* start, long length)
    {
        _buffers.Add(start == null || length == 0 ? 0 : body.OffsetOf((byte*)start, headroom));
        _buffers.Add(length);
    }
}
