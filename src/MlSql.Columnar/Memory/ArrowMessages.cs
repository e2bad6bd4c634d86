using System.Buffers.Binary;
using MlSql.Columnar.Ipc;

namespace MlSql.Columnar.Memory;

/// <summary>The messages of an Arrow stream, one after another: metadata, then the body that the metadata speaks of. A message is valid until the next one is asked for.</summary>
internal abstract unsafe class ArrowMessages(ArrowLimits limits) : IDisposable
{
    /// <summary>Bytes before the metadata: the marker and the length.</summary>
    protected const int PrefixLength = 8;

    private const int Continuation = -1;

    protected ArrowLimits Limits => limits;

    /// <summary>The metadata of the next message; empty at the end of the stream.</summary>
    public abstract ReadOnlySpan<byte> Metadata(CancellationToken cancel);

    /// <summary>The body that follows the metadata: where it lies, and how many bytes from there on may be read without harm, at least <paramref name="length"/>.</summary>
    public byte* Body(long length, out long readable, CancellationToken cancel)
    {
        if (length < 0) throw ArrowErrors.Malformed("a body has a negative length");
        if (length > limits.Body) throw ArrowErrors.TooLarge("a body with a number of bytes", length, limits.Body);
        return Body((int)length, out readable, cancel);
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    protected abstract byte* Body(int length, out long readable, CancellationToken cancel);

    /// <summary>The length of the metadata after this prefix; 0 is the end.</summary>
    protected int MetadataLength(ReadOnlySpan<byte> prefix)
    {
        if (BinaryPrimitives.ReadInt32LittleEndian(prefix) != Continuation) throw ArrowErrors.Malformed("a message does not begin with the continuation marker");
        int length = BinaryPrimitives.ReadInt32LittleEndian(prefix[4..]);
        if (length < 0) throw ArrowErrors.Malformed("a message has a negative length");
        return length <= limits.Metadata ? length : throw ArrowErrors.TooLarge("metadata with a number of bytes", length, limits.Metadata);
    }
}
