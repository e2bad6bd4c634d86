using System.Diagnostics;
using System.Globalization;

namespace MlSql.Races;

/// <summary>What a whole process took: wall and processor time with its start, and the most memory that it held (bytes; 0 where the system does not say).</summary>
internal sealed record ChildProcess(Timing Timing, long PeakBytes)
{
    // Processor time and memory are read while the process lives, so the last moment of it is not seen.
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(10);

    /// <summary>Runs it to its end. Throws with what it wrote to standard error when it fails.</summary>
    public static async Task<ChildProcess> RunAsync(ProcessStartInfo start, CancellationToken cancel)
    {
        long began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var errors = process.StandardError.ReadToEndAsync(cancel);
        var ended = process.WaitForExitAsync(cancel);
        (double cpu, long peak) = (0, 0);
        while (await Task.WhenAny(ended, Task.Delay(Glance, cancel)) != ended) (cpu, peak) = Look(process, cpu, peak);
        await ended;
        double wall = Stopwatch.GetElapsedTime(began).TotalSeconds;
        await output;
        return process.ExitCode == 0 ? new(new(wall, cpu), peak) : throw new InvalidOperationException($"{Path.GetFileName(start.FileName)} ended with {process.ExitCode}: {await errors}");
    }

    private static (double Cpu, long Peak) Look(Process process, double cpu, long peak)
    {
        try
        {
            process.Refresh();
            cpu = process.TotalProcessorTime.TotalSeconds;
            string? line = OperatingSystem.IsLinux() ? File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal)) : null;
            return (cpu, line is null ? peak : long.Parse(line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) * 1024);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It ended in this moment: what was seen before stands.
            return (cpu, peak);
        }
    }
}
