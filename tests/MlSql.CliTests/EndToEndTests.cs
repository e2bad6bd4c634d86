using System.Diagnostics;
using System.Text.Json;

namespace MlSql.CliTests;

/// <summary>The command as a process with a working session behind it.</summary>
public class EndToEndTests
{
    private Mlsql _mlsql = null!;

    [SetUp]
    public void Prepare() => _mlsql = new();

    [TearDown]
    public void CleanUp() => _mlsql.Dispose();

    [Test]
    public void A_pipe_gets_csv() => Assert.That(_mlsql.Run("-c", "SELECT 42 AS answer, NULL AS nothing, '' AS empty"), Is.EqualTo(new Outcome(0, "answer,nothing,empty\n42,,\"\"\n", "")));

    [Test]
    public void Trees_of_a_graph_need_no_ONNX_Runtime()
    {
        _mlsql.Environment["MLSQL_ONNXRUNTIME_LIBRARY"] = Path.Combine(_mlsql.Folder, "none.so");
        const string train = "CREATE TABLE t AS SELECT i % 10 AS x, 3.0 * (i % 10) AS y FROM range(200) r(i); TRAIN grown USING boosted_tree_regressor (num_trees = 3) LABEL y AS SELECT * FROM t; TRAIN two USING boosted_tree_classifier (num_trees = 3) LABEL big AS SELECT x, y > 12 AS big FROM t; TRAIN line USING linear_regression LABEL y AS SELECT * FROM t;";
        Outcome grown = _mlsql.Run("--models", "store", "--quiet", "-c", train + "EXPORT MODEL grown TO 'grown.onnx'; EXPORT MODEL two TO 'two.onnx'; EXPORT MODEL line TO 'line.onnx'; IMPORT MODEL grown_graph FROM 'grown.onnx'; IMPORT MODEL two_graph FROM 'two.onnx'",
            "-c", "SELECT count(*) AS n, max(abs(PREDICT(grown USING *) - PREDICT(grown_graph USING *))) < 1e-4 AS same, bool_and(PREDICT(two USING *) = (PREDICT(two_graph USING *) = 1)) AS alike FROM t");
        Assert.That((grown.ExitCode, grown.Output), Is.EqualTo((0, "n,same,alike\n200,true,true\n")), grown.Error);
        Outcome again = _mlsql.Run("--models", "store", "--quiet", "-c", "SELECT PREDICT(grown_graph, 4) BETWEEN 0 AND 30 AS scored");
        Assert.That((again.ExitCode, again.Output), Is.EqualTo((0, "scored\ntrue\n")), again.Error);
        Outcome line = _mlsql.Run("--models", "store", "--quiet", "-c", "IMPORT MODEL line_graph FROM 'line.onnx'");
        Assert.That(line.ExitCode, Is.Not.Zero);
        Assert.That(line.Error, Does.Contain("MLS4101 The ONNX Runtime library was not found"));
    }

    [Test]
    public void Two_processes_train_into_one_store_at_once()
    {
        const string train = "TRAIN m USING linear_regression LABEL y AS SELECT range AS x, 2 * range AS y FROM range(100);";
        string script = _mlsql.Write("train.sql", string.Concat(Enumerable.Repeat(train, 4)));
        using Process first = _mlsql.Start("run", script, "--models", "store"), second = _mlsql.Start("run", script, "--models", "store");
        foreach (Process process in new[] { first, second })
        {
            process.StandardInput.Close();
            Task<string> error = process.StandardError.ReadToEndAsync();
            Assert.That(process.WaitForExit(TimeSpan.FromSeconds(60)), Is.True);
            Assert.That(process.ExitCode, Is.Zero, error.Result);
        }
        Outcome outcome = _mlsql.Run("--models", "store", "-c", "SELECT count(*) AS n, min(version) AS a, max(version) AS z FROM mlsql.versions", "-c", "SELECT PREDICT(m, 21) AS p");
        Assert.That(outcome.Output, Does.StartWith("n,a,z\n8,1,8\n"), outcome.Error);
    }

    [Test]
    public void A_piped_script_runs_without_arguments() => Assert.That(_mlsql.RunWith("SELECT 1 AS a; SELECT 2 AS b"), Is.EqualTo(new Outcome(0, "a\n1\n\nb\n2\n", "")));

    [Test]
    public void Files_statements_and_standard_input_run_in_order()
    {
        _mlsql.Write("a.sql", "INSERT INTO t VALUES (2);");
        Outcome outcome = _mlsql.RunWith("INSERT INTO t VALUES (3)", "-c", "CREATE TABLE t (i INT)", "-c", "INSERT INTO t VALUES (1)", "run", "a.sql", "-", "-c", "SELECT i FROM t ORDER BY rowid", "--quiet");
        Assert.That(outcome, Is.EqualTo(new Outcome(0, "i\n1\n2\n3\n", "")));
    }

    [Test]
    public void Variables_and_the_scripts_folder_are_replaced()
    {
        Directory.CreateDirectory(Path.Combine(_mlsql.Folder, "sub"));
        _mlsql.Write("sub/a.sql", "SELECT :'script_dir' AS d, :n AS n, :'t' AS t, 'a::b' AS s, 1::INT AS i");
        Outcome outcome = _mlsql.Run("run", "sub/a.sql", "-v", "n=3", "-v", "t=it's", "--format", "json");
        Assert.That(outcome.ExitCode, Is.Zero, outcome.Error);
        JsonElement row = JsonDocument.Parse(outcome.Output).RootElement[0];
        Assert.Multiple(() =>
        {
            Assert.That(row.GetProperty("d").GetString(), Is.EqualTo(Path.Combine(_mlsql.Folder, "sub")));
            Assert.That(row.GetProperty("n").GetInt32(), Is.EqualTo(3));
            Assert.That(row.GetProperty("t").GetString(), Is.EqualTo("it's"));
        });
    }

    [Test]
    public void A_failed_statement_ends_the_script_with_1()
    {
        Outcome outcome = _mlsql.Run("-c", "SELECT 1 AS a; SELECT nope; SELECT 3 AS c");
        Assert.That(outcome.ExitCode, Is.EqualTo(1));
        Assert.That(outcome.Output, Is.EqualTo("a\n1\n"));
        Assert.That(outcome.Error, Does.StartWith("MLS").And.Contain("nope").And.Not.Contain("   at "));
    }

    [Test]
    public void With_on_error_continue_the_rest_runs_and_the_exit_code_stays_1()
    {
        Outcome outcome = _mlsql.Run("-c", "SELECT 1 AS a; SELECT nope; SELECT 3 AS c", "--on-error", "continue");
        Assert.That((outcome.ExitCode, outcome.Output), Is.EqualTo((1, "a\n1\n\nc\n3\n")));
    }

    [Test]
    public void An_output_file_is_left_alone_by_a_failure()
    {
        string path = _mlsql.Write("out.csv", "before");
        Assert.That(_mlsql.Run("-c", "SELECT 1; SELECT nope", "-o", "out.csv").ExitCode, Is.EqualTo(1));
        Assert.That(File.ReadAllText(path), Is.EqualTo("before"));
        Assert.That(_mlsql.Run("-c", "SELECT 1 AS a", "-o", "out.csv"), Is.EqualTo(new Outcome(0, "", "")));
        Assert.That(File.ReadAllText(path), Is.EqualTo("a\n1\n"));
        Assert.That(Directory.GetFiles(_mlsql.Folder), Is.EqualTo(new[] { path }));
    }

    [Test]
    public void A_reader_that_leaves_early_ends_the_command_quietly()
    {
        using Process process = _mlsql.Start("-c", "SELECT * FROM range(1000000000)");
        process.StandardInput.Close();
        Assert.That(process.StandardOutput.ReadLine(), Is.EqualTo("range"));
        process.StandardOutput.Close();
        string error = process.StandardError.ReadToEnd();
        Assert.That(process.WaitForExit(TimeSpan.FromSeconds(30)), Is.True);
        Assert.That((process.ExitCode, error), Is.EqualTo((0, "")));
    }

    [TestCase("INT", 130)]
    [TestCase("TERM", 143)]
    [Platform(Exclude = "Win")]
    public void A_signal_cancels_within_a_second(string signal, int exitCode)
    {
        using Process process = _mlsql.Start("-c", "SELECT 1 AS ready", "-c", "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE hash(a.range + b.range) = 42");
        process.StandardInput.Close();
        Assert.That(process.StandardOutput.ReadLine(), Is.EqualTo("ready"));
        Thread.Sleep(500);
        Stopwatch watch = Stopwatch.StartNew();
        using (Process kill = Process.Start("kill", ["-" + signal, process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])) kill.WaitForExit();
        Assert.That(process.WaitForExit(TimeSpan.FromSeconds(20)), Is.True);
        Assert.That(process.ExitCode, Is.EqualTo(exitCode));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(3)), "a second, and what a busy machine adds");
        Assert.That(process.StandardError.ReadToEnd(), Does.Not.Contain("   at "));
    }

    [Test]
    public void Tables_are_registered_by_name()
    {
        _mlsql.Write("t.csv", "a,b\n1,x\n2,y\n");
        Assert.That(_mlsql.Run("-c", "SELECT b FROM things WHERE a = 2", "--table", "things=t.csv"), Is.EqualTo(new Outcome(0, "b\ny\n", "")));
    }

    [Test]
    public void A_limit_of_memory_ends_with_4()
    {
        Outcome outcome = _mlsql.Run("-c", "SET temp_directory = ''; SELECT count(*) FROM (SELECT DISTINCT hash(range), hash(range + 1) FROM range(20000000))", "--memory", "50MB");
        Assert.That(outcome.ExitCode, Is.EqualTo(4), outcome.Error);
    }

    [Test]
    public void A_model_that_runs_too_long_ends_with_4()
    {
        string file = TestData.Shared("fixtures", "bad", "onnx", "endless_loop.onnx");
        Outcome outcome = _mlsql.Run("-c", $"IMPORT MODEL endless FROM '{file}'; SELECT PREDICT(endless, 1, 2, 3, 4)", "--model-timeout", "2", "--models", "m");
        Assert.That(outcome.ExitCode, Is.EqualTo(4), outcome.Error);
        Assert.That(outcome.Error, Does.Contain("MLS4104 The model ran longer than 2 s on 1 row").And.Contain("--model-timeout").And.Not.Contain("   at "));
    }

    [Test]
    public void A_model_file_that_is_refused_ends_with_1_and_one_message()
    {
        string file = TestData.Shared("fixtures", "bad", "onnx", "external_data_traversal.onnx");
        Outcome outcome = _mlsql.Run("-c", $"IMPORT MODEL m FROM '{file}'", "--models", "m");
        Assert.That((outcome.ExitCode, outcome.Output), Is.EqualTo((1, "")), outcome.Error);
        Assert.That(outcome.Error, Does.StartWith("MLS7052 ").And.Not.Contain("   at "));
        Assert.That(_mlsql.Run("-c", "SELECT count(*) FROM mlsql.models", "--models", "m").Output, Does.EndWith("\n0\n"));
    }

    [Test]
    public void A_model_is_trained_and_used()
    {
        const string Script = """
            CREATE TABLE t AS SELECT range AS x, range * 2.0 + 1 AS y FROM range(100);
            TRAIN line USING linear_regression LABEL y SEED 7 AS SELECT x, y FROM t;
            SELECT round(PREDICT(line, x), 6) AS p FROM t WHERE x = 10;
            """;
        Outcome outcome = _mlsql.Run("-c", Script, "--models", "m");
        Assert.That((outcome.ExitCode, outcome.Output), Is.EqualTo((0, "p\n21.0\n")), outcome.Error);
        Assert.That(outcome.Error, Does.Contain("line"));
        Assert.That(_mlsql.Run("-c", Script, "--models", "m", "--quiet").Error, Is.Empty);
    }

    [Test]
    public void Timing_is_printed_to_standard_error()
    {
        Outcome outcome = _mlsql.Run("-c", "SELECT 1 AS a", "--timing");
        Assert.That(outcome.Output, Is.EqualTo("a\n1\n"));
        Assert.That(outcome.Error, Does.Match(@"^time: \d+\.\d{3} s\n$"));
    }

    [Test]
    public void The_doctor_finds_everything_in_order()
    {
        Outcome outcome = _mlsql.Run("doctor");
        Assert.That(outcome.ExitCode, Is.Zero, outcome.Output + outcome.Error);
        Assert.That(outcome.Output, Does.Contain("processor").And.Contain("duckdb").And.EndWith("Everything that is needed works.\n"));
    }

    [Test]
    public void Every_type_of_the_engine_is_printed()
    {
        const string Query = """
            SELECT true AS b, 1::TINYINT AS i8, 255::UTINYINT AS u8, 9223372036854775807 AS i64, 170141183460469231731687303715884105727::HUGEINT AS huge, 0.1::FLOAT AS f, 1.5::DECIMAL(30,2) AS dec,
                   DATE '2025-11-18' AS d, TIME '12:34:56.5' AS t, TIMESTAMP '2025-11-18 01:02:03' AS ts, INTERVAL '1 year 2 days 3 hours' AS iv, '00112233-4455-6677-8899-aabbccddeeff'::UUID AS id,
                   'a'::ENUM('a', 'b') AS e, [1, NULL] AS l, {'k': 'v'} AS s, MAP {'x': 1} AS m, '\x00'::BLOB AS bin
            """;
        Outcome outcome = _mlsql.Run("-c", Query, "--format", "json");
        Assert.That(outcome.Output, Is.EqualTo("""
            [
            {"b":true,"i8":1,"u8":255,"i64":9223372036854775807,"huge":170141183460469231731687303715884105727,"f":0.1,"dec":1.50,"d":"2025-11-18","t":"12:34:56.5","ts":"2025-11-18T01:02:03","iv":"1 year 2 days 03:00:00","id":"00112233-4455-6677-8899-aabbccddeeff","e":"a","l":[1,null],"s":{"k":"v"},"m":{"x":1},"bin":"AA=="}
            ]

            """), outcome.Error);
    }
}
