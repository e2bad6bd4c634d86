using MlSql.Engines.Spark.Connect;
using MlSql.Engines.Spark.Server;

namespace MlSql.Engines.Spark.Shipping;

/// <summary>
/// Gets the worker to where a session's tasks run, once, before the first function: to a server of our own by its path, to any other as an archive of the session, named by its content, so that executors unpack and start it once for all sessions.
/// </summary>
internal sealed class WorkerShipment(SparkSession session, LocalServer? own)
{
    private const string Executable = "spark.sql.execution.pyspark.python";
    // Where the worker looks for the Python of the session's other functions.
    private const string FormerExecutable = "spark.mlsql.python";
    // What clusters run; other platforms are shipped by setting the build's WorkerRuntimes and this variable.
    private static readonly string s_runtime = Environment.GetEnvironmentVariable("MLSQL_WORKER_RUNTIME") is { Length: > 0 } set ? set : "linux-x64";
    private bool _workerSent, _onnxSent;

    /// <summary>Sends what is not there yet.</summary>
    public async Task SendAsync(bool needsOnnxRuntime, CancellationToken cancel)
    {
        // Links to the libraries lie beside the worker of our own server.
        if (needsOnnxRuntime && !_onnxSent && own is null)
        {
            var onnx = ShippedArchive.OnnxRuntime(s_runtime);
            await session.Artifacts.AddAsync(Name(onnx), ArtifactSource.File(onnx.Path), cancel).ConfigureAwait(false);
            _onnxSent = true;
        }
        if (_workerSent) return;
        string python = await session.Settings.GetAsync(Executable, cancel).ConfigureAwait(false) ?? "python3";
        string worker = own?.Worker ?? await UploadAsync(cancel).ConfigureAwait(false);
        await session.Settings.SetAsync([new(FormerExecutable, python), new(Executable, worker)], lenient: false, cancel).ConfigureAwait(false);
        _workerSent = true;
    }

    private async Task<string> UploadAsync(CancellationToken cancel)
    {
        var worker = ShippedArchive.Worker(s_runtime);
        await session.Artifacts.AddAsync(Name(worker), ArtifactSource.File(worker.Path), cancel).ConfigureAwait(false);
        return worker.Executable;
    }

    private static string Name(ShippedArchive archive) => $"archives/{archive.Alias}.tar.gz#{archive.Alias}";
}
