using System.Diagnostics;

namespace MlSql.Scoring.Onnx;

/// <summary>
/// Calls back when a time is over, on a thread of its own: a timer of the thread pool comes late where all threads of the pool are busy, and running models are what keeps them so.
/// The thread is begun by the first alarm and sleeps while there is none.
/// </summary>
internal sealed class AlarmClock
{
    private readonly object _gate = new();
    private readonly PriorityQueue<Action, long> _alarms = new();
    private Thread? _thread;
    private long _wakes = long.MaxValue;

    /// <summary>The clock of the process.</summary>
    public static AlarmClock OfProcess { get; } = new();

    /// <summary>Has <paramref name="ring"/> called once, after a time or at once where it is not above zero. It must be quick, as others wait behind it.</summary>
    public void Set(TimeSpan time, Action ring)
    {
        long due = Stopwatch.GetTimestamp() + (long)(Math.Max(0, time.TotalSeconds) * Stopwatch.Frequency);
        lock (_gate)
        {
            _alarms.Enqueue(ring, due);
            if (_thread is null)
            {
                _thread = new(Wait) { IsBackground = true, Name = "MlSql alarm clock" };
                _thread.Start();
            }
            else if (due < _wakes) Monitor.Pulse(_gate);
        }
    }

    /// <summary>Forgets an alarm that has not rung.</summary>
    public void Clear(Action ring)
    {
        lock (_gate) _alarms.Remove(ring, out _, out _);
    }

    private void Wait()
    {
        while (true)
        {
            Action? ring = null;
            lock (_gate)
            {
                if (!_alarms.TryPeek(out _, out long due)) Sleep(long.MaxValue, Timeout.InfiniteTimeSpan);
                else if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is { Ticks: > 0 } left) Sleep(due, left + TimeSpan.FromMilliseconds(1));
                else ring = _alarms.Dequeue();
            }
            ring?.Invoke();
        }
    }

    private void Sleep(long wakes, TimeSpan time)
    {
        _wakes = wakes;
        Monitor.Wait(_gate, time);
        _wakes = long.MinValue;
    }
}
