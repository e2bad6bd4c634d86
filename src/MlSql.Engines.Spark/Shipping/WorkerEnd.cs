using System.Collections.Immutable;
using System.Text.RegularExpressions;
using MlSql.Columnar;
using MlSql.Engines.Spark.Connect.Errors;
using MlSql.Engines.Spark.Server;

namespace MlSql.Engines.Spark.Shipping;

/// <summary>Reads out of Spark's long text that a worker ended before its task did. What the worker says itself, it says with model and batch.</summary>
internal static partial class WorkerEnd
{
    /// <summary>The error to show in place of Spark's, or null when that is about something else.</summary>
    /// <param name="error">What the server says.</param>
    /// <param name="models">The models that the statement asks for.</param>
    public static CodedException? Explain(SparkException error, ImmutableArray<string> models)
    {
        if (!Crashed().IsMatch(error.FullText)) return null;
        Match lost = LostTask().Match(error.FullText);
        string place = lost.Success ? $"executor {lost.Groups["executor"].Value} at {lost.Groups["host"].Value}" : "an executor";
        string task = lost.Success ? $"task {lost.Groups["task"].Value} of stage {lost.Groups["stage"].Value}, try {(int.TryParse(lost.Groups["attempt"].ValueSpan, out int attempt) ? attempt : 0) + 1}" : "Spark names no task";
        return ServerErrors.WorkerEnded(place, task, models.IsEmpty ? "a function" : string.Join(", ", models));
    }

    [GeneratedRegex("""Lost task (?<task>\d+)\.(?<attempt>\d{1,9}) in stage (?<stage>\d+)\.\d+ \(TID \d+\) \((?<host>\S+) executor (?<executor>\S+)\)""")]
    private static partial Regex LostTask();

    // Mostly Spark says it in words; when it was just writing to the worker, or had just begun to read, all there is are the socket's own error and whose stack it broke.
    [GeneratedRegex(@"Python worker exited unexpectedly|java\.(?:io\.IOException|net\.SocketException): (?:Stream closed|Broken pipe|Connection reset)[^\n]*(?:\n\s+at [^\n]*)*?\n\s+at org\.apache\.spark\.(?:api|sql\.execution)\.python\.")]
    private static partial Regex Crashed();
}
