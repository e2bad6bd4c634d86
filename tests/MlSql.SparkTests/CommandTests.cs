using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using MlSql.SparkTests.Rig;

namespace MlSql.SparkTests;

/// <summary>The command as a process, against a server that runs: results, whom it asks, and exit codes.</summary>
[UnsupportedOSPlatform("windows")]
public class CommandTests
{
    // What the command needs to start on a machine that is busy.
    private const double StartSeconds = 3;

    private Mlsql _mlsql = null!;

    [SetUp]
    public void Prepare()
    {
        // Each run is two Java calls away from its rows; the machine may be busy with builds.
        _mlsql = new() { Patience = TimeSpan.FromSeconds(120) };
        foreach (string name in (string[])["SPARK_REMOTE", "SPARK_HOME", "SPARK_CONNECT_AUTHENTICATE_TOKEN"]) _mlsql.Environment[name] = null;
    }

    [TearDown]
    public void CleanUp() => _mlsql.Dispose();

    [Test]
    public void A_script_gives_the_same_on_both_engines()
    {
        _mlsql.Write("t.csv", "id,d,x,y\n" + string.Concat(Enumerable.Range(0, 200).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i},{new DateOnly(2024, 1, 1).AddDays(i):yyyy-MM-dd},{i % 13},{(i % 7) + (i % 13) * 2}\n"))));
        const string Columns = "columns = {'id': 'BIGINT', 'd': 'DATE', 'x': 'DOUBLE', 'y': 'DOUBLE'}";
        Assert.That(_mlsql.Run("-c", $"TRAIN m USING linear_regression LABEL y SEED 7 AS SELECT d, x, y FROM read_csv('t.csv', header = true, {Columns})", "--models", "m").ExitCode, Is.Zero);
        string script = _mlsql.Write("score.sql", $"""
            SELECT count(*) AS n, min(d) AS first FROM read_csv('t.csv', header = true, {Columns});
            SELECT id, round(PREDICT(m, d, x), 6) AS p FROM read_csv('t.csv', header = true, {Columns}) ORDER BY id;
            """);

        var expected = _mlsql.Run("run", script, "--models", "m", "--engine", "duckdb");
        var found = _mlsql.Run("run", script, "--models", "m", "--remote", Address());
        var statement = _mlsql.Run("-c", File.ReadAllText(script), "--models", "m", "--engine", "spark", "--remote", Address(), "--format", "csv");

        Assert.That(expected.ExitCode, Is.Zero, expected.Error);
        Assert.That(expected.Output.Split('\n'), Has.Length.GreaterThan(200).And.Some.StartsWith("199,"));
        Assert.That(found, Is.EqualTo(expected), "a script; nothing is said on standard error when all is well and nobody watches");
        Assert.That(statement, Is.EqualTo(expected), "the same as -c");
    }

    [TestCase("", "asks for a token")]
    [TestCase("/;token=wrong", "refuses the token")]
    public void A_token_that_is_missing_or_wrong_ends_with_2(string parameters, string text)
    {
        var outcome = _mlsql.Run("-c", "SELECT 1", "--remote", string.Create(CultureInfo.InvariantCulture, $"sc://127.0.0.1:{SparkRig.Server().Port}{parameters}"));
        Assert.That((outcome.ExitCode, outcome.Output), Is.EqualTo((2, "")), outcome.Error);
        Assert.That(outcome.Error, Does.StartWith("MLS6208 ").And.Contain(text).And.Not.Contain("wrong").And.Not.Contain("   at "));
    }

    [Test]
    public void A_closed_port_ends_with_3_when_the_time_is_over()
    {
        Stopwatch watch = Stopwatch.StartNew();
        var outcome = _mlsql.Run("-c", "SELECT 1", "--remote", $"sc://127.0.0.1:{ClosedPort()}", "--connect-timeout", "2");
        Assert.That((outcome.ExitCode, outcome.Output), Is.EqualTo((3, "")), outcome.Error);
        Assert.That(outcome.Error, Does.StartWith("MLS6207 ").And.Contain("unreachable"));
        Assert.That(watch.Elapsed, Is.InRange(TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(4 + StartSeconds)));
    }

    [Test]
    public void A_port_that_accepts_and_says_nothing_ends_with_3_when_the_time_is_over()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        Stopwatch watch = Stopwatch.StartNew();
        var outcome = _mlsql.Run("-c", "SELECT 1", "--remote", $"sc://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}", "--connect-timeout", "2");
        Assert.That((outcome.ExitCode, outcome.Output), Is.EqualTo((3, "")), outcome.Error);
        Assert.That(watch.Elapsed, Is.InRange(TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(4 + StartSeconds)));
    }

    [TestCase("127.0.0.1:15002", 2, "MLS75")]
    [TestCase("sc://127.0.0.1:port", 2, "MLS6210 ")]
    [TestCase("sc://127.0.0.1/;token", 2, "MLS6210 ")]
    public void An_address_that_is_none_is_refused(string address, int exitCode, string code)
    {
        var outcome = _mlsql.Run("-c", "SELECT 1", "--remote", address);
        Assert.That((outcome.ExitCode, outcome.Output), Is.EqualTo((exitCode, "")), outcome.Error);
        Assert.That(outcome.Error, Does.StartWith(code).And.Not.Contain("   at "));
    }

    [Test]
    public void Without_an_address_and_without_a_Spark_the_error_names_both()
    {
        var outcome = _mlsql.Run("-c", "SELECT 1", "--engine", "spark");
        Assert.That((outcome.ExitCode, outcome.Output), Is.EqualTo((1, "")));
        Assert.That(outcome.Error, Does.StartWith("MLS6301 ").And.Contain("SPARK_HOME").And.Contain("--remote"));
    }

    [Test]
    public void An_address_for_DuckDB_is_a_contradiction()
    {
        var outcome = _mlsql.Run("-c", "SELECT 1", "--engine", "duckdb", "--remote", "sc://127.0.0.1:1");
        Assert.That((outcome.ExitCode, outcome.Output), Is.EqualTo((2, "")), outcome.Error);
        Assert.That(outcome.Error, Does.Contain("--remote"));
    }

    [Test]
    public void The_option_stands_above_the_variable_and_that_above_the_folder()
    {
        string address = Address();
        _mlsql.Environment["SPARK_HOME"] = "/nowhere";
        _mlsql.Environment["SPARK_REMOTE"] = address;
        Assert.That(_mlsql.Run("-c", "SELECT 1 AS a", "--engine", "spark"), Is.EqualTo(new Outcome(0, "a\n1\n", "")), "SPARK_REMOTE above SPARK_HOME");
        _mlsql.Environment["SPARK_REMOTE"] = $"sc://127.0.0.1:{ClosedPort()}";
        Assert.That(_mlsql.Run("-c", "SELECT 2 AS a", "--remote", address), Is.EqualTo(new Outcome(0, "a\n2\n", "")), "--remote above SPARK_REMOTE");
        Assert.That(_mlsql.Run("-c", "SELECT 3 AS a"), Is.EqualTo(new Outcome(0, "a\n3\n", "")), "DuckDB asks none of them");
    }

    [Test]
    public void A_model_that_runs_too_long_ends_with_4()
    {
        string file = TestData.Shared("fixtures", "bad", "onnx", "endless_loop.onnx");
        var outcome = _mlsql.Run("-c", $"IMPORT MODEL endless FROM '{file}'; SELECT PREDICT(endless, 1, 2, 3, 4)", "--model-timeout", "2", "--models", "m", "--remote", Address());
        Assert.That(outcome.ExitCode, Is.EqualTo(4), outcome.Error);
        Assert.That(outcome.Error, Does.Contain("MLS4104 The model ran longer than 2 s on 1 row").And.Contain("endless version 1, batch 1").And.Not.Contain("   at "));
    }

    [Test]
    public void The_doctor_asks_the_server_and_a_worker()
    {
        var outcome = _mlsql.Run("doctor", "--remote", Address());
        Assert.That(outcome.ExitCode, Is.Zero, outcome.Output + outcome.Error);
        Assert.That(outcome.Output, Does.Match(@"OK    worker's archive +/\S+/mlsql-worker-\S+\.packed, \d+\.\d MB\n")
            .And.Match($@"OK    engine +spark 4\.\d+\.\d+\S* at sc://127\.0\.0\.1:{SparkRig.Server().Port}\n").And.Match(@"OK    worker +\d+\.\d+\.\d+\S* answers from an executor, \w+\n"));
        Assert.That(outcome.Output, Does.Not.Contain(SparkRig.Server().Token).And.EndWith("Everything that is needed works.\n"));

        outcome = _mlsql.Run("doctor", "--remote", $"sc://127.0.0.1:{ClosedPort()}", "--connect-timeout", "1");
        Assert.That(outcome.ExitCode, Is.EqualTo(1), outcome.Output + outcome.Error);
        Assert.That(outcome.Output, Does.Match(@"FAIL  engine +MLS6207 ").And.EndWith("checks failed.\n"));
    }

    [Test]
    public void The_doctor_starts_a_server_of_its_own()
    {
        _mlsql.Environment["SPARK_HOME"] = SparkRig.Home().Path;
        var outcome = _mlsql.Run("doctor", "--engine", "spark");
        Assert.That(outcome.ExitCode, Is.Zero, outcome.Output + outcome.Error);
        Assert.That(outcome.Output, Does.Match(@"OK    engine +spark 4\.\d+\.\d+\S* at sc://127\.0\.0\.1:\d+\n").And.Match(@"OK    worker +\d+\.\d+\.\d+\S* answers from an executor, \w+\n").And.EndWith("Everything that is needed works.\n"));
    }

    private static string Address() => string.Create(CultureInfo.InvariantCulture, $"sc://127.0.0.1:{SparkRig.Server().Port}/;token={SparkRig.Server().Token}");

    private static int ClosedPort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
