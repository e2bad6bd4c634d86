using System.Globalization;
using System.Text.Json;
using MlSql.Columnar;

namespace MlSql.SpecTests;

/// <summary>Every file of the LightGBM and XGBoost fixtures on every engine: imported, then asked for its prediction and all details in table and scalar form, against what the tool itself gave.</summary>
[TestFixtureSource(typeof(SpecEngine), nameof(SpecEngine.All))]
internal sealed class BoosterFixtureTests(SpecEngine engine)
{
    private TemporaryFolder _folder = null!;
    private MlSqlSession _session = null!;

    private static string Shared => Path.Combine(Environment.GetEnvironmentVariable("MLSQL_SHARED") ?? Path.Combine(TestData.Root, "..", "shared"), "fixtures", "boosters");

    private static IEnumerable<string> Files() =>
        Directory.Exists(Shared) ? Directory.GetFiles(Shared, "model.*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Shared, file)).Order(StringComparer.Ordinal) : [];

    [OneTimeSetUp]
    public async Task Open()
    {
        _folder = new TemporaryFolder();
        _session = await engine.Open(new MlSqlOptions { Models = _folder.At("models"), Threads = 2 });
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        await _session.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public void All_of_them_are_there()
    {
        TestData.Shared("fixtures", "boosters");
        Assert.That(Files().Count(), Is.GreaterThanOrEqualTo(40));
    }

    [TestCaseSource(nameof(Files))]
    public async Task Predicts_what_the_tool_gave(string file)
    {
        string folder = Path.GetDirectoryName(TestData.Shared("fixtures", "boosters", file))!;
        using var fixture = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "fixture.json")));
        string name = $"{Path.GetFileName(folder)}_{Path.GetExtension(file)[1..]}";
        await _session.ExecuteAsync($"IMPORT MODEL {name} FROM '{Path.Combine(Shared, file)}'");
        await _session.ExecuteAsync($"CREATE OR REPLACE TABLE fixture_rows AS SELECT * FROM '{Path.Combine(folder, "input.parquet")}'");
        await _session.ExecuteAsync("DROP TABLE IF EXISTS fixture_answers");
        await _session.ExecuteAsync($"PREDICT {name} ON fixture_rows WITH (raw = true, contributions = true, leaves = true) INTO fixture_answers");
        Assert.That(await Wrong(fixture.RootElement, Path.Combine(folder, "expected.parquet")), Is.Empty);
        string scalar = (await Rows($"SELECT count(*) FROM fixture_answers a JOIN (SELECT row_id, PREDICT({name} USING *) AS p FROM fixture_rows) b ON a.row_id = b.row_id WHERE a.prediction = b.p")).Single()[0];
        Assert.That(scalar, Is.EqualTo(fixture.RootElement.GetProperty("rows").GetRawText()));
    }

    // For each column how many rows lie beyond the tolerance.
    private async Task<string> Wrong(JsonElement fixture, string expected)
    {
        var tolerance = fixture.GetProperty("tolerance");
        (string absolute, string relative) = (Real(tolerance.GetProperty("abs").GetDouble()), Real(tolerance.GetProperty("rel").GetDouble()));
        string[] columns = [.. fixture.GetProperty("expected").EnumerateArray().Select(c => c.GetString()!)];
        var lists = (await Columns("SELECT * FROM fixture_answers")).Where(f => f.Type is ListType).Select(f => f.Name).ToHashSet();
        string Count(string column)
        {
            string got = $"({Access(column, lists)})::DOUBLE", want = $"e.\"{column}\"::DOUBLE";
            return $"count(*) FILTER (WHERE NOT coalesce({got} = {want} OR abs({got} - {want}) <= {absolute} + {relative} * abs({want}), false))";
        }
        var counts = (await Rows($"SELECT count(*), {string.Join(", ", columns.Select(Count))} FROM fixture_answers a JOIN '{expected}' e ON a.row_id = e.row_id")).Single();
        Assert.That(counts[0], Is.EqualTo(fixture.GetProperty("rows").GetRawText()));
        return string.Join('\n', columns.Select((column, i) => counts[i + 1] == "0" ? "" : $"{column}: {counts[i + 1]} rows").Where(line => line.Length > 0).Take(5));
    }

    // raw, margin[2], leaf[7]; lists count from 1 on DuckDB and from 0 on Spark.
    private string Access(string column, HashSet<string> lists)
    {
        string[] parts = column.TrimEnd(']').Split('[');
        string output = parts[0] switch { "margin" => "raw", "leaf" => "leaves", "contribution" => "contributions", string other => other };
        int index = parts.Length == 1 ? 0 : int.Parse(parts[1], CultureInfo.InvariantCulture);
        return lists.Contains(output) ? string.Create(CultureInfo.InvariantCulture, $"a.{output}[{index + (engine.Name == "duckdb" ? 1 : 0)}]") : "a." + output;
    }

    private static string Real(double value) => $"CAST('{value.ToString("R", CultureInfo.InvariantCulture)}' AS DOUBLE)";

    private async Task<IEnumerable<Field>> Columns(string sql)
    {
        await using var result = await _session.QueryAsync($"SELECT * FROM ({sql}) LIMIT 0");
        return result.Schema!.Fields;
    }

    private async Task<List<string[]>> Rows(string sql)
    {
        var rows = new List<string[]>();
        await using var result = await _session.QueryAsync(sql);
        await foreach (RecordBatch batch in result.ReadAsync()) ResultRows.Append(batch, rows);
        return rows;
    }
}
