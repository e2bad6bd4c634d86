using MlSql.Engines.Spark.Connect.Errors;
using MlSql.Engines.Spark.Connect.Protocol;
using MlSql.Engines.Spark.Connect.Transport;

namespace MlSql.Engines.Spark.Connect;

/// <summary>Ends an operation that nobody reads any more. <paramref name="last"/> is the last response that was read, or null.</summary>
internal sealed class OperationEnd(SessionCalls calls, string operationId, string? last)
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(1);

    /// <summary>Interrupts it and sees it end. <paramref name="started"/>: it was seen to have a stage.</summary>
    public async Task StopAsync(bool started, CancellationToken cancel)
    {
        if (!started) await AwaitStartAsync(cancel).ConfigureAwait(false);
        var request = new InterruptRequest { InterruptType = InterruptRequest.Types.InterruptType.OperationId, OperationId = operationId };
        await calls.InterruptAsync(request, cancel).ConfigureAwait(false);
        // Released before it has ended, an operation stays RUNNING in the server's books.
        await WithinAsync(EndPatience, patience => JoinUntilAsync(_ => false, patience), cancel).ConfigureAwait(false);
        await ReleaseAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Lets the server forget it.</summary>
    public Task ReleaseAsync(CancellationToken cancel) => calls.ReleaseAsync(new ReleaseExecuteRequest { OperationId = operationId, ReleaseAll = new() }, cancel);

    /// <summary>True for a response that shows that the operation is past its planning.</summary>
    public static bool Starts(ExecutePlanResponse response) => response.ArrowBatch is not null || response.ResultComplete is not null || response.ExecutionProgress is { Stages.Count: > 0 };

    /// <summary>
    /// Waits until the operation has a stage. One that is interrupted between its planning and its first job loses the interrupt: the server cancels the jobs that are there, then starts the job, which nobody can cancel any more.
    /// </summary>
    private Task AwaitStartAsync(CancellationToken cancel) => WithinAsync(StartPatience, async patience =>
    {
        // The plan may still be on its way to the server.
        for (int attempt = 1; attempt <= 3 && !await JoinUntilAsync(Starts, patience).ConfigureAwait(false); attempt++)
            await Task.Delay(TimeSpan.FromMilliseconds(100 * attempt), patience).ConfigureAwait(false);
    }, cancel);

    private static async Task WithinAsync(TimeSpan time, Func<CancellationToken, Task> act, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(time);
        try
        {
            await act(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // It goes on without: what was waited for only makes things tidier.
        }
    }

    /// <summary>Reads on until a response is what is waited for, or the server says that the operation is over; false when it knows none of the kind or cannot be reached.</summary>
    private async Task<bool> JoinUntilAsync(Func<ExecutePlanResponse, bool> isIt, CancellationToken cancel)
    {
        try
        {
            GrpcCall<ExecutePlanResponse> call = await calls.StreamAsync(OperationStream.Rejoin(operationId, last), cancel).ConfigureAwait(false);
            await using (call.ConfigureAwait(false))
                while (await call.NextAsync(cancel).ConfigureAwait(false) is { } response)
                    if (isIt(response)) return true;
            return false;
        }
        catch (GrpcException e)
        {
            return e.Origin == GrpcOrigin.Server && ServerError.Of(e).ErrorClass != SparkErrors.OperationNotFound;
        }
    }
}
