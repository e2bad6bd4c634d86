using System.Diagnostics;
using System.Security.Cryptography;
using MlSql.Engines.Spark.Server;

namespace MlSql.SparkTests.Rig;

/// <summary>
/// A standalone cluster on loopback: a master, two workers of one core each, and a Spark Connect server as its application. Its processes know nothing of us: their environment holds a PATH to
/// Java and to the tools that Spark's scripts need, and no folder with .NET in it.
/// </summary>
internal sealed class Cluster : IDisposable
{
    private static readonly string[] Tools =
        ["sh", "bash", "env", "dirname", "basename", "cat", "chmod", "cp", "cut", "grep", "gzip", "head", "hostname", "id", "ln", "ls", "mkdir", "mv", "nice", "ps", "pwd", "readlink", "rm", "sed", "sleep", "tail", "tar", "tr", "uname", "whoami"];

    private readonly List<TiedProcess> _processes = [];
    private readonly SparkHome _home;
    private readonly CancellationToken _cancel;

    private Cluster(SparkHome home, CancellationToken cancel)
    {
        (_home, _cancel) = (home, cancel);
        Folder = Directory.CreateTempSubdirectory("mlsql-cluster").FullName;
    }

    /// <summary>The port of the Spark Connect server on 127.0.0.1.</summary>
    public int Port { get; private set; }

    public string Token { get; } = RandomNumberGenerator.GetHexString(64, lowercase: true);

    /// <summary>Everything that the cluster writes. The workers' folders are worker1 and worker2.</summary>
    public string Folder { get; }

    /// <summary>Master, two workers, server.</summary>
    public IEnumerable<int> ProcessIds => _processes.Select(p => p.Id);

    public static Cluster Start(SparkHome home, CancellationToken cancel)
    {
        long started = Stopwatch.GetTimestamp();
        Cluster cluster = new(home, cancel);
        try
        {
            cluster.MakeTools();
            string master = cluster.Run("master", "Starting Spark master at ", home.Class, "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0");
            foreach (string name in (string[])["worker1", "worker2"])
                cluster.Launch(name, home.Class, "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--webui-port", "0", "--cores", "1", "--memory", "2g", "--work-dir", Path.Combine(cluster.Folder, name), master);
            string address = cluster.Run("server", "Spark Connect server started at: ", [home.Submit, "--master", master, "--driver-memory", "1g", "--executor-memory", "1g", .. ServerSettings(), "--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal"]);
            cluster.Port = int.Parse(address.AsSpan(address.LastIndexOf(':') + 1), System.Globalization.CultureInfo.InvariantCulture);
            TestContext.Progress.WriteLine($"cluster: {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s to start");
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>Ends the server first, the master last.</summary>
    public void Dispose()
    {
        foreach (var process in Enumerable.Reverse(_processes)) process.Dispose();
        if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
    }

    public string Log(string name) => new ServerLog(Path.Combine(Folder, name + ".log")).Tail();

    private static IEnumerable<string> ServerSettings()
    {
        string[] settings =
        [
            "spark.connect.grpc.binding.address=127.0.0.1", "spark.connect.grpc.binding.port=0", "spark.driver.host=127.0.0.1", "spark.driver.bindAddress=127.0.0.1", "spark.ui.enabled=false",
            "spark.log.structuredLogging.enabled=false",
        ];
        return settings.SelectMany(s => (string[])["--conf", s]);
    }

    private void MakeTools()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        string tools = Directory.CreateDirectory(Path.Combine(Folder, "bin")).FullName;
        foreach (string tool in Tools)
            if (Array.Find(folders, f => File.Exists(Path.Combine(f, tool))) is { } folder) File.CreateSymbolicLink(Path.Combine(tools, tool), Path.Combine(folder, tool));
        foreach (string name in (string[])["home", "tmp", "local", "conf"]) Directory.CreateDirectory(Path.Combine(Folder, name));
    }

    // The root folder of a Java machine: of JAVA_HOME, or of the java that the PATH leads to.
    private static string JavaHome()
    {
        if (Environment.GetEnvironmentVariable("JAVA_HOME") is { Length: > 0 } home) return home;
        string java = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(f => Path.Combine(f, "java")).First(File.Exists);
        string real = File.ResolveLinkTarget(java, returnFinalTarget: true)?.FullName ?? java;
        return Path.GetDirectoryName(Path.GetDirectoryName(real))!;
    }

    private string Run(string name, string phrase, params string[] command)
    {
        long started = Stopwatch.GetTimestamp();
        var process = Launch(name, command);
        ServerLog log = new(Path.Combine(Folder, name + ".log"));
        while (true)
        {
            if (log.After(phrase) is { } rest) return rest;
            if (process.ExitCode is { } code) throw new InvalidOperationException($"{name} ended with {code}:\n{log.Tail()}");
            if (Stopwatch.GetElapsedTime(started) > SparkRig.Deadline) throw new TimeoutException($"{name} did not say \"{phrase}\":\n{log.Tail()}");
            _cancel.WaitHandle.WaitOne(50);
            _cancel.ThrowIfCancellationRequested();
        }
    }

    private TiedProcess Launch(string name, params string[] command)
    {
        Dictionary<string, string> environment = new()
        {
            ["PATH"] = Path.Combine(Folder, "bin"),
            ["JAVA_HOME"] = JavaHome(),
            ["HOME"] = Path.Combine(Folder, "home"),
            ["SPARK_HOME"] = _home.Path,
            ["SPARK_CONF_DIR"] = Path.Combine(Folder, "conf"),
            ["SPARK_LOCAL_IP"] = "127.0.0.1",
            ["SPARK_LOCAL_DIRS"] = Path.Combine(Folder, "local"),
            ["SPARK_NO_DAEMONIZE"] = "1",
            ["SPARK_DAEMON_JAVA_OPTS"] = $"-Djava.io.tmpdir={Folder}/tmp -XX:+UseSerialGC -XX:TieredStopAtLevel=1",
            ["SPARK_SUBMIT_OPTS"] = $"-Djava.io.tmpdir={Folder}/tmp -Dderby.system.home={Folder}",
        };
        if (name == "server") environment["SPARK_CONNECT_AUTHENTICATE_TOKEN"] = Token;
        else environment["SPARK_DAEMON_MEMORY"] = "256m";
        // The last to end removes the folder when the run is killed; the others may still write.
        var process = TiedProcess.Start(command, environment, Path.Combine(Folder, name + ".log"), name == "master" ? Folder : null, TimeSpan.FromSeconds(name == "master" ? 10 : 5));
        _processes.Add(process);
        return process;
    }
}
