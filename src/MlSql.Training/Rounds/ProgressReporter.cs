namespace MlSql.Training.Rounds;

/// <summary>Passes progress on at most ten times a second, and each phase's first. Of threads that come at once, one reports.</summary>
internal sealed class ProgressReporter(IProgress<TrainingProgress>? target, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly long _start = time.GetTimestamp();
    private string _phase = "";
    private long _phaseStart;
    private long _last;

    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    /// <summary>Tells how far the phase is; <paramref name="rows"/> counts rows looked at within it.</summary>
    public void Report(string phase, long rows, int iteration = 0, int maxIterations = 0, double? loss = null)
    {
        if (target is null || !_gate.TryEnter()) return;
        try
        {
            ReportAlone(target, phase, rows, iteration, maxIterations, loss);
        }
        finally
        {
            _gate.Exit();
        }
    }

    private void ReportAlone(IProgress<TrainingProgress> listener, string phase, long rows, int iteration, int maxIterations, double? loss)
    {
        long now = time.GetTimestamp();
        if (phase != _phase) (_phase, _phaseStart) = (phase, now);
        else if (time.GetElapsedTime(_last, now) < Pause) return;
        _last = now;
        double seconds = time.GetElapsedTime(_phaseStart, now).TotalSeconds;
        listener.Report(new(phase, rows, iteration, maxIterations, loss, seconds > 0 ? rows / seconds : 0, time.GetElapsedTime(_start, now)));
    }
}
