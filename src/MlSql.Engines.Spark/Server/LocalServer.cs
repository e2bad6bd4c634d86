using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using MlSql.Engines.Spark.Shipping;

namespace MlSql.Engines.Spark.Server;

/// <summary>A Spark Connect server of our own, on loopback behind a token, in a folder of its own. It ends with us, also when we are killed.</summary>
internal sealed class LocalServer : IDisposable, IAsyncDisposable
{
    private const string Started = "Spark Connect server started at: ";
    private const int LongestSocketFolder = 60;     // a socket's path has at most 108 bytes, and Spark adds a name of 41
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly TiedProcess _process;
    private readonly ServerLog _log;
    private readonly LocalServerOptions _options;
    private readonly long _started = Stopwatch.GetTimestamp();

    private LocalServer(TiedProcess process, LocalServerOptions options, string folder, string token)
    {
        (_process, _options, Folder, Token) = (process, options, folder, token);
        _log = new ServerLog(LogFile(folder));
    }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; private set; }

    /// <summary>What every call must carry as bearer token.</summary>
    public string Token { get; }

    /// <summary>The folder of its files; gone when the server is.</summary>
    public string Folder { get; }

    /// <summary>The worker to name as spark.sql.execution.pyspark.python: an absolute path, nothing is uploaded.</summary>
    public string Worker { get; private set; } = "";

    /// <summary>The id of the server's process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>False when the server ended by itself.</summary>
    public bool Runs => _process.ExitCode is null;

    /// <summary>The last lines of its log.</summary>
    public string LogTail => _log.Tail();

    /// <summary>Starts a server and blocks until it listens. Throws <see cref="Columnar.CodedException"/> MLS6304 to MLS6308.</summary>
    public static LocalServer Start(LocalServerOptions options, CancellationToken cancel)
    {
        var server = Launch(options);
        try
        {
            while (!server.Listens())
            {
                cancel.WaitHandle.WaitOne(Poll);
                cancel.ThrowIfCancellationRequested();
            }
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Starts a server; done when it listens. Throws <see cref="Columnar.CodedException"/> MLS6304 to MLS6308.</summary>
    public static async Task<LocalServer> StartAsync(LocalServerOptions options, CancellationToken cancel)
    {
        var server = Launch(options);
        try
        {
            while (!server.Listens()) await Task.Delay(Poll, cancel).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends the server and removes its folder.</summary>
    public void Dispose() => _process.Dispose();

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static LocalServer Launch(LocalServerOptions options)
    {
        if (OperatingSystem.IsWindows()) throw ServerErrors.NoShell();
        string folder = Directory.CreateTempSubdirectory("mlsql-spark").FullName;     // for its owner alone
        string token = RandomNumberGenerator.GetHexString(64, lowercase: true);
        LocalServer server;
        try
        {
            foreach (string name in (string[])["tmp", "local"]) Directory.CreateDirectory(Path.Combine(folder, name));
            File.WriteAllText(Path.Combine(folder, "log4j2.properties"), Logging);
            server = new(TiedProcess.Start(Command(options, folder), Environment(options, folder, token), LogFile(folder), folder, options.Grace), options, folder, token);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
        try
        {
            // The Java machine takes seconds to start; this takes a fraction of one meanwhile.
            server.Worker = InstalledWorker.Install(folder);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    private bool Listens()
    {
        if (_log.After(Started) is { } address)
        {
            Port = int.Parse(address.AsSpan(address.LastIndexOf(':') + 1), CultureInfo.InvariantCulture);
            return true;
        }
        if (_process.ExitCode is { } code) throw ServerErrors.Ended(code, _log.Tail());
        if (Stopwatch.GetElapsedTime(_started) > _options.Deadline) throw ServerErrors.Late(_options.Deadline, _log.Tail());
        return false;
    }

    private static string LogFile(string folder) => Path.Combine(folder, "server.log");

    private static List<string> Command(LocalServerOptions options, string folder)
    {
        string threads = options.Threads?.ToString(CultureInfo.InvariantCulture) ?? "*";
        List<string> command = [options.Home.Submit, "--master", $"local[{threads}]", "--name", "mlsql"];
        if (options.Memory is { } bytes) command.AddRange(["--driver-memory", Megabytes(bytes)]);
        Dictionary<string, string> settings = new()
        {
            ["spark.connect.grpc.binding.address"] = "127.0.0.1",
            ["spark.connect.grpc.binding.port"] = "0",
            ["spark.driver.host"] = "127.0.0.1",
            ["spark.driver.bindAddress"] = "127.0.0.1",
            ["spark.ui.enabled"] = "false",
            ["spark.log.structuredLogging.enabled"] = "false",
            ["spark.sql.warehouse.dir"] = Path.Combine(folder, "warehouse"),
            ["spark.sql.execution.arrow.compression.codec"] = "none",
        };
        if (folder.Length <= LongestSocketFolder)
        {
            // Spares each task the loopback's port and secret; both sides live in one machine and under one user.
            settings["spark.python.unix.domain.socket.enabled"] = "true";
            settings["spark.python.unix.domain.socket.dir"] = folder;
        }
        foreach (var (name, value) in options.Settings) settings[name] = value;
        foreach (var (name, value) in settings) command.AddRange(["--conf", $"{name}={value}"]);
        command.AddRange(["--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal"]);
        return command;
    }

    private static Dictionary<string, string> Environment(LocalServerOptions options, string folder, string token)
    {
        Dictionary<string, string> environment = [];
        foreach (DictionaryEntry variable in System.Environment.GetEnvironmentVariables()) environment[(string)variable.Key] = (string?)variable.Value ?? "";
        // These would make spark-submit a client of another server.
        foreach (string name in (string[])["SPARK_REMOTE", "SPARK_CONNECT_MODE", "SPARK_API_MODE", "MASTER"]) environment.Remove(name);
        environment["SPARK_HOME"] = options.Home.Path;
        environment["SPARK_CONNECT_AUTHENTICATE_TOKEN"] = token;
        environment["SPARK_LOCAL_IP"] = "127.0.0.1";
        environment["SPARK_LOCAL_DIRS"] = Path.Combine(folder, "local");
        // Stands above --driver-memory for this server.
        if (options.Memory is not null) environment.Remove("SPARK_DAEMON_MEMORY");
        // Weaker than a setting of the user's.
        environment.TryAdd("SPARK_DRIVER_MEMORY", Megabytes(Math.Max(1L << 30, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4)));
        string java = $"\"-Djava.io.tmpdir={folder}/tmp\" \"-Dderby.system.home={folder}\" \"-Dlog4j2.configurationFile=file:{folder}/log4j2.properties\"";
        environment["SPARK_SUBMIT_OPTS"] = environment.TryGetValue("SPARK_SUBMIT_OPTS", out string? theirs) ? $"{theirs} {java}" : java;
        return environment;
    }

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(512, bytes >> 20)}m");

    // Warnings, and the one line that says where the server listens.
    private const string Logging = """
        status = error
        rootLogger.level = warn
        rootLogger.appenderRef.out.ref = out
        appender.out.type = Console
        appender.out.name = out
        appender.out.target = SYSTEM_ERR
        appender.out.layout.type = PatternLayout
        appender.out.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n%ex
        logger.start.name = org.apache.spark.sql.connect.service.SparkConnectServer
        logger.start.level = info
        """;
}
