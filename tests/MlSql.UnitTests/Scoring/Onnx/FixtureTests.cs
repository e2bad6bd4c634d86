using System.Globalization;
using System.Text;
using MlSql.Columnar;
using MlSql.Engines.DuckDb.Database;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Scoring.Onnx;

namespace MlSql.UnitTests.Scoring.Onnx;

/// <summary>Every model of the shared fixtures gives what the tool that trained it gave, within the fixture's tolerance.</summary>
internal sealed class FixtureTests
{
    [Test]
    public void Every_fixture_folder_is_run()
    {
        string[] folders = [.. Directory.GetDirectories(TestData.Shared("fixtures", "models")).Where(f => File.Exists(Path.Combine(f, "fixture.json")))];
        Assert.That(folders, Has.Length.GreaterThanOrEqualTo(59));
        Assert.That(folders.SelectMany(f => Failures(new Fixture(f))), Is.Empty);
    }

    [Test]
    public void A_value_of_the_whole_batch_is_that_of_all_rows()
    {
        var fixture = new Fixture(TestData.Shared("fixtures", "models", "batch_dependent_scalar"));
        var (model, _) = TestGraph.Import(fixture.Graph);
        using var session = GraphSession.Create(fixture.Graph, new GraphSessionOptions(), default);
        using var database = DuckDbDatabase.Open(new DatabaseOptions { Threads = 1 });
        using var connection = database.Connect();
        using var input = connection.ExecuteStreaming($"SELECT {string.Join(", ", fixture.FeatureColumns)} FROM '{Path.Combine(fixture.Folder, "input.parquet")}'", default);
        var chunk = input.NextChunk(default)!;
        using var batch = new GraphScorer(model, session).Score(chunk.Views, chunk.Rows, new RunLimits(TimeSpan.FromSeconds(60), default));
        Assert.That(((ValueColumn)batch.Columns[1]).Values.Number(0), Is.EqualTo(3.4128205101363935).Within(1e-5));
    }

    private static string[] Failures(Fixture fixture)
    {
        string name = Path.GetFileName(fixture.Folder);
        try
        {
            return [.. Compare(fixture).Select(failure => $"{name}: {failure}").Take(3)];
        }
        catch (CodedException e)
        {
            return [$"{name}: {e.Code} {e.Message}"];
        }
    }

    private static List<string> Compare(Fixture fixture)
    {
        var onnx = TestGraph.ModelOf(fixture.Graph);
        var trial = GraphTrial.Run(onnx, fixture.GraphInputs, default);
        if (trial.Warning is not null) return [$"{trial.Warning.Code} {trial.Warning.Message}"];
        var model = new Model(
            new ModelSignature(fixture.Features, "y", ModelTask.Regression, null), [],
            new GraphStructure([.. onnx.Bytes.Span], fixture.GraphInputs, trial.Outputs, trial.Batch, trial.RowsAreIndependent, []));
        using var session = GraphSession.Create(((GraphStructure)model.Structure).Graph, new GraphSessionOptions(), default);
        var scorer = new GraphScorer(model, session);

        using var database = DuckDbDatabase.Open(new DatabaseOptions { Threads = 1 });
        using var connection = database.Connect();
        string[][] expected = Texts(connection, fixture);
        List<string> failures = [];
        int row = 0;
        using var input = connection.ExecuteStreaming($"SELECT {string.Join(", ", fixture.FeatureColumns)} FROM '{Path.Combine(fixture.Folder, "input.parquet")}'", default);
        HashSet<int> different = [];
        while (input.NextChunk(default) is { } chunk)
        {
            using var batch = scorer.Score(chunk.Views, chunk.Rows, new RunLimits(TimeSpan.FromSeconds(60), default));
            for (int i = 0; i < chunk.Rows; i++, row++)
            {
                string[] got = [.. fixture.Outputs.Where(o => o.Columns.Length > 0).SelectMany(o => Values(batch, o.Name, i))];
                if (got.Length != expected[row].Length) return [$"row {row} has {got.Length} values, expected {expected[row].Length}"];
                for (int j = 0; j < got.Length; j++)
                {
                    if (Matches(fixture, got[j], expected[row][j])) continue;
                    different.Add(row);
                    failures.Add($"row {row}, value {j}: {got[j]}, expected {expected[row][j]}");
                }
            }
        }
        if (row != fixture.Rows) return [$"{row} rows, expected {fixture.Rows}"];
        return different.Count <= fixture.RowsAllowedToDiffer ? [] : failures;
    }

    private static bool Matches(Fixture fixture, string got, string expected)
    {
        if (got == expected) return true;
        if (!double.TryParse(got, CultureInfo.InvariantCulture, out double g) || !double.TryParse(expected, CultureInfo.InvariantCulture, out double e)) return false;
        return g.Equals(e) || Math.Abs(g - e) <= fixture.Absolute + fixture.Relative * Math.Abs(e);
    }

    internal static string[][] Texts(DuckDbConnection connection, Fixture fixture)
    {
        string columns = string.Join(", ", fixture.Outputs.SelectMany(o => o.Columns).Select(c => $"CAST(\"{c}\" AS VARCHAR)"));
        using var result = connection.ExecuteStreaming($"SELECT {columns} FROM '{Path.Combine(fixture.Folder, "expected.parquet")}'", default);
        List<string[]> rows = [];
        while (result.NextChunk(default) is { } chunk)
            for (int i = 0; i < chunk.Rows; i++) rows.Add([.. chunk.Views.Select(v => v.IsValid(i) ? Encoding.UTF8.GetString(v.Text(i)) : "nan")]);
        return [.. rows];
    }

    internal static IEnumerable<string> Values(GraphBatch batch, string output, int row)
    {
        Assert.That(batch.IsValid(row), Is.True);
        return batch.Columns[batch.Outputs.ToList().FindIndex(o => o.Name == output)] switch
        {
            ValueColumn { BatchWide: true } v => Row(v.Values, 0),
            ValueColumn v => Row(v.Values, row),
            MapColumn m => Enumerable.Range(m.Offsets[row], m.Offsets[row + 1] - m.Offsets[row]).SelectMany(i => Row(m.Values, i)),
            ListsColumn l => l.Parts.SelectMany(p => Row(p, row)),
            var other => throw new ArgumentException(other.GetType().Name),
        };
    }

    private static IEnumerable<string> Row(TensorValues values, int row) => Enumerable.Range(row * values.Width, values.Width).Select(i => values.Element switch
    {
        TensorElement.Text => Encoding.UTF8.GetString(values.Text(i)),
        TensorElement.Boolean => values.Number(i) != 0 ? "true" : "false",
        _ => values.Number(i).ToString("R", CultureInfo.InvariantCulture),
    });
}
