using System.Collections.Immutable;
using System.Text.RegularExpressions;
using MlSql.Columnar;
using MlSql.Engines.Spark.Connect.Errors;
using MlSql.Engines.Spark.Server;

namespace MlSql.Engines.Spark.Shipping;

/// <summary>Reads out of Spark's long text where a worker ended before its task did, or where it failed one: Spark names executor and task, the worker model and batch.</summary>
internal static partial class WorkerEnd
{
    /// <summary>The error to show in place of Spark's, or null when that is not about a worker at work.</summary>
    /// <param name="error">What the server says.</param>
    /// <param name="models">The models that the statement asks for.</param>
    public static CodedException? Explain(SparkException error, ImmutableArray<string> models)
    {
        Match lost = LostTask().Match(error.FullText);
        string place = lost.Success ? $"executor {lost.Groups["executor"].Value} at {lost.Groups["host"].Value}" : "an executor";
        if (Crashed().IsMatch(error.FullText))
        {
            string task = lost.Success ? $"task {lost.Groups["task"].Value} of stage {lost.Groups["stage"].Value}, tried {(int.TryParse(lost.Groups["attempt"].ValueSpan, out int attempt) ? attempt : 0) + 1}×" : "task unknown";
            return ServerErrors.WorkerEnded(place, task, models.IsEmpty ? "a function" : string.Join(", ", models));
        }
        bool ownCode = !error.Code.StartsWith("MLS62", StringComparison.Ordinal);
        return ownCode && lost.Success ? error.With($"{error.Message}, on {place}") : null;
    }

    [GeneratedRegex("""Lost task (?<task>\d+)\.(?<attempt>\d{1,9}) in stage (?<stage>\d+)\.\d+ \(TID \d+\) \((?<host>\S+) executor (?<executor>\S+)\)""")]
    private static partial Regex LostTask();

    [GeneratedRegex("Python worker exited unexpectedly")]
    private static partial Regex Crashed();
}
