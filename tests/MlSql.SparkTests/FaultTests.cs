using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using MlSql.Engines.Spark.Connect;
using MlSql.Engines.Spark.Connect.Transport;
using MlSql.Engines.Spark.Server;
using MlSql.SparkTests.Rig;

namespace MlSql.SparkTests;

/// <summary>What breaks while a query runs: all rows once, or an error that says what and where.</summary>
[UnsupportedOSPlatform("windows")]
public class FaultTests
{
    private const int Rows = 240_000;

    // Eight tasks of three batches and some seconds each: a row in 5,000 takes its time, so that there is a middle to break something in.
    private static readonly string Slow = $"range(0, {Rows}, 1, 8) WHERE java_method('java.lang.Thread', 'sleep', CASE WHEN id % 5000 = 0 THEN 250L ELSE 0L END) IS NOT NULL OR id >= 0";
    private const string Quick = "range(0, 1000, 1, 8)";

    private string _models = "";

    [SetUp]
    public void Prepare() => _models = Directory.CreateTempSubdirectory("mlsql-faults").FullName;

    [TearDown]
    public void CleanUp() => Directory.Delete(_models, recursive: true);

    [Test]
    [CancelAfter(180_000)]
    public async Task Workers_of_a_cluster_that_are_killed_cost_no_row_and_double_none(CancellationToken cancel)
    {
        var cluster = SparkRig.Cluster();
        await using var session = await OpenAsync(Address(cluster.Port, cluster.Token), cancel);
        await TrainAsync(session, cancel);
        List<int> killed = [];

        var (rows, distinct) = await ScoreAsync(session, Slow, batch => { if (batch < 2) killed.Add(KillWorker(cluster.ProcessIds)); }, cancel);

        Assert.That(killed.Where(k => k > 0).Distinct().Count(), Is.EqualTo(2), "workers were killed in the middle");
        Assert.That((rows, distinct), Is.EqualTo((Rows, Rows)));
    }

    // From outside, and as a fault in native code ends it.
    [TestCase("KILL")]
    [TestCase("SEGV")]
    [CancelAfter(180_000)]
    public async Task A_worker_that_is_killed_where_nothing_is_tried_twice_is_an_error_that_names_executor_and_model(string signal, CancellationToken cancel)
    {
        var server = SparkRig.Server();
        await using var session = await OpenAsync(Address(server.Port, server.Token), cancel);
        await TrainAsync(session, cancel);
        int killed = 0;

        var error = Assert.CatchAsync<MlSqlException>(() => ScoreAsync(session, Slow, batch => { if (batch == 0) killed = KillWorkers([server.ProcessId], signal); }, cancel))!;

        TestContext.Out.WriteLine(error.Text);
        Assert.That(killed, Is.Positive);
        Assert.That((error.Code, error.Kind), Is.EqualTo(("MLS6309", FailureKind.Statement)), error.Message);
        Assert.That(error.Message, Does.Contain("executor driver").And.Contain("dated version 1").And.Match("task [0-9]+ of stage [0-9]+"));
        // The session works on, with a new worker.
        Assert.That(await ScoreAsync(session, Quick, null, cancel), Is.EqualTo((1_000, 1_000)));
    }

    [Test]
    [CancelAfter(180_000)]
    public async Task Connections_that_are_cut_cost_no_row_and_double_none(CancellationToken cancel)
    {
        var server = SparkRig.Server();
        using CutProxy proxy = new(server.Port);
        await using var session = await OpenAsync(Address(proxy.Port, server.Token), cancel);
        await TrainAsync(session, cancel);
        proxy.CutEvery(bytes: 300_000, times: 3);

        var (rows, distinct) = await ScoreAsync(session, Slow, null, cancel);

        Assert.That(proxy.CutsLeft, Is.Zero, "there was enough to cut");
        Assert.That((rows, distinct), Is.EqualTo((Rows, Rows)));
        // Between statements too.
        Assert.That(proxy.Cut(), Is.Positive);
        Assert.That(await ScoreAsync(session, Quick, null, cancel), Is.EqualTo((1_000, 1_000)));
    }

    [Test]
    [CancelAfter(180_000)]
    public async Task A_model_that_is_missing_on_an_executor_is_named(CancellationToken cancel)
    {
        var cluster = SparkRig.Cluster();
        string[] before = ModelsOf(cluster);
        await using var session = await OpenAsync(Address(cluster.Port, cluster.Token), cancel);
        // Another model than that of the other tests, whose files are on the executors.
        await TrainAsync(session, cancel, classes: 11);
        Assert.That(await ScoreAsync(session, Quick, null, cancel), Is.EqualTo((1_000, 1_000)));
        // Gone from the executors, and with the workers that hold it in memory.
        string[] files = [.. ModelsOf(cluster).Except(before)];
        string hash = files.Select(f => Path.GetFileNameWithoutExtension(f)).Distinct().Single();
        foreach (string file in files) File.Delete(file);
        while (KillWorker(cluster.ProcessIds) > 0) { }

        var error = Assert.CatchAsync<MlSqlException>(() => ScoreAsync(session, Quick, null, cancel))!;

        TestContext.Out.WriteLine(error.Text);
        Assert.That((error.Code, error.Kind), Is.EqualTo(("MLS4307", FailureKind.Statement)), error.Text);
        Assert.That(error.Message, Does.Contain(hash).And.Contain("dated version 1").And.Contain("partition"));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_session_that_the_server_has_closed_is_lost(CancellationToken cancel)
    {
        var server = SparkRig.Server();
        Guid id = Guid.NewGuid();
        string address = Address(server.Port, server.Token);
        await using var session = await OpenAsync($"{address};session_id={id:D}", cancel);
        await ScalarAsync(session, cancel);
        var connection = ConnectionString.Parse(address);
        using (GrpcChannel channel = new(connection, TimeSpan.FromSeconds(10))) await new SessionCalls(channel, connection, id, RetryPolicy.Default).ReleaseSessionAsync(cancel);

        Stopwatch watch = Stopwatch.StartNew();
        var error = Assert.CatchAsync<MlSqlException>(() => ScalarAsync(session, cancel))!;
        Assert.That((error.Code, error.Kind), Is.EqualTo(("MLS6209", FailureKind.Connection)), error.Text);
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)), "what is lost is not waited for");
    }

    [Test]
    [CancelAfter(180_000)]
    public async Task A_server_that_is_killed_is_waited_for_half_a_minute_and_no_longer(CancellationToken cancel)
    {
        var server = await LocalServer.StartAsync(new() { Home = SparkRig.Home(), Threads = 2, Memory = 512 << 20, Deadline = SparkRig.Deadline }, cancel);
        await using var _ = server;
        await using var session = await OpenAsync(Address(server.Port, server.Token), cancel);
        await using var result = await session.QueryAsync("SELECT count(*) AS n FROM range(0, 1000000000000, 1, 8) WHERE hash(id) = 42", cancel);
        var reading = ReadAllAsync(result, cancel);
        await Task.Delay(2_000, cancel);
        Assert.That(reading.IsCompleted, Is.False);

        int[] java = [.. Processes.Tree(server.ProcessId).Where(p => Processes.Command(p) is [var program, ..] && program.EndsWith("/java", StringComparison.Ordinal))];
        Assert.That(java, Is.Not.Empty);
        foreach (int process in java) Process.GetProcessById(process).Kill();
        Stopwatch watch = Stopwatch.StartNew();
        var error = Assert.CatchAsync<MlSqlException>(() => reading)!;

        TestContext.Out.WriteLine($"given up after {watch.Elapsed.TotalSeconds:F1} s: {error.Message}");
        Assert.That((error.Code, error.Kind), Is.EqualTo(("MLS6207", FailureKind.Connection)), error.Text);
        Assert.That(watch.Elapsed, Is.InRange(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(45)));
    }

    private static string Address(int port, string token) => string.Create(CultureInfo.InvariantCulture, $"sc://127.0.0.1:{port}/;token={token}");

    private Task<MlSqlSession> OpenAsync(string address, CancellationToken cancel) => MlSqlSession.OpenAsync(new() { Engine = Engine.Spark(address), Models = _models }, cancel);

    // The models' files in the executors' working directories.
    private static string[] ModelsOf(Cluster cluster) =>
        [.. ((string[])["worker1", "worker2"]).SelectMany(w => Directory.GetFiles(Path.Combine(cluster.Folder, w), "*.mlsqlm", SearchOption.AllDirectories))];

    // A date is nothing that is said in SQL, so the worker scores it.
    private static async Task TrainAsync(MlSqlSession session, CancellationToken cancel, int classes = 5) =>
        await session.ExecuteAsync($"TRAIN dated USING linear_regression LABEL y SEED 7 AS SELECT DATE '2024-01-01' + CAST(id % 100 AS INT) AS d, CAST(id % 7 AS DOUBLE) AS x, CAST(id % {classes} AS DOUBLE) AS y FROM range(1000)", cancel);

    // Rows, and how many of them are different ones. Who listens hears of each batch, numbered from 0.
    private static async Task<(int Rows, int Distinct)> ScoreAsync(MlSqlSession session, string from, Action<int>? onBatch, CancellationToken cancel)
    {
        await using var result = await session.QueryAsync($"SELECT id, PREDICT(dated, DATE '2024-01-01' + CAST(id % 100 AS INT), CAST(id % 7 AS DOUBLE)) AS p FROM {from}", cancel);
        BitArray seen = new(Rows);
        int rows = 0, batches = 0;
        await foreach (var batch in result.ReadAsync(cancel))
        {
            onBatch?.Invoke(batches++);
            foreach (long id in batch.Column<long>("id")) seen[(int)id] = true;
            rows += batch.Rows;
        }
        return (rows, seen.Cast<bool>().Count(s => s));
    }

    // Kills one of our workers below some processes: its id, or 0 where there is none.
    private static int KillWorker(IEnumerable<int> above) => Workers(above).Take(1).Select(worker => Kill(worker, "KILL")).SingleOrDefault();

    // All of them: those of earlier sessions stay a while.
    private static int KillWorkers(IEnumerable<int> above, string signal) => Workers(above).ToArray().Count(worker => Kill(worker, signal) > 0);

    private static IEnumerable<int> Workers(IEnumerable<int> above) =>
        above.SelectMany(Processes.Tree).Where(p => Processes.IsWorker(p));

    // .NET looks at a fault's signal first, and leaves the next one to the system.
    private static int Kill(int worker, string signal)
    {
        for (int i = 0; i < 3 && Processes.Runs(worker); i++)
        {
            using (var kill = Process.Start("kill", [$"-{signal}", worker.ToString(CultureInfo.InvariantCulture)])) kill.WaitForExit();
            for (int wait = 0; wait < 50 && Processes.Runs(worker); wait++) Thread.Sleep(10);
        }
        Assert.That(() => Processes.Runs(worker), Is.False.After(5_000, 10));
        return worker;
    }

    private static async Task ScalarAsync(MlSqlSession session, CancellationToken cancel)
    {
        await using var result = await session.QueryAsync("SELECT 1 AS a", cancel);
        await ReadAllAsync(result, cancel);
    }

    private static async Task ReadAllAsync(StatementResult result, CancellationToken cancel)
    {
        await foreach (var _ in result.ReadAsync(cancel)) { }
    }
}
