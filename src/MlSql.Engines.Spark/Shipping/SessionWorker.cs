using MlSql.Engines.Spark.Connect;

namespace MlSql.Engines.Spark.Shipping;

/// <summary>Puts the worker in the place of Python, for one session.</summary>
internal static class SessionWorker
{
    private const string Executable = "spark.sql.execution.pyspark.python";
    private const string Python = "spark.mlsql.python";     // what the worker hands functions to that are not ours
    private const string Isolation = "spark.sql.artifact.isolation.enabled";
    private const string Compression = "spark.sql.execution.arrow.compression.codec";

    /// <summary>For a server that this process did not start, also on this machine: a session as <see cref="BeginAsync"/> gives it, with the worker uploaded for executors to start from their working directory.</summary>
    public static async Task<SparkSession> ShipAsync(SparkSession opened, string runtime, CancellationToken cancel)
    {
        var session = await BeginAsync(opened, cancel).ConfigureAwait(false);
        await SendAsync(session, runtime, cancel).ConfigureAwait(false);
        return session;
    }

    /// <summary>
    /// A session that takes the place of <paramref name="opened"/>, whose uploads are not isolated: so they reach streams as well, and one worker an executor serves all sessions. That setting only holds for a session that was made with it.
    /// <paramref name="opened"/> itself where the server runs its tasks by itself (local[*]): what is not isolated is unpacked elsewhere than where they run then.
    /// </summary>
    public static async Task<SparkSession> BeginAsync(SparkSession opened, CancellationToken cancel)
    {
        string? master = await opened.Settings.GetAsync("spark.master", cancel).ConfigureAwait(false);
        return master?.StartsWith("local", StringComparison.Ordinal) == true ? opened : await opened.BeginAgainAsync([new(Isolation, "false")], cancel).ConfigureAwait(false);
    }

    /// <summary>Uploads the worker and has executors start it from their working directory. Gives its path there.</summary>
    public static async Task<string> SendAsync(SparkSession session, string runtime, CancellationToken cancel)
    {
        var packed = ShippedFile.Worker(runtime);
        string worker = $"./{await session.Artifacts.AddPackedAsync(packed.Path, packed.Stem, cancel).ConfigureAwait(false)}";
        await UseAsync(session, worker, cancel).ConfigureAwait(false);
        return worker;
    }

    /// <summary>For a server of our own: executors start the worker from a path of this machine.</summary>
    public static async Task UseAsync(SparkSession session, string worker, CancellationToken cancel)
    {
        string? theirs = await session.Settings.GetAsync(Executable, cancel).ConfigureAwait(false);
        await session.Settings.SetAsync([new(Python, string.IsNullOrEmpty(theirs) ? "python3" : theirs), new(Executable, worker), new(Compression, "none")], lenient: true, cancel).ConfigureAwait(false);
    }

    /// <summary>Uploads ONNX Runtime beside a worker that was shipped, for models that need it; once a session. The worker unpacks it.</summary>
    public static Task ShipOnnxRuntimeAsync(SparkSession session, string runtime, CancellationToken cancel)
    {
        var packed = ShippedFile.OnnxRuntime(runtime);
        return session.Artifacts.AddPackedAsync(packed.Path, packed.Stem, cancel);
    }
}
