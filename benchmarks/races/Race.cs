using System.Diagnostics;

namespace MlSql.Races;

/// <summary>Wall and processor time of one run, in seconds.</summary>
internal readonly record struct Timing(double Wall, double Cpu)
{
    /// <summary>Times work in this process.</summary>
    public static async Task<Timing> OfAsync(Func<Task> work)
    {
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        await work();
        double wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        process.Refresh();
        return new Timing(wall, (process.TotalProcessorTime - cpu).TotalSeconds);
    }
}

/// <summary>One line of the table: we against somebody, on the same rows.</summary>
internal abstract class Race
{
    public abstract string Name { get; }

    public abstract string Opponent { get; }

    /// <summary>What is aimed at: "≥ 3 ×" reads opponent's time over ours.</summary>
    public abstract string Aim { get; }

    /// <summary>True when the aim bounds our time over the opponent's.</summary>
    public virtual bool OursOverTheirs => false;

    /// <summary>Why the race cannot run here, or null.</summary>
    public virtual string? Skip => null;

    /// <summary>Turns before the timed ones, for what compiles as it runs; fewer where the timed ones are few.</summary>
    public virtual int WarmUps => 0;

    /// <summary>What our time is made of, each part up to its end and without the parts before; the last, which is all, is the race itself.</summary>
    public virtual IReadOnlyList<RacePart> Parts => [];

    /// <summary>Compares results before anything is timed; gives what was compared, or throws when they differ.</summary>
    public abstract Task<string> CompareAsync(CancellationToken cancel);

    public abstract Task<Timing> OursAsync(CancellationToken cancel);

    public abstract Task<Timing> TheirsAsync(CancellationToken cancel);
}

/// <summary>Our work up to the end of a part; null for the last.</summary>
internal sealed record RacePart(string Name, Func<CancellationToken, Task<Timing>>? UpTo);

/// <summary>Results differ, so that times mean nothing.</summary>
internal sealed class ResultsDifferException(string message) : Exception(message);
