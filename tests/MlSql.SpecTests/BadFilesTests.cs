namespace MlSql.SpecTests;

/// <summary>Damaged and odd CSV and Parquet files through SELECT, TRAIN and PREDICT: rows or a typed error, never a crash or a hang.</summary>
public class BadFilesTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan GiveUp = TimeSpan.FromSeconds(20);

    private TemporaryFolder _folder = null!;
    private MlSqlSession _session = null!;

    private static IEnumerable<string> Files()
    {
        foreach (string kind in (string[])["csv", "parquet"])
        {
            string folder = Path.Combine(Shared(), "fixtures", "bad", kind);
            if (!Directory.Exists(folder)) continue;
            foreach (string path in Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal)) yield return $"{kind}/{Path.GetFileName(path)}";
        }
    }

    [OneTimeSetUp]
    public async Task Open()
    {
        _folder = new TemporaryFolder();
        _session = await MlSqlSession.OpenAsync(new MlSqlOptions { Models = _folder.At("models"), Threads = 2 });
        await _session.ExecuteAsync("TRAIN known USING linear_regression LABEL y AS SELECT x, 2 * x + 1 AS y FROM range(1, 6) r(x)");
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        await _session.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public void The_files_are_there()
    {
        TestData.Shared("fixtures", "bad");
        Assert.That(Files().Count(), Is.GreaterThanOrEqualTo(40));
    }

    [TestCaseSource(nameof(Files))]
    public async Task Is_read_or_refused(string name)
    {
        string source = Source(TestData.Shared("fixtures", "bad", name));
        string? refused = await Run($"SELECT * FROM {source}");
        var columns = refused is null ? await Columns(source) : [];
        string label = columns.FirstOrDefault(c => IsNumber(c.Type)).Name ?? columns.FirstOrDefault().Name ?? "y";
        await Run($"TRAIN bad USING linear_regression (l2_reg = 0.1) LABEL {Quote(label)} AS SELECT * FROM {source}");
        await Run($"TRAIN bad USING logistic_regression (l2_reg = 0.1, max_iterations = 20) LABEL {Quote(label)} AS SELECT * FROM {source}");
        foreach (var column in columns.Take(3))
        {
            await Run($"SELECT PREDICT(known, {Quote(column.Name)}) FROM {source}");
            await Run($"SELECT PREDICT(known, TRY_CAST({Quote(column.Name)} AS DOUBLE)) FROM {source}");
        }
        await Run($"PREDICT known ON {source}");
        Assert.That(await Run("SELECT PREDICT(known, 1)"), Is.Null, "the session is not usable afterwards");
    }

    // The error's code, or null. Anything but rows or our exception fails the test.
    private async Task<string?> Run(string sql)
    {
        using var stop = new CancellationTokenSource(GiveUp);
        long started = TimeProvider.System.GetTimestamp();
        TimeSpan worked = Environment.CpuUsage.TotalTime;
        string? code = null;
        try
        {
            await _session.ExecuteAsync(sql, stop.Token);
        }
        catch (MlSqlException e)
        {
            code = e.Code;
            Assert.That(e.Code, Does.Match("^MLS[1-6][0-9]{3}$").And.Not.EqualTo("MLS6023").And.Not.EqualTo("MLS6025"), $"{sql}\n{e.Text}");
            Assert.That(e.Text, Does.Not.Contain("   at ").And.Length.LessThan(4000), sql);
        }
        // The lesser of wall clock and work: another process may have the machine. A wait without work ends with the token.
        TimeSpan elapsed = TimeProvider.System.GetElapsedTime(started), work = Environment.CpuUsage.TotalTime - worked;
        Assert.That(elapsed < work ? elapsed : work, Is.LessThan(Bound), sql);
        return code;
    }

    private async Task<List<(string Name, string Type)>> Columns(string source)
    {
        await using var result = await _session.QueryAsync($"SELECT * FROM {source} LIMIT 0");
        return [.. result.Schema!.Fields.Select(f => (f.Name, f.Type.ToString()))];
    }

    private static bool IsNumber(string type) => type is "BIGINT" or "INTEGER" or "DOUBLE" or "FLOAT" or "UBIGINT" or "HUGEINT" or "SMALLINT" or "TINYINT" || type.StartsWith("DECIMAL", StringComparison.Ordinal);

    private static string Source(string path)
    {
        string text = path.Replace("'", "''", StringComparison.Ordinal);
        if (path.Contains("/csv/", StringComparison.Ordinal)) return $"read_csv('{text}')";
        return Directory.Exists(path) ? $"read_parquet('{text}/**/*.parquet')" : $"read_parquet('{text}')";
    }

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Shared() => Environment.GetEnvironmentVariable("MLSQL_SHARED") ?? Path.Combine(TestData.Root, "..", "shared");
}
