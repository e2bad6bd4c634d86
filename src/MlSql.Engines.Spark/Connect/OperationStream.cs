using System.Diagnostics;
using MlSql.Engines.Spark.Connect.Errors;
using MlSql.Engines.Spark.Connect.Protocol;
using MlSql.Engines.Spark.Connect.Transport;

namespace MlSql.Engines.Spark.Connect;

/// <summary>
/// A plan that the server runs: all its responses, whatever happens to the connection in between. The server ends streams on purpose now and then; only its result_complete is the end.
/// Disposed before the end, it interrupts the operation, which would otherwise keep running and hold its task slots.
/// </summary>
internal sealed class OperationStream : IAsyncDisposable
{
    /// <summary>What may be unreleased: below the server's buffer of 10 MiB, so that it need not guess what we have.</summary>
    private const long ReleaseEveryBytes = 4 << 20;
    private const int ReleaseEveryResponses = 64;
    private static readonly TimeSpan Abrupt = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StopPatience = TimeSpan.FromMilliseconds(800);

    private readonly SessionCalls _calls;
    private readonly ExecutePlanRequest _request;
    private GrpcCall<ExecutePlanResponse>? _call;
    private Task _release = Task.CompletedTask;
    private string? _last;
    private long _unreleasedBytes;
    private int _unreleased;
    private int _retry;
    private long _opened;
    private bool _received;
    private bool _sent;
    private bool _started;
    private State _state;

    public OperationStream(SessionCalls calls, Plan plan)
    {
        _calls = calls;
        _request = new ExecutePlanRequest { Plan = plan, OperationId = OperationId };
        _request.RequestOptions.Add(new ExecutePlanRequest.Types.RequestOption { ResultChunkingOptions = new ResultChunkingOptions { AllowArrowBatchChunking = true } });
        _request.RequestOptions.Add(new ExecutePlanRequest.Types.RequestOption { ReattachOptions = new ReattachOptions { Reattachable = true } });
    }

    private enum State
    {
        Running,
        Complete,
        Failed,
    }

    public string OperationId { get; } = Guid.NewGuid().ToString("D");

    /// <summary>The next response, or null after the last. Throws <see cref="SparkException"/> when the operation fails or the server stays away.</summary>
    public async ValueTask<ExecutePlanResponse?> NextAsync(CancellationToken cancel)
    {
        while (_state == State.Running)
        {
            cancel.ThrowIfCancellationRequested();
            GrpcException failure;
            try
            {
                _call ??= await OpenAsync(cancel).ConfigureAwait(false);
                if (await _call.NextAsync(cancel).ConfigureAwait(false) is { } response) return Accept(response);
                await HangUpAsync().ConfigureAwait(false);
                // Ended on purpose: come again at once, unless the server does nothing else.
                if (_received || Stopwatch.GetElapsedTime(_opened) > Abrupt) continue;
                failure = new GrpcException(GrpcStatus.Unavailable, "The answer ends again and again without a result", GrpcOrigin.Connection);
            }
            catch (GrpcException e)
            {
                failure = e;
            }
            await HangUpAsync().ConfigureAwait(false);
            await RecoverAsync(failure, cancel).ConfigureAwait(false);
        }
        return _state == State.Complete ? null : throw new InvalidOperationException("The operation has failed already.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await HangUpAsync().ConfigureAwait(false);
        if (!_sent) return;
        _sent = false;
        var end = new OperationEnd(_calls, OperationId, _last);
        if (_state != State.Running) _ = _calls.Background.Run(end.ReleaseAsync);
        // Long enough for the server to hear it, short enough for someone who waits for Ctrl-C.
        else await Task.WhenAny(_calls.Background.Run(cancel => end.StopAsync(_started, cancel)), Task.Delay(StopPatience)).ConfigureAwait(false);
    }

    private async Task<GrpcCall<ExecutePlanResponse>> OpenAsync(CancellationToken cancel)
    {
        ISessionRequest request = _sent ? Rejoin(OperationId, _last) : _request;
        _sent = true;
        _received = false;
        _opened = Stopwatch.GetTimestamp();
        return await _calls.StreamAsync(request, cancel).ConfigureAwait(false);
    }

    /// <summary>Asks for what comes after a response; for everything when that is null.</summary>
    public static ReattachExecuteRequest Rejoin(string operationId, string? last)
    {
        var request = new ReattachExecuteRequest { OperationId = operationId };
        if (last is not null) request.LastResponseId = last;
        return request;
    }

    private ExecutePlanResponse? Accept(ExecutePlanResponse response)
    {
        _calls.Check(response);
        _received = true;
        _retry = 0;
        if (response.ResponseId.Length > 0) _last = response.ResponseId;
        if (response.ResponseTypeCase == ExecutePlanResponse.ResponseTypeOneofCase.ResultComplete)
        {
            _state = State.Complete;
            return null;
        }
        _started |= OperationEnd.Starts(response);
        _unreleased++;
        _unreleasedBytes += response.ArrowBatch?.Data.Length ?? 0;
        if ((_unreleased >= ReleaseEveryResponses || _unreleasedBytes >= ReleaseEveryBytes) && _release.IsCompleted && _last is not null)
        {
            (_unreleased, _unreleasedBytes) = (0, 0);
            var request = new ReleaseExecuteRequest { OperationId = OperationId, ReleaseUntil = new() { ResponseId = _last } };
            _release = _calls.Background.Run(cancel => _calls.ReleaseAsync(request, cancel));
        }
        return response;
    }

    private async Task RecoverAsync(GrpcException failure, CancellationToken cancel)
    {
        string? errorClass = ServerError.Of(failure).ErrorClass;
        // The server never got the plan, or forgot it before it gave us anything: send it once more.
        if (errorClass == SparkErrors.OperationNotFound && _last is null && _retry < _calls.Retries.MaxRetries)
        {
            _retry++;
            _sent = false;
            return;
        }
        if (errorClass == SparkErrors.OperationAlreadyExists && _retry > 0 && _retry < _calls.Retries.MaxRetries)
        {
            _retry++;
            return;
        }
        if (await _calls.WaitAsync(failure, _retry, cancel).ConfigureAwait(false))
        {
            _retry++;
            return;
        }
        // A stream that was reset by its deadline or by something in between: the operation goes on.
        if (failure.Origin == GrpcOrigin.Connection && failure.Status is GrpcStatus.DeadlineExceeded or GrpcStatus.Cancelled && _calls.Retries.Wait(_retry, null) is { } wait)
        {
            _retry++;
            await _calls.Retries.Delay(wait, cancel).ConfigureAwait(false);
            return;
        }
        // What the server reports has ended there; what the connection did to us has not.
        if (failure.Origin == GrpcOrigin.Server) _state = State.Failed;
        SparkException error = await _calls.ExplainAsync(failure, OperationId, cancel).ConfigureAwait(false);
        throw error;
    }

    private async ValueTask HangUpAsync()
    {
        if (_call is not { } call) return;
        _call = null;
        await call.DisposeAsync().ConfigureAwait(false);
    }
}
