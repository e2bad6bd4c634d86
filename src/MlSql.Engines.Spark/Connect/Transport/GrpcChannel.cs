using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace MlSql.Engines.Spark.Connect.Transport;

/// <summary>
/// gRPC over HTTP/2 to one server. Connections are made when they are needed and shared by all calls.
/// Errors are <see cref="GrpcException"/>; nothing is tried twice here.
/// </summary>
internal sealed class GrpcChannel : IDisposable
{
    /// <summary>Bytes of the largest answer that is read; the server aims at 128 MiB and may miss that.</summary>
    public const int LargestMessage = 256 << 20;

    private const string Service = "/spark.connect.SparkConnectService/";
    private readonly ConnectionString _server;
    private readonly HttpMessageInvoker _http;
    private readonly TimeProvider _time;

    /// <summary>Opens nothing yet. <paramref name="handler"/> stands in for the network in tests, and is disposed with the channel.</summary>
    public GrpcChannel(ConnectionString server, TimeSpan connectTimeout, TimeProvider? time = null, HttpMessageHandler? handler = null)
    {
        _server = server;
        _time = time ?? TimeProvider.System;
        _http = new HttpMessageInvoker(handler ?? Handler(server, connectTimeout));
    }

    /// <summary>Posts one message; the call's answers are read from what comes back. <paramref name="deadline"/>: how long the whole call may take, on both sides.</summary>
    public Task<GrpcCall<T>> StartAsync<T>(string method, IMessage request, MessageParser<T> answers, TimeSpan? deadline, CancellationToken cancel) where T : IMessage<T> =>
        StartAsync(method, new FrameContent(request), answers, deadline, cancel);

    /// <summary>One message there, one back.</summary>
    public async Task<T> UnaryAsync<T>(string method, IMessage request, MessageParser<T> answers, TimeSpan deadline, CancellationToken cancel) where T : class, IMessage<T>
    {
        GrpcCall<T> call = await StartAsync(method, new FrameContent(request), answers, deadline, cancel).ConfigureAwait(false);
        await using (call.ConfigureAwait(false)) return await OnlyAnswerAsync(call, cancel).ConfigureAwait(false);
    }

    /// <summary>Many messages there, one back.</summary>
    public async Task<T> UploadAsync<T>(string method, IAsyncEnumerable<IMessage> requests, MessageParser<T> answers, TimeSpan deadline, CancellationToken cancel) where T : class, IMessage<T>
    {
        GrpcCall<T> call = await StartAsync(method, new FrameContent(requests), answers, deadline, cancel).ConfigureAwait(false);
        await using (call.ConfigureAwait(false)) return await OnlyAnswerAsync(call, cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static async Task<T> OnlyAnswerAsync<T>(GrpcCall<T> call, CancellationToken cancel) where T : class, IMessage<T>
    {
        T answer = await call.NextAsync(cancel).ConfigureAwait(false) ?? throw new GrpcException(GrpcStatus.Internal, "The server answers nothing and reports success", GrpcOrigin.Protocol);
        return await call.NextAsync(cancel).ConfigureAwait(false) is null ? answer : throw new GrpcException(GrpcStatus.Internal, "The server answers twice where one answer is due", GrpcOrigin.Protocol);
    }

    private async Task<GrpcCall<T>> StartAsync<T>(string method, FrameContent content, MessageParser<T> answers, TimeSpan? deadline, CancellationToken cancel) where T : IMessage<T>
    {
        using HttpRequestMessage request = Request(method, content, deadline);
        // The server's clock decides; ours only where the connection has gone silent.
        var patience = deadline is { } time ? new CancellationTokenSource(time + TimeSpan.FromSeconds(2), _time) : null;
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience?.Token ?? CancellationToken.None);
            HttpResponseMessage response = await _http.SendAsync(request, either.Token).ConfigureAwait(false);
            var call = new GrpcCall<T>(response, answers, patience);
            patience = null;
            return await call.BeginAsync(cancel).ConfigureAwait(false);
        }
        catch (Exception) when (content.Fault is { } fault && !cancel.IsCancellationRequested)
        {
            throw fault is GrpcException ? fault : new GrpcException(GrpcStatus.Internal, fault.Message, GrpcOrigin.Protocol, null, fault);
        }
        catch (Exception e) when (TransportFault.IsOne(e))
        {
            cancel.ThrowIfCancellationRequested();
            throw TransportFault.Of(e, deadline is not null);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            // Either our patience, or the time that a connection may take to be made.
            throw patience is { IsCancellationRequested: true }
                ? new GrpcException(GrpcStatus.DeadlineExceeded, "No answer came in time", GrpcOrigin.Connection, null, e)
                : new GrpcException(GrpcStatus.Unavailable, "No connection came about in time", GrpcOrigin.Connection, null, e);
        }
        finally
        {
            patience?.Dispose();
        }
    }

    private HttpRequestMessage Request(string method, FrameContent content, TimeSpan? deadline)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_server.Address, Service + method))
        {
            // Exactly 2.0 is what makes clear-text connections begin as HTTP/2 without asking.
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        request.Headers.TryAddWithoutValidation("user-agent", ClientName.Transport);
        if (_server.Token is { } token) request.Headers.TryAddWithoutValidation("authorization", "Bearer " + token);
        foreach ((string name, string value) in _server.Headers) request.Headers.TryAddWithoutValidation(name, value);
        if (deadline is { } time) request.Headers.TryAddWithoutValidation("grpc-timeout", Timeout(time));
        return request;
    }

    /// <summary>At most eight digits and a unit.</summary>
    internal static string Timeout(TimeSpan time)
    {
        long milliseconds = Math.Max(1, (long)Math.Ceiling(time.TotalMilliseconds));
        return milliseconds < 100_000_000 ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds}m") : string.Create(CultureInfo.InvariantCulture, $"{Math.Min(99_999_999, milliseconds / 1000)}S");
    }

    private static SocketsHttpHandler Handler(ConnectionString server, TimeSpan connectTimeout) => new()
    {
        EnableMultipleHttp2Connections = true,
        InitialHttp2StreamWindowSize = 4 << 20,
        UseProxy = server.UseTls && !server.IsLoopback,
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectTimeout = connectTimeout,
        KeepAlivePingDelay = server.KeepAlive.Enabled ? server.KeepAlive.Delay : System.Threading.Timeout.InfiniteTimeSpan,
        KeepAlivePingTimeout = server.KeepAlive.Timeout,
        KeepAlivePingPolicy = server.KeepAlive.WithoutCalls ? HttpKeepAlivePingPolicy.Always : HttpKeepAlivePingPolicy.WithActiveRequests,
    };
}
