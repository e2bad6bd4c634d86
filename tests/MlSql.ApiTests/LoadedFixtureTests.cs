using System.Text.Json;

namespace MlSql.ApiTests;

/// <summary>Every imported file of the fixtures, recognised or for ONNX Runtime, gives row by row what PREDICT gives in SQL, to the bit.</summary>
internal sealed class LoadedFixtureTests
{
    private const int Rows = 12;

    private string _folder = "";
    private MlSqlSession _session = null!;

    private static string Shared => Path.Combine(Environment.GetEnvironmentVariable("MLSQL_SHARED") ?? Path.Combine(TestData.Root, "..", "shared"), "fixtures");

    private static IEnumerable<string> Graphs() =>
        Directory.Exists(Path.Combine(Shared, "models")) ? Directory.GetDirectories(Path.Combine(Shared, "models")).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal) : [];

    private static IEnumerable<string> Boosters()
    {
        string folder = Path.Combine(Shared, "boosters");
        return Directory.Exists(folder) ? Directory.GetFiles(folder, "model.*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal) : [];
    }

    [OneTimeSetUp]
    public async Task Open()
    {
        _folder = Directory.CreateTempSubdirectory("mlsql-loaded-").FullName;
        _session = await MlSqlSession.OpenAsync(new() { Models = Path.Combine(_folder, "models"), Threads = 2 });
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        await _session.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void All_of_them_are_there()
    {
        TestData.Shared("fixtures", "models");
        Assert.That(Graphs().Count(), Is.GreaterThanOrEqualTo(59));
        Assert.That(Boosters().Count(), Is.GreaterThanOrEqualTo(40));
    }

    [TestCaseSource(nameof(Graphs))]
    public async Task A_graph_gives_what_sql_gives(string name)
    {
        string folder = TestData.Shared("fixtures", "models", name);
        using var fixture = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "fixture.json")));
        string inputs = string.Join(", ", fixture.RootElement.GetProperty("inputs").EnumerateArray().Select(Input));
        await _session.ExecuteAsync($"IMPORT MODEL {name} FROM '{Path.Combine(folder, "model.onnx")}' INPUT ({inputs})");
        await CompareAsync(name, Path.Combine(folder, "input.parquet"));
    }

    [TestCaseSource(nameof(Boosters))]
    public async Task A_booster_gives_what_sql_gives(string file)
    {
        string path = TestData.Shared("fixtures", "boosters", file), folder = Path.GetDirectoryName(path)!;
        string name = $"{Path.GetFileName(folder)}_{Path.GetExtension(file)[1..]}";
        await _session.ExecuteAsync($"IMPORT MODEL {name} FROM '{path}'");
        await CompareAsync(name, Path.Combine(folder, "input.parquet"));
    }

    // Each row is a query of its own, on a table, whose texts are no dictionary that the engine would score as a whole: a graph may compute a batch in another order than a row.
    private async Task CompareAsync(string name, string rows)
    {
        using var model = _session.LoadModel(name);
        bool classes = model.Classes.Length > 0;
        string probabilities = classes ? $", PREDICT_PROBA({name} USING *) AS probs_of_sql, PREDICTION_PROBABILITY({name} USING *) AS prob_of_sql" : "";
        await _session.ExecuteAsync($"CREATE OR REPLACE TABLE fixture_rows AS SELECT * FROM '{rows}' ORDER BY row_id LIMIT {Rows}");
        var ids = await ColumnValues.RowsAsync(_session, "SELECT row_id FROM fixture_rows ORDER BY row_id");
        Assert.That(ids, Is.Not.Empty);
        foreach (object? id in ids.Select(r => r["row_id"]))
        {
            var row = (await ColumnValues.RowsAsync(_session, $"SELECT *, PREDICT({name} USING *) AS value_of_sql{probabilities} FROM fixture_rows WHERE row_id = {id}")).Single();
            var found = model.Predict(row);
            Assert.That(found.Value, Is.EqualTo(row["value_of_sql"]), $"row {id}");
            if (!classes) continue;
            Assert.That(found.Probabilities.ToArray(), Is.EqualTo(row["probs_of_sql"] ?? Array.Empty<double>()), $"row {id}");
            Assert.That(found.Probability, Is.EqualTo(row["prob_of_sql"]), $"row {id}");
        }
    }

    private static string Input(JsonElement input)
    {
        string tensor = Quoted(input.GetProperty("input").GetString()!);
        return $"{tensor} FROM ({string.Join(", ", input.GetProperty("columns").EnumerateArray().Select(c => Quoted(c.GetString()!)))})";
    }

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
