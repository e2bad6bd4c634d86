using System.Collections.Concurrent;
using MlSql.Engines.Spark.Connect.Errors;

namespace MlSql.Engines.Spark.Connect;

/// <summary>Calls that tidy up on the server while nobody waits for them. What they cannot do the server does itself, some minutes later.</summary>
internal sealed class BackgroundCalls : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<Task, byte> _running = [];
    private readonly CancellationTokenSource _end = new();

    /// <summary>Starts a call. Its failure is of no consequence, save for faults of ours, which come out of <see cref="DisposeAsync"/>.</summary>
    public Task Run(Func<CancellationToken, Task> call)
    {
        Task task = GuardAsync(call);
        if (task.IsCompletedSuccessfully) return task;
        _running.TryAdd(task, 0);
        task.ContinueWith(static (done, running) => { if (done.IsCompletedSuccessfully) ((ConcurrentDictionary<Task, byte>)running!).TryRemove(done, out _); }, _running, TaskScheduler.Default);
        return task;
    }

    /// <summary>Waits for all of them a little; then ends those that still run.</summary>
    public async ValueTask DisposeAsync()
    {
        Task all = Task.WhenAll(_running.Keys);
        await Task.WhenAny(all, Task.Delay(Patience)).ConfigureAwait(false);
        await _end.CancelAsync().ConfigureAwait(false);
        await all.ConfigureAwait(false);
        _end.Dispose();
    }

    private async Task GuardAsync(Func<CancellationToken, Task> call)
    {
        try
        {
            await call(_end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
        }
        catch (SparkException)
        {
        }
    }
}
