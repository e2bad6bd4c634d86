using System.Diagnostics;
using System.Globalization;
using MlSql.Columnar;
using MlSql.Engines.Spark.Server;

namespace MlSql.Races;

/// <summary>The server that both sides of a race use: one machine, two tasks at a time, the sockets that Spark has by default, Python and our worker within its reach.</summary>
internal sealed class SparkHost : IAsyncDisposable
{
    /// <summary>Tasks at a time.</summary>
    public const int Threads = 2;

    private readonly LocalServer _server;

    private SparkHost(LocalServer server, string folder, string pythonPath) => (_server, Folder, PythonPath) = (server, folder, pythonPath);

    /// <summary>The races' own folder.</summary>
    public string Folder { get; }

    /// <summary>Where Python finds PySpark, the peers' packages and the peers' functions.</summary>
    public string PythonPath { get; }

    /// <summary>What the server and its workers have used so far.</summary>
    public ServerTime Time => ServerTime.Of(_server.ProcessId);

    /// <summary>Where a Spark is, or why there is none to race on.</summary>
    public static (SparkHome? Home, string? Missing) Find()
    {
        if (!OperatingSystem.IsLinux()) return (null, "processor times of workers are read from Linux's /proc");
        try
        {
            string? path = Environment.GetEnvironmentVariable("SPARK_HOME") is { Length: > 0 } set ? set : SharedFolder.Ask("spark", "spark-home.sh");
            return path is null ? (null, "SPARK_HOME is not set and there is no ../shared/spark") : (SparkHome.Check(path, Environment.GetEnvironmentVariable), null);
        }
        catch (CodedException e)
        {
            return (null, e.Message);
        }
    }

    /// <summary>Starts the server.</summary>
    public static async Task<SparkHost> StartAsync(SparkHome home, Peer peer, string folder, CancellationToken cancel)
    {
        string path = string.Join(Path.PathSeparator, [.. Directory.GetFiles(Path.Combine(home.Path, "python", "lib"), "*.zip"), Peer.Scripts, peer.Packages]);
        // The server hands its environment on to the Python workers.
        Environment.SetEnvironmentVariable("PYTHONPATH", path);
        Environment.SetEnvironmentVariable("PYSPARK_PYTHON", peer.Python);
        Environment.SetEnvironmentVariable("ORT_DISABLE_TELEMETRY", "1");
        // As Spark comes, and as clusters are: a server of our own would choose Unix sockets, which spare Python workers the 40 ms that a small task loses on TCP.
        KeyValuePair<string, string>[] stock = [new("spark.python.unix.domain.socket.enabled", "false")];
        var server = await LocalServer.StartAsync(new LocalServerOptions { Home = home, Threads = Threads, Deadline = TimeSpan.FromMinutes(3), Settings = stock }, cancel);
        return new(server, folder, path);
    }

    /// <summary>The server's address, by one of this machine's names.</summary>
    public string Address(string name = "127.0.0.1") => string.Create(CultureInfo.InvariantCulture, $"sc://{name}:{_server.Port}/;token={_server.Token}");

    /// <summary>Wall time of work of ours, with what the server and its workers use meanwhile.</summary>
    public async Task<Timing> TimeAsync(Func<Task> work)
    {
        var before = Time;
        long start = Stopwatch.GetTimestamp();
        await work();
        double wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var (java, workers) = Time.Since(before);
        return new(wall, java + workers);
    }

    /// <summary>The wall time that the peer reports, with what the server and its workers use meanwhile.</summary>
    public async Task<Timing> TimeAsync(Func<Task<double>> work)
    {
        var before = Time;
        double wall = await work();
        var (java, workers) = Time.Since(before);
        return new(wall, java + workers);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
