namespace MlSql.SpecTests;

/// <summary>What goes wrong around a session: cancelled work, another session's changes, a damaged store.</summary>
public class FaultTests
{
    private const string Train = "TRAIN m USING linear_regression LABEL y AS SELECT x, 2 * x + 1 AS y FROM range(1, 6) r(x)";

    private TemporaryFolder _folder = null!;

    private string Models => _folder.At("models");

    [SetUp]
    public void Prepare() => _folder = new TemporaryFolder();

    [TearDown]
    public void CleanUp()
    {
        if (Directory.Exists(Models) && !OperatingSystem.IsWindows()) SetMode(Models, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _folder.Dispose();
    }

    [Test]
    public async Task A_session_that_could_not_be_opened_leaves_its_database_free()
    {
        using var folder = new TemporaryFolder();
        var options = new MlSqlOptions { Models = folder.At("models"), Database = folder.At("data.db") };
        var missing = options with { Tables = [KeyValuePair.Create("t", folder.At("missing.csv"))] };
        Assert.That(async () => await MlSqlSession.OpenAsync(missing), Throws.InstanceOf<MlSqlException>().With.Property("Code").EqualTo("MLS6026"));
        await using var session = await MlSqlSession.OpenAsync(options);
        Assert.That(await session.ExecuteAsync("SELECT 1"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_cancelled_training_leaves_no_version_and_no_file()
    {
        await using var session = await Open();
        await session.ExecuteAsync(Train);
        string[] before = Files();
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var training = session.ExecuteAsync(
            "TRAIN m USING logistic_regression (tolerance = 1e-300) LABEL y AS SELECT hash(i) % 1000 / 3.0 AS a, hash(i + 1) % 1000 / 7.0 AS b, hash(i + 2) % 3 = 0 AS y FROM range(20000000) r(i)", cancel.Token);
        long started = TimeProvider.System.GetTimestamp();
        Assert.That(async () => await training, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(TimeProvider.System.GetElapsedTime(started), Is.LessThan(TimeSpan.FromSeconds(5)));
        Assert.That(Files(), Is.EqualTo(before));
        Assert.That(await Value(session, "SELECT count(*) FROM mlsql.versions"), Is.EqualTo(1));
        Assert.That(await Value(session, "SELECT PREDICT(m, 1)::BIGINT"), Is.EqualTo(3));
    }

    [Test]
    public async Task A_cancelled_query_leaves_the_session_usable()
    {
        await using var session = await Open();
        await session.ExecuteAsync(Train);
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        Assert.That(async () => await session.ExecuteAsync("SELECT sum(PREDICT(m, i)) FROM range(100000000000) r(i)", cancel.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await Value(session, "SELECT PREDICT(m, 1)::BIGINT"), Is.EqualTo(3));
    }

    [Test]
    public async Task A_failed_training_leaves_no_file()
    {
        await using var session = await Open();
        await session.ExecuteAsync(Train);
        string[] before = Files();
        var error = Assert.ThrowsAsync<MlSqlException>(() => session.ExecuteAsync("TRAIN m USING linear_regression LABEL y AS SELECT i AS x, CASE WHEN i = 90000 THEN error('late')::INT ELSE 1 END AS y FROM range(100000) r(i)"))!;
        Assert.That(error.Message, Does.Contain("late"));
        Assert.That(Files(), Is.EqualTo(before));
    }

    [Test]
    public async Task What_another_session_does_is_seen_at_the_next_statement()
    {
        await using var one = await Open();
        await using var two = await Open();
        await one.ExecuteAsync(Train);
        Assert.That(await Value(two, "SELECT PREDICT(m, 1)::BIGINT"), Is.EqualTo(3));
        await one.ExecuteAsync("DROP MODEL m");
        var error = Assert.ThrowsAsync<MlSqlException>(() => Value(two, "SELECT PREDICT(m, 1)::BIGINT"))!;
        Assert.That(error.Code, Is.EqualTo("MLS2001"));
        Assert.That(await Value(two, "SELECT 1::BIGINT"), Is.EqualTo(1));
        await two.ExecuteAsync(Train);
        Assert.That(await Value(one, "SELECT PREDICT(m, 1)::BIGINT"), Is.EqualTo(3));
    }

    [Test]
    public async Task A_result_that_is_being_read_outlives_the_model()
    {
        await using var one = await Open();
        await using var two = await Open();
        await one.ExecuteAsync(Train);
        await using var result = await one.QueryAsync("SELECT PREDICT(m, i) AS p FROM range(100000) r(i)");
        await two.ExecuteAsync("DROP MODEL m");
        long rows = 0;
        await foreach (var batch in result.ReadAsync()) rows += batch.Rows;
        Assert.That(rows, Is.EqualTo(100_000));
    }

    [Test]
    public async Task Every_damaged_file_of_the_store_is_a_typed_error_or_does_no_harm([Values("flip", "cut", "empty", "delete")] string damage)
    {
        await using (var session = await Open()) await session.ExecuteAsync(Train);
        foreach (string path in Files())
        {
            byte[] good = File.ReadAllBytes(path);
            Damage(path, good, damage);
            try
            {
                await using var session = await Open();
                foreach (string sql in (string[])["SELECT PREDICT(m, 1)", "EVALUATE m", "SHOW MODELS", "DESCRIBE MODEL m", "SELECT * FROM mlsql.versions", Train])
                {
                    try
                    {
                        await session.ExecuteAsync(sql);
                    }
                    catch (MlSqlException e)
                    {
                        Assert.That(e.Code, Does.Match("^MLS(2001|2002|50[0-9]{2})$"), $"{damage} {Path.GetRelativePath(Models, path)}: {sql}\n{e.Text}");
                        Assert.That(e.Text, Does.Not.Contain("   at "));
                    }
                    Assert.That(await Value(session, "SELECT 1::BIGINT"), Is.EqualTo(1));
                }
            }
            catch (MlSqlException e)
            {
                Assert.That(e.Code, Does.StartWith("MLS50"), $"opening after {damage} of {Path.GetRelativePath(Models, path)}\n{e.Text}");
            }
            Directory.Delete(Models, recursive: true);
            await using (var session = await Open()) await session.ExecuteAsync(Train);
        }
    }

    [Test]
    public async Task Damage_is_never_predicted_with()
    {
        await using (var session = await Open()) await session.ExecuteAsync(Train);
        foreach (string path in Files())
        {
            byte[] good = File.ReadAllBytes(path);
            for (int at = 0; at < good.Length; at += Math.Max(1, good.Length / 40))
            {
                byte[] bad = [.. good];
                bad[at] ^= 0x10;
                File.WriteAllBytes(path, bad);
                await using var session = await Open();
                try
                {
                    Assert.That(await Value(session, "SELECT PREDICT(m, 1)::BIGINT"), Is.EqualTo(3), $"{Path.GetRelativePath(Models, path)} byte {at}");
                }
                catch (MlSqlException e)
                {
                    Assert.That(e.Code, Does.Match("^MLS(2001|2002|50[0-9]{2})$"), $"{Path.GetRelativePath(Models, path)} byte {at}\n{e.Text}");
                }
            }
            File.WriteAllBytes(path, good);
        }
    }

    [Test]
    public void A_store_path_that_is_a_file_is_said()
    {
        File.WriteAllText(Models, "not a folder");
        var error = Assert.ThrowsAsync<MlSqlException>(async () =>
        {
            await using var session = await Open();
            await session.ExecuteAsync(Train);
        })!;
        Assert.That((error.Code, error.Hint is not null), Is.EqualTo(("MLS5022", true)), error.Text);
    }

    [Test]
    [Platform("Linux")]
    public async Task A_store_that_nobody_can_make_is_said()
    {
        await using var session = await MlSqlSession.OpenAsync(new MlSqlOptions { Models = "/proc/mlsql-models", Threads = 2 });
        var error = Assert.ThrowsAsync<MlSqlException>(() => session.ExecuteAsync(Train))!;
        Assert.That(error.Code, Does.Match("^MLS502[0-9]$"), error.Text);
        Assert.That(error.Text, Does.Contain("/proc/mlsql-models").And.Not.Contain("   at "));
        Assert.That(await Value(session, "SELECT 1::BIGINT"), Is.EqualTo(1));
    }

    [Test]
    [Platform(Exclude = "Win")]
    public async Task A_store_that_cannot_be_written_predicts_and_says_why_it_does_not_train()
    {
        await using (var session = await Open()) await session.ExecuteAsync(Train);
        foreach (string folder in Directory.EnumerateDirectories(Models, "*", SearchOption.AllDirectories).Append(Models)) SetMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await using (var session = await Open())
        {
            Assert.That(await Value(session, "SELECT PREDICT(m, 1)::BIGINT"), Is.EqualTo(3));
            string? code = null;
            try
            {
                await session.ExecuteAsync(Train);
            }
            catch (MlSqlException e)
            {
                code = e.Code;
            }
            // The superuser may write everywhere.
            Assert.That(code, Is.EqualTo(Environment.UserName == "root" ? null : "MLS5021"));
            Assert.That(await Value(session, "SELECT PREDICT(m, 1)::BIGINT"), Is.EqualTo(3));
        }
        foreach (string folder in Directory.EnumerateDirectories(Models, "*", SearchOption.AllDirectories)) SetMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Test]
    public void A_database_that_is_none_is_said()
    {
        string path = _folder.At("no.duckdb");
        File.WriteAllText(path, new string('x', 5000));
        var error = Assert.ThrowsAsync<MlSqlException>(() => MlSqlSession.OpenAsync(new MlSqlOptions { Models = Models, Database = path }))!;
        Assert.That(error.Code, Is.EqualTo("MLS6003"), error.Text);
    }

    [Test]
    public void A_table_whose_file_is_missing_is_said()
    {
        var error = Assert.ThrowsAsync<MlSqlException>(() => MlSqlSession.OpenAsync(new MlSqlOptions { Models = Models, Tables = [new("t", _folder.At("missing.parquet"))] }))!;
        Assert.That(error.Code, Is.EqualTo("MLS6026"), error.Text);
    }

    [Test]
    public void A_missing_library_is_said()
    {
        var start = new System.Diagnostics.ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "mlsql.dll"), "-c", "SELECT 1", "--models", Models])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["MLSQL_DUCKDB_LIBRARY"] = _folder.At("libduckdb.so");
        using var process = System.Diagnostics.Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        Assert.That(process.WaitForExit(TimeSpan.FromSeconds(60)), Is.True);
        Assert.That((process.ExitCode, output.Result), Is.EqualTo((1, "")), error);
        Assert.That(error, Does.StartWith("MLS6001").And.Contain(_folder.At("libduckdb.so")).And.Not.Contain("   at "));
    }

    private static void Damage(string path, byte[] good, string damage)
    {
        switch (damage)
        {
            case "flip":
                byte[] bad = [.. good];
                if (bad.Length > 0) bad[bad.Length / 2] ^= 0xFF;
                File.WriteAllBytes(path, bad);
                break;
            case "cut":
                File.WriteAllBytes(path, good[..(good.Length / 2)]);
                break;
            case "empty":
                File.WriteAllBytes(path, []);
                break;
            default:
                File.Delete(path);
                break;
        }
    }

    private static async Task<long> Value(MlSqlSession session, string sql)
    {
        await using var result = await session.QueryAsync(sql);
        long value = long.MinValue;
        await foreach (var batch in result.ReadAsync()) value = ((Columnar.FixedColumn<long>)batch.Columns[0]).Values[0];
        return value;
    }

    private static void SetMode(string folder, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, mode);
    }

    private Task<MlSqlSession> Open() => MlSqlSession.OpenAsync(new MlSqlOptions { Models = Models, Threads = 2 });

    private string[] Files() => [.. Directory.EnumerateFiles(Models, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
