using Google.Protobuf;
using MlSql.Engines.Spark.Connect.Errors;
using MlSql.Engines.Spark.Connect.Protocol;
using MlSql.Engines.Spark.Connect.Transport;

namespace MlSql.Engines.Spark.Connect;

/// <summary>
/// The calls of one session: each says whose session it is, is tried again where that may help, and fails with a <see cref="SparkException"/> that has all that the server knows.
/// </summary>
internal sealed class SessionCalls(GrpcChannel channel, ConnectionString server, Guid sessionId, RetryPolicy retries)
{
    private static readonly TimeSpan Ordinary = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);
    private static readonly TimeSpan Details = TimeSpan.FromSeconds(10);
    private readonly UserContext _user = new() { UserId = server.UserId, UserName = server.UserId };
    private readonly string _clientType = ClientName.Of(server.UserAgent);
    private volatile string? _observed;

    public string SessionId { get; } = sessionId.ToString("D");

    public ConnectionString Server { get; } = server;

    public RetryPolicy Retries { get; } = retries;

    /// <summary>What was wrong when a call was last tried again; for someone whose patience ends meanwhile.</summary>
    public GrpcException? LastFailure { get; private set; }

    /// <summary>Calls that nobody waits for.</summary>
    public BackgroundCalls Background { get; } = new();

    /// <summary>The server's own id of the session, once it has answered: another one later means that the session is not ours any more.</summary>
    public string? ObservedServerId
    {
        get => _observed;
        init => _observed = value;
    }

    /// <summary>The same server and policy, another session.</summary>
    public SessionCalls Other(Guid session, string? observed) => new(channel, Server, session, Retries) { ObservedServerId = observed };

    /// <summary>The same session, tried again by other rules.</summary>
    public SessionCalls With(RetryPolicy retries) => new(channel, Server, Guid.Parse(SessionId), retries) { ObservedServerId = _observed };

    public Task<AnalyzePlanResponse> AnalyzeAsync(AnalyzePlanRequest request, CancellationToken cancel) => CallAsync("AnalyzePlan", request, AnalyzePlanResponse.Parser, Long, cancel);

    public Task<ConfigResponse> ConfigAsync(ConfigRequest request, CancellationToken cancel) => CallAsync("Config", request, ConfigResponse.Parser, Ordinary, cancel);

    public Task<ArtifactStatusesResponse> ArtifactStatusAsync(ArtifactStatusesRequest request, CancellationToken cancel) => CallAsync("ArtifactStatus", request, ArtifactStatusesResponse.Parser, Ordinary, cancel);

    public Task<CloneSessionResponse> CloneAsync(CloneSessionRequest request, CancellationToken cancel) => CallAsync("CloneSession", request, CloneSessionResponse.Parser, Ordinary, cancel);

    public Task<GetStatusResponse> StatusAsync(GetStatusRequest request, CancellationToken cancel) => CallAsync("GetStatus", request, GetStatusResponse.Parser, Ordinary, cancel);

    public Task<ReleaseExecuteResponse> ReleaseAsync(ReleaseExecuteRequest request, CancellationToken cancel) => CallAsync("ReleaseExecute", request, ReleaseExecuteResponse.Parser, Ordinary, cancel);

    /// <summary>Interrupts; tried once, since it is sent when time is short.</summary>
    public Task<InterruptResponse> InterruptAsync(InterruptRequest request, CancellationToken cancel) => OnceAsync(() => channel.UnaryAsync("Interrupt", Stamp(request), InterruptResponse.Parser, Details, cancel), cancel);

    /// <summary>Ends the session on the server; tried once.</summary>
    public async Task ReleaseSessionAsync(CancellationToken cancel)
    {
        var request = new ReleaseSessionRequest { SessionId = SessionId, UserContext = _user, ClientType = _clientType };
        await channel.UnaryAsync("ReleaseSession", request, ReleaseSessionResponse.Parser, Details, cancel).ConfigureAwait(false);
    }

    /// <summary>Sends messages that <paramref name="requests"/> gives anew for each try.</summary>
    public Task<AddArtifactsResponse> AddArtifactsAsync(Func<IAsyncEnumerable<AddArtifactsRequest>> requests, CancellationToken cancel) =>
        RetryAsync(() => channel.UploadAsync("AddArtifacts", StampAll(requests()), AddArtifactsResponse.Parser, Long, cancel), cancel);

    /// <summary>Starts a plan, or joins one that runs; tried once: see <see cref="OperationStream"/>. Failures are <see cref="GrpcException"/>.</summary>
    public Task<GrpcCall<ExecutePlanResponse>> StreamAsync(ISessionRequest request, CancellationToken cancel) =>
        channel.StartAsync(request is ExecutePlanRequest ? "ExecutePlan" : "ReattachExecute", Stamp(request), ExecutePlanResponse.Parser, null, cancel);

    /// <summary>Throws when an answer is not of our session.</summary>
    public T Check<T>(T answer) where T : ISessionResponse
    {
        if (answer.SessionId.Length > 0 && answer.SessionId != SessionId) throw new SparkException(SparkErrorCodes.Protocol, "An answer belongs to another session than ours", "this is a fault of the server or of something before it");
        string id = answer.ServerSideSessionId;
        if (id.Length == 0) return answer;
        string? known = Interlocked.CompareExchange(ref _observed, id, null);
        return known is null || known == id ? answer : throw SparkErrors.SessionLost("the server answers from another session than before");
    }

    /// <summary>What users see for a failed call: the server is asked at once for the rest of the error, which it forgets soon.</summary>
    public async Task<SparkException> ExplainAsync(GrpcException e, string? operationId, CancellationToken cancel)
    {
        ServerError error = ServerError.Of(e);
        if (error.ErrorId is { } id && !(error.ErrorClass ?? "").StartsWith("INVALID_HANDLE.SESSION_", StringComparison.Ordinal))
        {
            try
            {
                var request = Stamp(new FetchErrorDetailsRequest { ErrorId = id });
                error = error.With(Check(await channel.UnaryAsync("FetchErrorDetails", request, FetchErrorDetailsResponse.Parser, Details, cancel).ConfigureAwait(false)));
            }
            catch (GrpcException)
            {
                // The short form that came with the status must do: the error itself matters more than this one.
            }
        }
        return SparkErrors.Of(e, error, Server.ToString(), Server.Token is not null, operationId);
    }

    private Task<T> CallAsync<T>(string method, ISessionRequest request, MessageParser<T> answers, TimeSpan deadline, CancellationToken cancel) where T : class, IMessage<T>, ISessionResponse =>
        RetryAsync(() => channel.UnaryAsync(method, Stamp(request), answers, deadline, cancel), cancel);

    private async Task<T> RetryAsync<T>(Func<Task<T>> call, CancellationToken cancel) where T : ISessionResponse
    {
        for (int retry = 0; ; retry++)
        {
            GrpcException failure;
            try
            {
                return Check(await call().ConfigureAwait(false));
            }
            catch (GrpcException e)
            {
                LastFailure = failure = e;
            }
            if (!await WaitAsync(failure, retry, cancel).ConfigureAwait(false)) throw await ExplainAsync(failure, null, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Waits before the next try; false when another try cannot help or there were enough.</summary>
    public async Task<bool> WaitAsync(GrpcException failure, int retry, CancellationToken cancel)
    {
        ServerError error = ServerError.Of(failure);
        RetryPolicy rules = failure.Refused ? Retries.WhenRefused() : Retries;
        if (!RetryPolicy.MayHelp(failure, error) || rules.Wait(retry, error.RetryDelay) is not { } wait) return false;
        await Retries.Delay(wait, cancel).ConfigureAwait(false);
        return true;
    }

    private async Task<T> OnceAsync<T>(Func<Task<T>> call, CancellationToken cancel) where T : ISessionResponse
    {
        try
        {
            return Check(await call().ConfigureAwait(false));
        }
        catch (GrpcException e)
        {
            throw await ExplainAsync(e, null, cancel).ConfigureAwait(false);
        }
    }

    private T Stamp<T>(T request) where T : ISessionRequest
    {
        request.SessionId = SessionId;
        request.UserContext = _user;
        request.ClientType = _clientType;
        if (_observed is { } observed) request.ClientObservedServerSideSessionId = observed;
        return request;
    }

    private async IAsyncEnumerable<IMessage> StampAll(IAsyncEnumerable<AddArtifactsRequest> requests)
    {
        await foreach (AddArtifactsRequest request in requests.ConfigureAwait(false)) yield return Stamp(request);
    }
}
