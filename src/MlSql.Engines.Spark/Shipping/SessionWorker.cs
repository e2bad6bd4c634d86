using MlSql.Engines.Spark.Connect;

namespace MlSql.Engines.Spark.Shipping;

/// <summary>Puts the worker in the place of Python, for one session.</summary>
internal static class SessionWorker
{
    private const string Executable = "spark.sql.execution.pyspark.python";
    private const string Python = "spark.mlsql.python";     // what the worker hands functions to that are not ours
    private const string Isolation = "spark.sql.artifact.isolation.enabled";
    private const string Compression = "spark.sql.execution.arrow.compression.codec";

    /// <summary>
    /// For a server that this process did not start, also on this machine: uploads the worker and lets executors start it from their working directory. Must come before any other upload of the session:
    /// what is uploaded without isolation reaches streams as well, and one worker an executor serves all sessions.
    /// </summary>
    public static async Task ShipAsync(SparkSession session, string runtime, CancellationToken cancel)
    {
        var archive = ShippedArchive.Worker(runtime);
        await session.Settings.SetAsync(Isolation, "false", cancel).ConfigureAwait(false);
        string folder = await session.Artifacts.AddArchiveAsync(archive.Path, archive.Stem, cancel).ConfigureAwait(false);
        await UseAsync(session, $"./{folder}/worker", cancel).ConfigureAwait(false);
    }

    /// <summary>For a server of our own: executors start the worker from a path of this machine.</summary>
    public static async Task UseAsync(SparkSession session, string worker, CancellationToken cancel)
    {
        string? theirs = await session.Settings.GetAsync(Executable, cancel).ConfigureAwait(false);
        await session.Settings.SetAsync([new(Python, string.IsNullOrEmpty(theirs) ? "python3" : theirs), new(Executable, worker), new(Compression, "none")], lenient: true, cancel).ConfigureAwait(false);
    }

    /// <summary>Uploads ONNX Runtime beside a worker that was shipped, for models that need it; once a session.</summary>
    public static Task ShipOnnxRuntimeAsync(SparkSession session, string runtime, CancellationToken cancel)
    {
        var archive = ShippedArchive.OnnxRuntime(runtime);
        return session.Artifacts.AddArchiveAsync(archive.Path, archive.Stem, cancel);
    }
}
