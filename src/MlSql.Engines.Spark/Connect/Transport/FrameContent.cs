using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace MlSql.Engines.Spark.Connect.Transport;

/// <summary>The body of a request: each message as a frame, written when its turn comes.</summary>
internal sealed class FrameContent : HttpContent
{
    private readonly IAsyncEnumerable<IMessage>? _many;
    private readonly byte[]? _one;

    public FrameContent(IMessage message)
    {
        _one = Frame(message);
        Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
    }

    public FrameContent(IAsyncEnumerable<IMessage> messages)
    {
        _many = messages;
        Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
    }

    /// <summary>What giving the messages threw: the platform wraps it beyond recognition.</summary>
    public Exception? Fault { get; private set; }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (_one is not null)
        {
            await stream.WriteAsync(_one, cancellationToken).ConfigureAwait(false);
            return;
        }
        IAsyncEnumerator<IMessage> messages = _many!.GetAsyncEnumerator(cancellationToken);
        await using (messages.ConfigureAwait(false))
        {
            while (await NextAsync(messages).ConfigureAwait(false))
                await stream.WriteAsync(Frame(messages.Current), cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<IMessage> messages)
    {
        try
        {
            return await messages.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Fault = e;
            throw;
        }
    }

    private static byte[] Frame(IMessage message)
    {
        int length = message.CalculateSize();
        var frame = new byte[5 + length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), length);
        message.WriteTo(frame.AsSpan(5));
        return frame;
    }
}
