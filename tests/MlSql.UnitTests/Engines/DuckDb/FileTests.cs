using System.Diagnostics;
using MlSql.Columnar;
using MlSql.Engines.DuckDb.Database;

namespace MlSql.UnitTests.Engines.DuckDb;

internal sealed class FileTests : EngineFixture
{
    private static IEnumerable<TestCaseData> BadFiles => BadFilesOf("csv").Concat(BadFilesOf("parquet"));

    private static IEnumerable<TestCaseData> BadFilesOf(string kind)
    {
        string shared = Environment.GetEnvironmentVariable("MLSQL_SHARED") ?? Path.Combine(TestData.Root, "..", "shared");
        string folder = Path.Combine(shared, "fixtures", "bad", kind);
        string[] entries = Directory.Exists(folder) ? [.. Directory.EnumerateFileSystemEntries(folder).Select(e => Path.GetFileName(e)).Order(StringComparer.Ordinal)] : ["(none)"];
        return entries.Select(e => new TestCaseData(kind, e).SetArgDisplayNames($"{kind}/{e}"));
    }

    [TestCaseSource(nameof(BadFiles))]
    public void A_bad_file_gives_rows_or_a_coded_error_in_time(string kind, string name)
    {
        string path = TestData.Shared("fixtures", "bad", kind, name);
        // Processor time, for a busy machine must not fail the test; the wall clock only ends a hang.
        using var cancel = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        string outcome;
        try
        {
            using DuckDbResult result = Connection.ExecuteStreaming($"SELECT * FROM {TableFile.Source(path)}", cancel.Token);
            int rows = 0;
            while (result.NextChunk(cancel.Token) is { } chunk) rows += chunk.ToBatch().Rows;
            outcome = $"{rows} rows of {result.Schema.Fields.Length} columns";
        }
        catch (CodedException e)
        {
            Assert.That(e.Code, Does.Match("^MLS60[0-9][0-9]$"));
            Assert.That(e.Message, Is.Not.Empty);
            outcome = $"{e.Code} {e.Message}";
        }
        TestContext.Out.WriteLine(outcome);
        Assert.That(Process.GetCurrentProcess().TotalProcessorTime - before, Is.LessThan(TimeSpan.FromSeconds(5)));
        Assert.That(Value("SELECT 1"), Is.EqualTo("1"));
    }

    [TestCase("a.csv", "x,y\n1,é\n")]
    [TestCase("a.json", "[{\"x\": 1, \"y\": \"é\"}]")]
    [TestCase("a.jsonl", "{\"x\": 1, \"y\": \"é\"}\n")]
    [TestCase("it's [odd]* 日本.csv", "x,y\n1,é\n")]
    public void A_file_becomes_a_view(string name, string content)
    {
        File.WriteAllText(PathOf(name), content);
        TableFile.CreateView(Connection, "my \"view\"", PathOf(name), default);
        Assert.That(Rows("SELECT x, y FROM \"my \"\"view\"\"\"").Single(), Is.EqualTo(new[] { "1", "é" }));
    }

    [Test]
    public void A_folder_and_a_pattern_are_all_their_files()
    {
        Connection.Execute($"COPY (SELECT 1 AS x) TO '{PathOf("a.parquet")}'", default);
        Connection.Execute($"COPY (SELECT 2 AS x) TO '{PathOf("b.parquet")}'", default);
        TableFile.CreateView(Connection, "whole", Folder, default);
        TableFile.CreateView(Connection, "part", PathOf("a*.parquet"), default);
        Assert.That(Rows("SELECT (SELECT sum(x) FROM whole), (SELECT sum(x) FROM part)").Single(), Is.EqualTo(new[] { "3", "1" }));
    }

    [Test]
    public void A_folder_of_partitions_is_all_their_files()
    {
        Connection.Execute($"COPY (SELECT i % 2 AS part, i FROM range(10) t(i)) TO '{PathOf("parts")}' (FORMAT parquet, PARTITION_BY part)", default);
        TableFile.CreateView(Connection, "v", PathOf("parts"), default);
        Assert.That(Rows("SELECT count(*), sum(i), sum(part) FROM v").Single(), Is.EqualTo(new[] { "10", "45", "5" }));
    }

    [Test]
    public void A_missing_file_is_named_with_what_is_near()
    {
        File.WriteAllText(PathOf("customers.csv"), "a\n1\n");
        File.WriteAllText(PathOf("unrelated.txt"), "");
        var error = Assert.Throws<CodedException>(() => TableFile.CreateView(Connection, "v", PathOf("Customer.csv"), default))!;
        Assert.That((error.Code, error.Hint), Is.EqualTo(("MLS6026", "its folder holds customers.csv")));
        Assert.That(Assert.Throws<CodedException>(() => TableFile.Source(PathOf("no/a.csv")))!.Code, Is.EqualTo("MLS6026"));
        Assert.That(Assert.Throws<CodedException>(() => TableFile.Source(PathOf("unrelated.txt")))!.Code, Is.EqualTo("MLS6027"));
    }

    [Test]
    public void An_empty_folder_is_named_so()
    {
        Directory.CreateDirectory(PathOf("empty"));
        Assert.That(Assert.Throws<CodedException>(() => TableFile.Source(PathOf("empty")))!.Code, Is.EqualTo("MLS6026"));
    }
}
