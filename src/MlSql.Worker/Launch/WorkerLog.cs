using System.Text;
using Microsoft.Win32.SafeHandles;

namespace MlSql.Worker.Launch;

/// <summary>Lines for the log of the executor, on standard error. <c>MLSQL_WORKER_LOG</c> = error, warning (where nothing is said), info or debug.</summary>
internal static class WorkerLog
{
    private static readonly int s_level = Environment.GetEnvironmentVariable("MLSQL_WORKER_LOG")?.ToLowerInvariant() switch { "error" => 0, "info" => 2, "debug" => 3, _ => 1 };
    private static readonly Lock s_gate = new();

    /// <summary>Something failed that nobody else hears of.</summary>
    public static void Error(string text) => Write(0, "error", text);

    /// <summary>Something was not as it should be.</summary>
    public static void Warning(string text) => Write(1, "warning", text);

    /// <summary>What happens once a process or a connection.</summary>
    public static void Info(string text) => Write(2, "info", text);

    /// <summary>What happens once a task.</summary>
    public static void Debug(string text) => Write(3, "debug", text);

    private static void Write(int level, string name, string text)
    {
        if (level > s_level) return;
        byte[] line = Encoding.UTF8.GetBytes($"mlsql-worker[{Environment.ProcessId}] {name}: {text.ReplaceLineEndings(" ")}\n");
        lock (s_gate)
        {
            try
            {
                using FileStream output = new(new SafeFileHandle(2, ownsHandle: false), FileAccess.Write, bufferSize: 0);
                output.Write(line);
            }
            catch (IOException)
            {
                // Nobody reads the log any more: then there is nobody to tell it to.
            }
        }
    }
}
