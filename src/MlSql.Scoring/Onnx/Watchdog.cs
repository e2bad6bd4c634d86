namespace MlSql.Scoring.Onnx;

/// <summary>Stops work in the library when its time is over or it is cancelled. After disposal it touches nothing any more.</summary>
internal sealed class Watchdog : IDisposable
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    private readonly Lock _gate = new();
    private readonly Action _stop;
    private readonly CancellationTokenRegistration _registration;
    private readonly Timer? _timer;
    private bool _disposed;

    public Watchdog(Action stop, TimeSpan limit, CancellationToken cancel)
    {
        _stop = stop;
        _registration = cancel.UnsafeRegister(static state => ((Watchdog)state!).Cancel(), this);
        if (limit != Timeout.InfiniteTimeSpan && limit < LongestTimer) _timer = new Timer(static state => ((Watchdog)state!).EndTime(), this, limit < TimeSpan.Zero ? TimeSpan.Zero : limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>True once the work was stopped because its time was over.</summary>
    public bool TimeIsOver { get; private set; }

    /// <summary>True once the work was stopped because it was cancelled.</summary>
    public bool IsCancelled { get; private set; }

    public void Dispose()
    {
        lock (_gate) _disposed = true;
        // Waits for a callback that runs, so never under the gate.
        _registration.Dispose();
        _timer?.Dispose();
    }

    private void Cancel()
    {
        lock (_gate)
        {
            if (_disposed) return;
            IsCancelled = true;
            _stop();
        }
    }

    private void EndTime()
    {
        lock (_gate)
        {
            if (_disposed) return;
            TimeIsOver = true;
            _stop();
        }
    }
}
