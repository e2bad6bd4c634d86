using System.Globalization;
using System.Text;

namespace MlSql.Cli.Terminal;

/// <summary>Shows long work on one line that is redrawn at most ten times a second, from 0.3 s on.</summary>
internal sealed class ProgressLine(Messages messages, TimeProvider time, int width, bool unicode) : IProgress<StatementProgress>
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(0.1);
    private readonly Lock _gate = new();
    private bool _running;
    private long _started;
    private long _drawn;

    /// <summary>A statement starts.</summary>
    public void Start()
    {
        lock (_gate)
        {
            _running = true;
            _started = time.GetTimestamp();
            _drawn = 0;
        }
    }

    /// <summary>The statement is over or prints its rows; late reports are not shown.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _running = false;
            if (_drawn != 0) messages.EraseProgress();
            _drawn = 0;
        }
    }

    /// <inheritdoc/>
    public void Report(StatementProgress value)
    {
        lock (_gate)
        {
            if (!_running || time.GetElapsedTime(_started) < Quiet) return;
            if (_drawn != 0 && time.GetElapsedTime(_drawn) < Pace) return;
            _drawn = time.GetTimestamp();
            messages.Progress(Line(value, width - 1, unicode));
        }
    }

    /// <summary>One line, no wider than the terminal: phase, bar, tasks, iteration, loss, rows and their rate, time left. What does not fit is left out from the end.</summary>
    internal static string Line(StatementProgress progress, int width, bool unicode)
    {
        List<string> parts = [TerminalText.EscapeLine(progress.Phase)];
        if (progress.Fraction is { } fraction) parts.Add(Bar(fraction, unicode));
        if (progress.Tasks > 0) parts.Add(Text($"{progress.TasksDone}/{progress.Tasks} tasks"));
        if (progress.Iteration > 0)
            parts.Add(progress.MaxIterations is > 0 and < 10_000 ? Text($"iteration {progress.Iteration}/{progress.MaxIterations}") : Text($"iteration {progress.Iteration}"));
        if (progress.Loss is { } loss) parts.Add(Text($"loss {loss:0.000000}"));
        if (progress.Rows > 0) parts.Add(Text($"{Short(progress.Rows)} rows"));
        if (progress.RowsPerSecond >= 1) parts.Add(Text($"{Short(progress.RowsPerSecond)} rows/s"));
        parts.Add(progress.Left is { } left ? Text($"{Clock(left)} left") : Clock(progress.Elapsed));

        StringBuilder line = new();
        foreach (string part in parts)
        {
            if (line.Length + 2 + part.Length > width) break;
            if (line.Length > 0) line.Append("  ");
            line.Append(part);
        }
        return line.ToString();
    }

    private static string Bar(double fraction, bool unicode)
    {
        const int Cells = 16;
        int full = (int)Math.Round(Math.Clamp(fraction, 0, 1) * Cells);
        string bar = unicode ? new string('█', full) + new string('░', Cells - full) : "[" + new string('#', full) + new string('.', Cells - full) + "]";
        return Text($"{bar} {Math.Clamp(fraction, 0, 1) * 100,3:0}%");
    }

    private static string Short(double value) => value switch
    {
        >= 1e9 => Text($"{value / 1e9:0.0} G"),
        >= 1e6 => Text($"{value / 1e6:0.0} M"),
        >= 1e4 => Text($"{value / 1e3:0} k"),
        _ => Text($"{value:0}"),
    };

    private static string Clock(TimeSpan span) => span.TotalSeconds < 100 ? Text($"{span.TotalSeconds:0} s") : Text($"{(int)span.TotalMinutes}:{span.Seconds:00} min");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
