using MlSql.Columnar.Ipc;

namespace MlSql.Columnar.Memory;

/// <summary>Messages that are read from a <see cref="Stream"/> into buffers that are used again and again. Memory grows with what arrives, never with what is announced.</summary>
internal sealed unsafe class StreamedMessages(Stream stream, ArrowLimits limits) : ArrowMessages(limits)
{
    private const int FirstStep = 1 << 20;

    // Whole words of a mask may be read behind its last byte.
    private const int Slack = PinnedBuffer.Alignment;

    private readonly PinnedBuffer _metadata = new();
    private readonly PinnedBuffer _body = new();

    public override ReadOnlySpan<byte> Metadata(CancellationToken cancel)
    {
        Span<byte> prefix = stackalloc byte[PrefixLength];
        Fill(prefix, "before its end marker", cancel);
        int length = MetadataLength(prefix);
        if (length > 0) Read(_metadata, length, "within the metadata of a message", cancel);
        return _metadata.Bytes[..length];
    }

    public override void Dispose()
    {
        _metadata.Release();
        _body.Release();
    }

    protected override byte* Body(int length, out long readable, CancellationToken cancel)
    {
        Read(_body, length, "within the body of a message", cancel);
        readable = _body.Capacity;
        return _body.Start;
    }

    private void Read(PinnedBuffer buffer, int length, string where, CancellationToken cancel)
    {
        int have = 0;
        do
        {
            buffer.Reserve(Math.Min(length, Math.Max(FirstStep, 2 * Math.Min(have, length / 2 + 1))) + Slack, have);
            int step = Math.Min(length, buffer.Capacity - Slack) - have;
            Fill(buffer.Bytes.Slice(have, step), where, cancel);
            have += step;
        }
        while (have < length);
    }

    private void Fill(Span<byte> into, string where, CancellationToken cancel)
    {
        while (!into.IsEmpty)
        {
            cancel.ThrowIfCancellationRequested();
            int read = stream.Read(into);
            if (read <= 0) throw ArrowErrors.Truncated(where);
            into = into[read..];
        }
    }
}
