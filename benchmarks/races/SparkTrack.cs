using MlSql.Engines.Spark.Server;

namespace MlSql.Races;

/// <summary>What the races on Spark share: one server, a session of each side that stays open, and the rows. Made when the first race runs.</summary>
/// <param name="local">A session without Spark, which makes rows and models.</param>
/// <param name="models">The folder of its models.</param>
/// <param name="peer">Python.</param>
/// <param name="folder">For files.</param>
/// <param name="rows">Rows of the linear model.</param>
internal sealed class SparkTrack(MlSqlSession local, string models, Peer? peer, string folder, int rows) : IAsyncDisposable
{
    /// <summary>The graph of the fixtures that runs in the worker.</summary>
    public const string Graph = "bench_gbdt_higgs_like";

    // Rows behind those that the model of the graph was trained on.
    private const long FirstGraphRow = 5_000_000;
    private readonly Lazy<(SparkHome? Home, string? Missing)> _spark = new(SparkHost.Find);
    private SparkRig? _rig;

    /// <summary>Why nothing can be raced here, or null.</summary>
    public string? Missing => peer is null ? Peer.Missing : _spark.Value.Missing;

    /// <summary>Where the graph is.</summary>
    public static string GraphFile => SharedFolder.Path("fixtures", "models", Graph, "model.onnx");

    public static string[] GraphColumns => GraphRace.ColumnsOf(Path.GetDirectoryName(GraphFile)!);

    /// <summary>Rows of the linear model; there once the rig is.</summary>
    public string LinearRows => Path.Combine(folder, "rows.parquet");

    /// <summary>The linear model as ONNX.</summary>
    public string LinearFile => Path.Combine(folder, "linear.onnx");

    /// <summary>Rows of the graph.</summary>
    public string GraphRows => Path.Combine(folder, Graph + ".parquet");

    /// <summary>Rows to race over.</summary>
    public int Rows => rows;

    public async Task<SparkRig> RigAsync(CancellationToken cancel)
    {
        if (_rig is not null) return _rig;
        Directory.CreateDirectory(folder);
        var data = await RaceData.MakeAsync(local, folder, rows, cancel);
        await local.ExecuteAsync($"TRAIN spark_linear USING logistic_regression (l2_reg = 1e-6) LABEL y AS SELECT {string.Join(", ", RaceData.Names)}, y FROM '{data.Path}' LIMIT 100000; EXPORT MODEL spark_linear TO '{LinearFile}'", cancel);
        if (File.Exists(GraphFile))
        {
            await HiggsRows.ViewAsync(local, FirstGraphRow, rows, cancel);
            await local.ExecuteAsync($"COPY (SELECT row_id AS i, {string.Join(", ", GraphColumns)} FROM higgs_like) TO '{GraphRows}' (FORMAT parquet)", cancel);
            await local.ExecuteAsync($"IMPORT MODEL spark_graph FROM '{GraphFile}' INPUT (X FROM ({string.Join(", ", GraphColumns)}))", cancel);
        }
        var host = await SparkHost.StartAsync(_spark.Value.Home!, peer!, folder, cancel);
        return _rig = await SparkRig.OpenAsync(host, peer!, models, cancel);
    }

    public ValueTask DisposeAsync() => _rig?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>A server, and sessions of both sides on it.</summary>
internal sealed record SparkRig(SparkHost Host, SparkPeer Peer, SparkSide Predict, SparkSide NoOp, string Models) : IAsyncDisposable
{
    /// <summary>Takes over the server.</summary>
    public static async Task<SparkRig> OpenAsync(SparkHost host, Peer peer, string models, CancellationToken cancel)
    {
        try
        {
            var predict = await PredictSide.OpenAsync(host, models, cancel);
            return new(host, SparkPeer.Start(peer, host), predict, await NoOpSide.OpenAsync(host, floats: true, cancel), models);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Peer.DisposeAsync();
        await NoOp.DisposeAsync();
        await Predict.DisposeAsync();
        await Host.DisposeAsync();
    }
}
