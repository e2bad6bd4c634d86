using MlSql.Engines.Spark.Connect.Errors;
using MlSql.Engines.Spark.Connect.Protocol;
using MlSql.Engines.Spark.Connect.Transport;

namespace MlSql.Engines.Spark.Connect;

/// <summary>
/// A session of a Spark Connect server: settings, temporary views, functions and files that no other session sees. Errors are <see cref="SparkException"/>.
/// Safe for use by several threads. Disposing it ends it on the server too, unless the connection string named it, since others may use it then.
/// </summary>
internal sealed class SparkSession : IAsyncDisposable
{
    private static readonly TimeSpan ReleasePatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWaitToOpen = TimeSpan.FromSeconds(1);
    private readonly GrpcChannel? _owned;
    private readonly SessionCalls _calls;
    private readonly bool _shared;
    private int _disposed;

    private SparkSession(SessionCalls calls, GrpcChannel? owned, SparkVersion version, bool shared)
    {
        (_calls, _owned, Version, _shared) = (calls, owned, version, shared);
        Settings = new SparkSettings(calls);
        Artifacts = new SparkArtifacts(calls);
        Analysis = new SparkAnalysis(calls);
    }

    public SparkVersion Version { get; }

    /// <summary>The server's host and port, without what else the connection string says.</summary>
    public string Address => _calls.Server.ToString();

    /// <summary>True for a server on this machine: its files are ours.</summary>
    public bool IsLoopback => _calls.Server.IsLoopback;

    /// <summary>A UUID.</summary>
    public string Id => _calls.SessionId;

    public SparkSettings Settings { get; }

    public SparkArtifacts Artifacts { get; }

    public SparkAnalysis Analysis { get; }

    /// <summary>Reaches the server, tries until <see cref="SparkSessionOptions.ConnectTimeout"/> is over. Throws MLS6207 (unreachable), MLS6208 (token), MLS6212 (another Spark).</summary>
    public static async Task<SparkSession> OpenAsync(ConnectionString server, SparkSessionOptions options, CancellationToken cancel)
    {
        var channel = new GrpcChannel(server, options.ConnectTimeout, handler: options.Network);
        try
        {
            var opening = new SessionCalls(channel, server, server.SessionId ?? Guid.NewGuid(), options.Retries with { MaxRetries = int.MaxValue, MaxRetriesWhenRefused = int.MaxValue, Longest = LongestWaitToOpen });
            SparkVersion version = SparkVersion.Parse(await FirstAnswerAsync(opening, options.ConnectTimeout, cancel).ConfigureAwait(false));
            if (version.Notice is { } notice) options.Notice?.Invoke(notice);
            return new SparkSession(opening.With(options.Retries), channel, version, server.SessionId is not null);
        }
        catch
        {
            channel.Dispose();
            throw;
        }
    }

    /// <summary>Runs a statement of any kind at once, save for a query, which is only looked at.</summary>
    public async Task<SqlAnswer> ExecuteSqlAsync(Relation sql, IProgress<SparkProgress>? progress, CancellationToken cancel)
    {
        Relation result = sql;
        await RunAsync(new Command { SqlCommand = new SqlCommand { Input = sql } }, response => result = response.SqlCommandResult?.Relation ?? result, progress, cancel).ConfigureAwait(false);
        return new SqlAnswer(result, result.RelTypeCase != Relation.RelTypeOneofCase.Sql);
    }

    /// <summary>Runs a query.</summary>
    public Task<SparkRows> QueryAsync(Relation relation, IProgress<SparkProgress>? progress, CancellationToken cancel) => SparkRows.StartAsync(_calls, relation, progress, cancel);

    /// <summary>Makes a function known to SQL under its name, in this session.</summary>
    public Task RegisterAsync(WorkerFunction function, CancellationToken cancel) => RunAsync(new Command { RegisterFunction = function.ToMessage() }, null, null, cancel);

    /// <summary>Writes the rows of a query to files.</summary>
    public Task WriteAsync(WriteOperation write, IProgress<SparkProgress>? progress, CancellationToken cancel) => RunAsync(new Command { WriteOperation = write }, null, progress, cancel);

    /// <summary>Names a plan, in this session; an older view of the name is replaced.</summary>
    public Task CreateViewAsync(string name, Relation relation, CancellationToken cancel) =>
        RunAsync(new Command { CreateDataframeView = new CreateDataFrameViewCommand { Name = name, Input = relation, Replace = true } }, null, null, cancel);

    /// <summary>Rows of our own as a relation: <paramref name="streams"/> are whole Arrow IPC streams of one schema, small ones within the plan, larger ones uploaded once by their content.</summary>
    public Task<Relation> LocalRowsAsync(IReadOnlyList<ReadOnlyMemory<byte>> streams, CancellationToken cancel) => LocalRows.RelationAsync(Artifacts, Version, streams, cancel);

    /// <summary>Stops everything that this session runs. Gives the operations' ids.</summary>
    public async Task<IReadOnlyList<string>> InterruptAllAsync(CancellationToken cancel) =>
        (await _calls.InterruptAsync(new InterruptRequest { InterruptType = InterruptRequest.Types.InterruptType.All }, cancel).ConfigureAwait(false)).InterruptedIds;

    /// <summary>The state of operations of this session, finished ones of the last half hour too; all when none is named. Spark 4.2 and later; else MLS6218.</summary>
    public async Task<IReadOnlyDictionary<string, GetStatusResponse.Types.OperationStatus.Types.OperationState>> StatusAsync(IEnumerable<string> operations, CancellationToken cancel)
    {
        var request = new GetStatusRequest { OperationStatus = new GetStatusRequest.Types.OperationStatusRequest() };
        request.OperationStatus.OperationIds.AddRange(operations);
        GetStatusResponse answer = await _calls.StatusAsync(request, cancel).ConfigureAwait(false);
        return answer.OperationStatuses.ToDictionary(s => s.OperationId, s => s.State);
    }

    /// <summary>A session of its own with copies of this one's settings, views, functions and files; it is disposed by itself, before this one. Spark 4.1 and later; else MLS6218.</summary>
    public async Task<SparkSession> CloneAsync(CancellationToken cancel)
    {
        var id = Guid.NewGuid();
        CloneSessionResponse answer = await _calls.CloneAsync(new CloneSessionRequest { NewSessionId = id.ToString("D") }, cancel).ConfigureAwait(false);
        return new SparkSession(_calls.Other(id, answer.NewServerSideSessionId.Length > 0 ? answer.NewServerSideSessionId : null), null, Version, shared: false);
    }

    /// <summary>
    /// A session that has these settings from its first moment, for those that are read when a session is made and never again. It takes the place of this one, which is of no use after that.
    /// This session itself, with the settings set, where a session cannot be made from another (before Spark 4.1) or the connection string named it.
    /// </summary>
    public async Task<SparkSession> BeginAgainAsync(IEnumerable<KeyValuePair<string, string>> settings, CancellationToken cancel)
    {
        await Settings.SetAsync(settings, lenient: false, cancel).ConfigureAwait(false);
        if (_shared || !Version.AtLeast(4, 1)) return this;
        var id = Guid.NewGuid();
        CloneSessionResponse answer = await _calls.CloneAsync(new CloneSessionRequest { NewSessionId = id.ToString("D") }, cancel).ConfigureAwait(false);
        SparkSession next = new(_calls.Other(id, answer.NewServerSideSessionId.Length > 0 ? answer.NewServerSideSessionId : null), _owned, Version, shared: false);
        _ = next._calls.Background.Run(_ => ReleaseAsync());
        return next;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _calls.Background.DisposeAsync().ConfigureAwait(false);
        if (!_shared) await ReleaseAsync().ConfigureAwait(false);
        _owned?.Dispose();
    }

    private static async Task<string> FirstAnswerAsync(SessionCalls calls, TimeSpan timeout, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(timeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            return await new SparkAnalysis(calls).VersionAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw await calls.ExplainAsync(calls.LastFailure ?? new GrpcException(GrpcStatus.Unavailable, "nothing answers", GrpcOrigin.Connection), null, cancel).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(Command command, Action<ExecutePlanResponse>? look, IProgress<SparkProgress>? progress, CancellationToken cancel)
    {
        var stream = new OperationStream(_calls, new Plan { Command = command });
        await using (stream.ConfigureAwait(false))
        {
            while (await stream.NextAsync(cancel).ConfigureAwait(false) is { } response)
            {
                look?.Invoke(response);
                if (response.ExecutionProgress is { } now) progress?.Report(SparkRows.Sum(now, 0));
            }
        }
    }

    private async Task ReleaseAsync()
    {
        using var patience = new CancellationTokenSource(ReleasePatience);
        try
        {
            await _calls.ReleaseSessionAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is GrpcException or OperationCanceledException)
        {
            // The server ends sessions that nobody uses by itself, after an hour.
        }
    }
}
