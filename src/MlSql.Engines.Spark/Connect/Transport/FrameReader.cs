using System.Buffers.Binary;
using System.IO.Compression;

namespace MlSql.Engines.Spark.Connect.Transport;

/// <summary>Cuts a response body into messages: a flag, a big-endian length, bytes. The memory of a message is used again for the next one.</summary>
/// <param name="body">The body.</param>
/// <param name="gzip">True when the answer's headers say that flagged messages are gzip.</param>
/// <param name="limit">Bytes of a message above which the answer is refused.</param>
internal sealed class FrameReader(Stream body, bool gzip, int limit)
{
    private const int Head = 5;
    private const int FirstStep = 1 << 20;
    private readonly byte[] _head = new byte[Head];
    private byte[] _buffer = [];

    /// <summary>The next message, or null at the end of the body. Throws <see cref="GrpcException"/> for what is no frame.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancel)
    {
        int read = await body.ReadAtLeastAsync(_head, Head, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
        if (read == 0) return null;
        if (read < Head) throw Cut();
        if (_head[0] > 1 || (_head[0] == 1 && !gzip)) throw new GrpcException(GrpcStatus.Internal, $"A message begins with the byte {_head[0]}", GrpcOrigin.Protocol);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(_head.AsSpan(1));
        if (length > (uint)limit) throw new GrpcException(GrpcStatus.ResourceExhausted, $"A message of {length} bytes; at most {limit} are read", GrpcOrigin.Protocol);
        await FillAsync((int)length, cancel).ConfigureAwait(false);
        return _head[0] == 0 ? _buffer.AsMemory(0, (int)length) : Unpack((int)length);
    }

    // Memory grows with what arrives: a length alone makes nobody allocate.
    private async ValueTask FillAsync(int length, CancellationToken cancel)
    {
        for (int have = 0; have < length;)
        {
            if (_buffer.Length == have) Array.Resize(ref _buffer, (int)Math.Min(Math.Max(FirstStep, have * 2L), Math.Max(length, FirstStep)));
            int end = Math.Min(length, _buffer.Length);
            int read = await body.ReadAtLeastAsync(_buffer.AsMemory(have, end - have), end - have, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
            if (read < end - have) throw Cut();
            have = end;
        }
    }

    private ReadOnlyMemory<byte> Unpack(int length)
    {
        try
        {
            using var unpacked = new MemoryStream();
            using var stream = new GZipStream(new MemoryStream(_buffer, 0, length), CompressionMode.Decompress);
            var piece = new byte[81920];
            for (int read; (read = stream.Read(piece)) > 0;)
            {
                if (unpacked.Length + read > limit) throw new GrpcException(GrpcStatus.ResourceExhausted, $"A message of more than {limit} bytes when unpacked", GrpcOrigin.Protocol);
                unpacked.Write(piece.AsSpan(0, read));
            }
            return unpacked.ToArray();
        }
        catch (InvalidDataException e)
        {
            throw new GrpcException(GrpcStatus.Internal, "A compressed message is damaged", GrpcOrigin.Protocol, null, e);
        }
    }

    private static GrpcException Cut() => new(GrpcStatus.Unavailable, "The answer was cut in the middle of a message", GrpcOrigin.Connection);
}
