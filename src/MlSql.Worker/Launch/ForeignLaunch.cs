using System.ComponentModel;
using MlSql.Worker.Interop;

namespace MlSql.Worker.Launch;

/// <summary>Launches that are not for us: this process becomes the Python that they were meant for, with the same arguments.</summary>
internal static class ForeignLaunch
{
    public const string Marker = "MLSQL_WORKER_HANDED_ON";
    private const string Fallback = "python3";

    /// <summary>True when this process was itself started in the place of Python by a worker of ours, so that what the environment calls Python is this program.</summary>
    public static bool WasHandedOn => Environment.GetEnvironmentVariable(Marker) is not null;

    /// <summary>Marks what is started from here on, so that this program does not go on handing tasks to itself.</summary>
    public static void Mark() => Posix.SetVariable(Marker, "1");

    /// <summary>Does not return where there is a Python; else gives the exit code of a program that could not be started.</summary>
    public static int HandOn(ReadOnlySpan<string> arguments)
    {
        const int NotFound = 127;
        if (OperatingSystem.IsWindows())
        {
            WorkerLog.Error("MLS4301: This program can only stand in for Python on Linux and macOS");
            return NotFound;
        }
        string? named = Environment.GetEnvironmentVariable("PYSPARK_PYTHON");
        string python = WasHandedOn || string.IsNullOrEmpty(named) ? Fallback : named;
        Mark();
        int reason = Posix.Become(python, arguments);
        WorkerLog.Error($"MLS4301: {python} cannot be started ({new Win32Exception(reason).Message}) for {string.Join(' ', arguments!)}; install Python on this machine or name it in PYSPARK_PYTHON");
        return NotFound;
    }
}
