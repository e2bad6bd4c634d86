using System.Diagnostics;
using MlSql.Engines.DuckDb.Database;
using MlSql.Planning;

namespace MlSql.Engines.DuckDb;

/// <summary>Asks the engine five times a second how far it is, and tells the listener. While a trainer reports for itself, it is paused.</summary>
internal sealed class ProgressPump : IDisposable
{
    private readonly ITimer? _timer;
    private volatile string _phase = "query";
    private volatile bool _paused;

    public ProgressPump(DuckDbConnection connection, RunContext context)
    {
        if (context.Progress is not { } listener) return;
        long start = Stopwatch.GetTimestamp();
        _timer = context.Time.CreateTimer(_ =>
        {
            if (_paused) return;
            var now = connection.Progress;
            var elapsed = Stopwatch.GetElapsedTime(start);
            listener.Report(new RunProgress(_phase, now.Fraction, now.Rows, now.Rows / Math.Max(elapsed.TotalSeconds, 1e-3), 0, 0, null, elapsed));
        }, null, TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(200));
    }

    /// <summary>What the engine is doing.</summary>
    public string Phase
    {
        set
        {
            _phase = value;
            _paused = false;
        }
    }

    /// <summary>Stays silent until the next phase.</summary>
    public void Pause() => _paused = true;

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();
}
