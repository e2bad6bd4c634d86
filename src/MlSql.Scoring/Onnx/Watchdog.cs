namespace MlSql.Scoring.Onnx;

/// <summary>Stops work in the library when its time is over or it is cancelled. After disposal it touches nothing any more.</summary>
internal sealed class Watchdog : IDisposable
{
    // What waits in one piece may not wait for longer.
    private static readonly TimeSpan LongestAlarm = TimeSpan.FromDays(20);

    private readonly Lock _gate = new();
    private readonly Action _stop;
    private readonly CancellationTokenRegistration _registration;
    private readonly Action? _alarm;
    private bool _disposed;

    public Watchdog(Action stop, TimeSpan limit, CancellationToken cancel)
    {
        _stop = stop;
        _registration = cancel.UnsafeRegister(static state => ((Watchdog)state!).Cancel(), this);
        if (limit == Timeout.InfiniteTimeSpan || limit > LongestAlarm) return;
        _alarm = EndTime;
        AlarmClock.OfProcess.Set(limit, _alarm);
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
        if (_alarm is not null) AlarmClock.OfProcess.Clear(_alarm);
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
