using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using MlSql.Columnar;

namespace MlSql.SpecTests;

/// <summary>
/// Every ONNX model of the fixtures on every engine: imported, then predicted in statement, table and scalar form, against what the training tool gave. From Parquet, on the embedded engine also from CSV.
/// </summary>
[TestFixtureSource(typeof(SpecEngine), nameof(SpecEngine.All))]
internal sealed partial class OnnxFixtureTests(SpecEngine engine)
{
    private TemporaryFolder _folder = null!;
    private MlSqlSession _session = null!;

    private bool Embedded => engine.Name == "duckdb";

    private static IEnumerable<string> Fixtures()
    {
        string folder = Path.Combine(Environment.GetEnvironmentVariable("MLSQL_SHARED") ?? Path.Combine(TestData.Root, "..", "shared"), "fixtures", "models");
        return Directory.Exists(folder) ? Directory.GetDirectories(folder).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal) : [];
    }

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
        TestData.Shared("fixtures", "models");
        Assert.That(Fixtures().Count(), Is.GreaterThanOrEqualTo(59));
    }

    [TestCaseSource(nameof(Fixtures))]
    public async Task Predicts_what_the_training_tool_gave(string name)
    {
        string folder = TestData.Shared("fixtures", "models", name);
        using var fixture = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "fixture.json")));
        var root = fixture.RootElement;
        await _session.ExecuteAsync($"IMPORT MODEL {name} FROM '{Path.Combine(folder, "model.onnx")}' INPUT ({string.Join(", ", root.GetProperty("inputs").EnumerateArray().Select(Input))})");
        string parquet = Path.Combine(folder, "input.parquet");
        string types = string.Join(", ", (await Columns($"SELECT * FROM '{parquet}'")).Select(f => $"'{f.Name}': '{f.Type}'"));
        List<string> sources = [$"'{parquet}'"];
        string csv = Path.Combine(folder, "input.csv");
        if (File.Exists(csv) && Embedded) sources.Add($"read_csv('{csv}', header = true, columns = {{{types}}})");
        foreach (string source in sources)
        {
            await _session.ExecuteAsync("DROP TABLE IF EXISTS fixture_answers");
            await _session.ExecuteAsync($"CREATE OR REPLACE TABLE fixture_rows AS SELECT * FROM {source}");
            await _session.ExecuteAsync($"PREDICT {name} ON fixture_rows INTO fixture_answers");
            await Compare(root, folder, source);
            var outputs = root.GetProperty("outputs").EnumerateArray().Select(o => Quote(o.GetProperty("output").GetString()!)).ToList();
            await Same($"SELECT row_id, {string.Join(", ", outputs)} FROM fixture_answers", $"SELECT row_id, {string.Join(", ", outputs)} FROM ML.PREDICT(MODEL {name}, TABLE fixture_rows)", source);
            await Scalar(name, outputs, source);
        }
    }

    [Test]
    public async Task Describe_tells_inputs_outputs_classes_source_and_hash()
    {
        if (!Embedded) Assert.Ignore("The JSON operators of this test are DuckDB's; what DESCRIBE tells does not depend on the engine.");
        string file = TestData.Shared("fixtures", "models", "logistic_binary_zipmap", "model.onnx");
        await _session.ExecuteAsync($"IMPORT MODEL described FROM '{file}' OUTPUT (output_label AS malignant)");
        string hash = (await Rows("SELECT content_hash FROM mlsql.versions WHERE model = 'described'")).Single()[0];
        Assert.That((await Rows("DESCRIBE MODEL described")).Select(r => string.Join('|', r)), Is.EqualTo(new[]
        {
            "feature|X|a list of 30 elements, each a number|X: float[N, 30]",
            "output|malignant|BIGINT|output_label",
            "output|output_probability|MAP(BIGINT, FLOAT)|output_probability",
            "classes|malignant|BIGINT|one of 0, 1",
            $"source|{file}|ONNX|1,196 bytes",
            $"hash|{hash}|SHA-256|of the model with its signature",
        }));
        var facts = (await Rows("SELECT options->>'producer', options->>'nodes', options->>'opsets' FROM mlsql.versions WHERE model = 'described'")).Single();
        Assert.That(facts, Is.EqualTo(new[] { "skl2onnx 1.20.0", "4", "ai.onnx 9, ai.onnx.ml 1" }));
    }

    // A classifier gives its label and probabilities, any other graph its only output or a STRUCT of all.
    private async Task Scalar(string name, List<string> outputs, string source)
    {
        bool classifier = (await Rows($"DESCRIBE MODEL {name}")).Any(r => r[0] == "classes");
        if (classifier || outputs.Count == 1)
        {
            await Same($"SELECT row_id, {outputs[0]} FROM fixture_answers", $"SELECT row_id, PREDICT({name} USING *) FROM fixture_rows", source);
            return;
        }
        foreach (string output in outputs)
            await Same($"SELECT row_id, {output} FROM fixture_answers", $"SELECT row_id, p.{output} FROM (SELECT row_id, PREDICT({name} USING *) AS p FROM fixture_rows)", source);
    }

    private async Task Compare(JsonElement fixture, string folder, string source)
    {
        var tolerance = fixture.GetProperty("tolerance");
        double absolute = tolerance.GetProperty("abs").GetDouble(), relative = tolerance.GetProperty("rel").GetDouble();
        int labels = Allowed(tolerance, "label_mismatches_allowed"), outliers = Allowed(tolerance, "outliers_allowed");
        string expected = $"'{Path.Combine(folder, "expected.parquet")}'";
        var types = (await Columns($"SELECT * FROM {expected}")).ToDictionary(f => f.Name, f => f.Type);
        var checks = new List<(string Column, string Wrong, int Allowed)>();
        foreach (var output in fixture.GetProperty("outputs").EnumerateArray())
        {
            if (!output.TryGetProperty("columns", out var columns)) continue;
            foreach (string column in columns.EnumerateArray().Select(c => c.GetString()!))
            {
                string got = Access(output.GetProperty("output").GetString()!, column, output.GetProperty("type").GetString()!);
                string want = "e." + Quote(column);
                bool number = types[column] is FloatType;
                string wrong = number
                    ? string.Create(CultureInfo.InvariantCulture, $"NOT coalesce(({got})::DOUBLE = {want}::DOUBLE OR abs(({got})::DOUBLE - {want}::DOUBLE) <= {Real(absolute)} + {Real(relative)} * abs({want}::DOUBLE), ({got}) IS NULL AND {want} IS NULL)")
                    : $"({got})::VARCHAR IS DISTINCT FROM {want}::VARCHAR";
                checks.Add((column, wrong, number ? outliers : labels));
            }
        }
        Assert.That(checks, Is.Not.Empty);
        var counts = (await Rows($"SELECT count(*), {string.Join(", ", checks.Select(c => $"count(*) FILTER (WHERE {c.Wrong})"))} FROM fixture_answers a JOIN {expected} e ON a.row_id = e.row_id")).Single();
        Assert.That(int.Parse(counts[0], CultureInfo.InvariantCulture), Is.EqualTo(fixture.GetProperty("rows").GetInt32()), source);
        for (int i = 0; i < checks.Count; i++)
            Assert.That(int.Parse(counts[i + 1], CultureInfo.InvariantCulture), Is.LessThanOrEqualTo(checks[i].Allowed), $"rows of {checks[i].Column} beyond the tolerance, from {source}");
        if (!fixture.TryGetProperty("mean_of_all_rows", out var mean)) return;
        var means = await Rows("SELECT min(mean), max(mean) FROM fixture_answers");
        foreach (string found in means.Single()) Assert.That(double.Parse(found, CultureInfo.InvariantCulture), Is.EqualTo(mean.GetDouble()).Within(absolute + relative * mean.GetDouble()));
    }

    private static int Allowed(JsonElement tolerance, string key) => tolerance.TryGetProperty(key, out var value) ? value.GetInt32() : 0;

    private static string Real(double value) => $"CAST('{value.ToString("R", CultureInfo.InvariantCulture)}' AS DOUBLE)";

    // Lists count from 1 on DuckDB and from 0 on Spark.
    private string At(string position) => $"[{(int.Parse(position, CultureInfo.InvariantCulture) + (Embedded ? 1 : 0)).ToString(CultureInfo.InvariantCulture)}]";

    // label, probabilities[3], scores[no], parts#1[0]
    private string Access(string output, string column, string type)
    {
        string rest = column[output.Length..], quoted = "a." + Quote(output);
        if (rest.Length == 0) return quoted;
        if (SequencePart().Match(rest) is { Success: true } part) return quoted + At(part.Groups[1].Value) + At(part.Groups[2].Value);
        string key = rest[1..^1];
        if (type.Contains("map<string", StringComparison.Ordinal)) return $"{quoted}['{key}']";
        return type.Contains("map<", StringComparison.Ordinal) ? $"{quoted}[{key}]" : quoted + At(key);
    }

    // Maps are not compared by Spark, their texts are.
    private async Task Same(string left, string right, string source)
    {
        if (!Embedded)
        {
            int count = (await Columns(left)).Count();
            string names = string.Join(", ", Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"c{i}")));
            (left, right) = ($"SELECT to_json(struct(*)) FROM ({left}) AS l({names})", $"SELECT to_json(struct(*)) FROM ({right}) AS r({names})");
        }
        var difference = await Rows($"SELECT count(*) FROM (({left}) EXCEPT ALL ({right}))");
        Assert.That(difference.Single()[0], Is.EqualTo("0"), $"{right} from {source}");
    }

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

    private static string Input(JsonElement input)
    {
        string[] columns = [.. input.GetProperty("columns").EnumerateArray().Select(c => Quote(c.GetString()!))];
        return $"{Quote(input.GetProperty("input").GetString()!)} FROM ({string.Join(", ", columns)})";
    }

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    [GeneratedRegex(@"^#(\d+)\[(\d+)\]$")]
    private static partial Regex SequencePart();
}
