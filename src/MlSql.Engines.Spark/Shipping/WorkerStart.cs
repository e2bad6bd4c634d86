using System.Globalization;
using System.Text.RegularExpressions;
using MlSql.Columnar;
using MlSql.Engines.Spark.Server;

namespace MlSql.Engines.Spark.Shipping;

/// <summary>Reads out of Spark's long text why an executor could not start the worker.</summary>
internal static partial class WorkerStart
{
    private const int NotFound = 2, NotExecutable = 8, AccessDenied = 13;

    /// <summary>The error to show in place of one of Spark's with this text, or null when that is about something else.</summary>
    /// <param name="message">What the server says.</param>
    /// <param name="worker">What executors were told to start.</param>
    public static CodedException? Explain(string message, string worker)
    {
        if (Refused().Match(message) is { Success: true } refused && refused.Groups["program"].Value == worker)
        {
            string? reason = Reason(int.Parse(refused.Groups["code"].Value, CultureInfo.InvariantCulture));
            return reason is null ? null : ServerErrors.WorkerDoesNotStart(worker, reason);
        }
        // What is no program of the executor's machine is read as a script there, and complained about with bytes that are no text; Spark reads nothing else of a worker as text.
        if (message.Contains("java.nio.charset.MalformedInputException", StringComparison.Ordinal)) return ServerErrors.WorkerDoesNotStart(worker, Reason(NotExecutable)!);
        if (!message.Contains("Error from python worker", StringComparison.Ordinal)) return null;
        if (message.Contains("MlSql's worker was not unpacked", StringComparison.Ordinal)) return ServerErrors.WorkerDoesNotStart(worker, "it could not be unpacked, for want of room or of gzip");
        if (Library().Match(message) is { Success: true } library) return ServerErrors.WorkerDoesNotStart(worker, library.Value);
        return Script().IsMatch(message) ? ServerErrors.WorkerDoesNotStart(worker, Reason(NotExecutable)!) : null;
    }

    /// <summary>What the system means by refusing to start a program, or null for a reason that has nothing to do with the program.</summary>
    public static string? Reason(int code) => code switch
    {
        NotFound => "its file is not in the working directory, or the machine lacks what it is linked with",
        NotExecutable => "it is made for another architecture",
        AccessDenied => "programs may not be started from its folder (noexec)",
        _ => null,
    };

    [GeneratedRegex("""Cannot run program "(?<program>[^"]+)"[^:]*: (?:Exec failed, )?error[=:] ?(?<code>\d+)""")]
    private static partial Regex Refused();

    [GeneratedRegex("""version `GLIBC[^']*' not found|lib[\w.+-]+: cannot open shared object file""")]
    private static partial Regex Library();

    [GeneratedRegex("""/worker: \d+: |/worker: line \d+: |cannot execute binary file|Exec format error""")]
    private static partial Regex Script();
}
