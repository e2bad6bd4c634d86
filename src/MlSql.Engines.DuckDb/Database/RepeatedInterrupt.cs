namespace MlSql.Engines.DuckDb.Database;

/// <summary>Once cancelled, interrupts a connection again and again until disposed: the engine forgets an interrupt that comes before the statement has begun, and does not say when it has.</summary>
internal sealed class RepeatedInterrupt : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly Timer _timer;
    private readonly CancellationTokenRegistration _registration;

    public RepeatedInterrupt(DuckDbConnection connection, CancellationToken cancel)
    {
        _timer = new Timer(static c => ((DuckDbConnection)c!).Interrupt(), connection, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _registration = cancel.UnsafeRegister(static t => ((Timer)t!).Change(TimeSpan.Zero, Pause), _timer);
    }

    /// <summary>No interrupt comes after this.</summary>
    public void Dispose()
    {
        _registration.Dispose();
        using var last = new ManualResetEvent(false);
        if (_timer.Dispose(last)) last.WaitOne();
    }
}
