using MlSql.Columnar;
using MlSql.Engines.Spark.Connect;
using MlSql.Engines.Spark.Connect.Errors;
using MlSql.Engines.Spark.Server;

namespace MlSql.Engines.Spark.Shipping;

/// <summary>Gets the worker to where a session's tasks run, once, before the first function: to a server of our own by its path, to any other as a file of the session.</summary>
internal sealed class WorkerShipment(SparkSession session, LocalServer? own)
{
    // What clusters run; the files for other platforms are made by the build's WorkerRuntimes.
    public static readonly string Runtime = Environment.GetEnvironmentVariable("MLSQL_WORKER_RUNTIME") is { Length: > 0 } set ? set : "linux-x64";
    private string? _worker;
    private bool _onnxSent;

    /// <summary>Sends what is not there yet, side by side.</summary>
    public async Task SendAsync(bool needsOnnxRuntime, CancellationToken cancel)
    {
        bool sendsOnnx = needsOnnxRuntime && !_onnxSent && own is null;
        await Task.WhenAll(SendWorkerAsync(cancel), sendsOnnx ? SessionWorker.ShipOnnxRuntimeAsync(session, Runtime, cancel) : Task.CompletedTask).ConfigureAwait(false);
        _onnxSent |= needsOnnxRuntime;
    }

    /// <summary>What an error of Spark's is about, where it is about a worker that does not start; else the error itself.</summary>
    public CodedException Explain(SparkException error) => _worker is null ? error : WorkerStart.Explain(error.FullText, _worker) ?? error;

    private async Task SendWorkerAsync(CancellationToken cancel)
    {
        if (_worker is not null) return;
        if (own is not null) await SessionWorker.UseAsync(session, own.Worker, cancel).ConfigureAwait(false);
        _worker = own?.Worker ?? await SessionWorker.SendAsync(session, Runtime, cancel).ConfigureAwait(false);
    }
}
