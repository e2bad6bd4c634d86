using System.Globalization;
using MlSql.Columnar;
using MlSql.Language;
using MlSql.Models.Store;
using MlSql.Planning;

namespace MlSql;

/// <summary>Makes the result of a statement that has run.</summary>
internal sealed class StatementFinish(ParseResult parsed, TimeProvider time, long started)
{
    private string Text => parsed.Statement!.Span.Of(parsed.Source);

    private TimeSpan Elapsed => time.GetElapsedTime(started);

    /// <summary>Rows to read; an error while they are read is turned into ours.</summary>
    public StatementResult Rows(EngineOutcome.Rows rows) => new(Text, "", Elapsed, rows.Schema, cancel => Guard(rows.Read(cancel)), rows.DisposeAsync);

    /// <summary>Rows that are all there.</summary>
    public StatementResult Rows(RecordBatch batch) => new(Text, "", Elapsed, batch.Schema, _ => Single(batch), null);

    /// <summary>No rows.</summary>
    public StatementResult Done(EngineOutcome.Done done) =>
        new(Text, done.RowsChanged is { } rows ? string.Create(CultureInfo.InvariantCulture, $"{rows:N0} {(rows == 1 ? "row" : "rows")}") : "", Elapsed, null, null, null) { RowsChanged = done.RowsChanged };

    /// <summary>One line on what was done.</summary>
    public StatementResult Done(string summary) => new(Text, summary, Elapsed, null, null, null);

    /// <summary>A model version was made.</summary>
    public StatementResult Trained(StoredVersion version)
    {
        var details = version.Details;
        string summary = string.Create(CultureInfo.InvariantCulture, $"Trained {version.ModelName} version {version.Version} ({details.Estimator}) on {details.Rows.Train:N0} rows")
            + (Iterations(details) is > 0 and var n ? string.Create(CultureInfo.InvariantCulture, $", {n} {(n == 1 ? "iteration" : "iterations")}") : "")
            + (details.Stopping is { } stopping ? string.Create(CultureInfo.InvariantCulture, $", {(stopping.Early ? "stopped early, " : "")}the best was iteration {stopping.BestIteration}") : "")
            + string.Create(CultureInfo.InvariantCulture, $", {details.Duration.TotalSeconds:0.00} s")
            + Metrics(details)
            + (details.Rows.Dropped > 0 ? string.Create(CultureInfo.InvariantCulture, $"; {details.Rows.Dropped:N0} rows without a label left out") : "");
        return new StatementResult(Text, summary, Elapsed, null, null, null)
        {
            Trained = new TrainedVersion(version.ModelName, version.Version, version.ContentHash, details.Rows.Train, details.Duration)
            {
                LearningCurve = [.. details.Iterations.Select(i => new LearningPoint(i.Iteration, i.Loss, i.EvalLoss))],
            },
        };
    }

    /// <summary>A model version came from a file.</summary>
    public StatementResult Imported(StoredVersion version) => Done(string.Create(CultureInfo.InvariantCulture,
        $"Imported {version.ModelName} version {version.Version} ({version.Details.Estimator}, {version.BlobSize:N0} bytes), {version.Details.Duration.TotalSeconds:0.00} s"));

    // Line 0 is the start, or the only one of a closed form.
    private static int Iterations(VersionDetails details) => details.Iterations is [.., var last] ? last.Iteration : 0;

    private static string Metrics(VersionDetails details)
    {
        string split = details.Metrics.Any(m => m.Split == "eval") ? "eval" : "train";
        string[] shown = ["roc_auc", "log_loss", "r2_score", "mean_squared_error"];
        var metrics = details.Metrics.Where(m => m.Split == split && shown.Contains(m.Metric) && m.Value is not null)
            .OrderBy(m => Array.IndexOf(shown, m.Metric))
            .Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Metric} {m.Value:0.####}"));
        string text = string.Join(", ", metrics);
        return text.Length == 0 ? "" : $"; {split} {text}";
    }

    private async IAsyncEnumerable<RecordBatch> Guard(IAsyncEnumerable<RecordBatch> batches)
    {
        await using var reader = batches.GetAsyncEnumerator();
        while (true)
        {
            try
            {
                if (!await reader.MoveNextAsync().ConfigureAwait(false)) yield break;
            }
            catch (CodedException e)
            {
                throw Failures.Of(parsed, e);
            }
            yield return reader.Current;
        }
    }

    private static async IAsyncEnumerable<RecordBatch> Single(RecordBatch batch)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        yield return batch;
    }
}
