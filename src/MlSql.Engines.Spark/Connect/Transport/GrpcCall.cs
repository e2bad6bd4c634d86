using Google.Protobuf;

namespace MlSql.Engines.Spark.Connect.Transport;

/// <summary>A running call: its answers, one after the other. Disposing it before the end resets its stream, which does not stop what the server does.</summary>
internal sealed class GrpcCall<T>(HttpResponseMessage response, MessageParser<T> parser, CancellationTokenSource? patience) : IAsyncDisposable where T : IMessage<T>
{
    private Stream? _body;
    private FrameReader? _frames;

    /// <summary>Looks at the headers; disposes the call when they say that it failed.</summary>
    public async Task<GrpcCall<T>> BeginAsync(CancellationToken cancel)
    {
        try
        {
            ResponseStatus.CheckHttp(response);
            if (ResponseStatus.IsTrailersOnly(response))
            {
                ResponseStatus.Check(response.Headers);
                return this;
            }
            _body = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
            bool gzip = response.Headers.TryGetValues("grpc-encoding", out IEnumerable<string>? encodings) && encodings.Contains("gzip");
            _frames = new FrameReader(_body, gzip, GrpcChannel.LargestMessage);
            return this;
        }
        catch
        {
            await DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The next answer, or default after the last one when the server reports success; else throws <see cref="GrpcException"/>.</summary>
    public async ValueTask<T?> NextAsync(CancellationToken cancel)
    {
        if (_frames is null) return default;
        using var either = patience is null ? null : CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            if (await _frames.NextAsync(either?.Token ?? cancel).ConfigureAwait(false) is { } frame) return parser.ParseFrom(frame.Span);
            // Trailers are there only after the last byte was read.
            ResponseStatus.Check(response.TrailingHeaders);
            _frames = null;
            return default;
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new GrpcException(GrpcStatus.Internal, "An answer is not the message that it should be: " + e.Message, GrpcOrigin.Protocol, null, e);
        }
        catch (Exception e) when (TransportFault.IsOne(e))
        {
            cancel.ThrowIfCancellationRequested();
            throw TransportFault.Of(e, patience is not null);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new GrpcException(GrpcStatus.DeadlineExceeded, "No answer came in time", GrpcOrigin.Connection, null, e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_body is not null) await _body.DisposeAsync().ConfigureAwait(false);
        response.Dispose();
        patience?.Dispose();
    }
}
