using System.Buffers;
using MlSql.Columnar.Ipc;

namespace MlSql.Columnar.Memory;

/// <summary>Messages that lie in memory as a whole. A body is used where it is when it begins at a multiple of 8, else it is copied once.</summary>
internal sealed unsafe class BufferedMessages : ArrowMessages
{
    private readonly ReadOnlyMemory<byte> _stream;
    private readonly PinnedBuffer _copy = new();
    private MemoryHandle _pin;
    private int _at;

    public BufferedMessages(ReadOnlyMemory<byte> stream, ArrowLimits limits) : base(limits)
    {
        _stream = stream;
        _pin = stream.Pin();
    }

    public override ReadOnlySpan<byte> Metadata(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        // What lies in memory is whole; then the marker at the end may be left out.
        if (_at == _stream.Length) return [];
        int length = MetadataLength(Take(PrefixLength, "within the prefix of a message"));
        return Take(length, "within the metadata of a message");
    }

    public override void Dispose()
    {
        _pin.Dispose();
        _copy.Release();
    }

    protected override byte* Body(int length, out long readable, CancellationToken cancel)
    {
        byte* place = (byte*)_pin.Pointer + _at;
        readable = _stream.Length - _at;
        var body = Take(length, "within the body of a message");
        if (((nint)place & 7) == 0) return place;
        _copy.Reserve(length + PinnedBuffer.Alignment);
        body.CopyTo(_copy.Bytes);
        readable = _copy.Capacity;
        return _copy.Start;
    }

    private ReadOnlySpan<byte> Take(int length, string where)
    {
        if (length > _stream.Length - _at) throw ArrowErrors.Truncated(where);
        var taken = _stream.Span.Slice(_at, length);
        _at += length;
        return taken;
    }
}
