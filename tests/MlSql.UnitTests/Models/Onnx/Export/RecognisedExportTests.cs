using System.Collections.Immutable;
using System.Globalization;
using MlSql.Columnar;
using MlSql.Engines.DuckDb.Database;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Models.Onnx.Export;
using MlSql.Models.Onnx.Trees;
using MlSql.Scoring.Onnx;
using MlSql.UnitTests.Models.Onnx.Trees;
using MlSql.UnitTests.Scoring.Onnx;

namespace MlSql.UnitTests.Models.Onnx.Export;

/// <summary>The trees that were recognised in the fixtures' graphs, written as a graph of our own: ONNX Runtime gives the sums of the reference walk. The graph itself leaves as it came.</summary>
internal sealed class RecognisedExportTests
{
    private static IEnumerable<string> Names()
    {
        string models = TestData.Shared("fixtures", "models");
        return Directory.GetDirectories(models).Where(f => File.Exists(Path.Combine(f, "fixture.json"))).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal);
    }

    [Test]
    public void Recognised_trees_are_written_anew()
    {
        List<string> failures = [];
        int exported = 0;
        Dictionary<string, string> refused = [];
        foreach (string name in Names())
        {
            Fixture fixture = new(TestData.Shared("fixtures", "models", name));
            OnnxModel onnx = OnnxReader.Read(fixture.Graph, new OnnxLimits(), default);
            GraphTrialResult trial = GraphTrial.Run(TestGraph.ModelOf(onnx.Bytes), fixture.GraphInputs, default);
            GraphStructure structure = new([.. onnx.Bytes.Span], fixture.GraphInputs, trial.Outputs, trial.Batch, trial.RowsAreIndependent, []);
            ImmutableArray<Feature> tensors = [.. fixture.GraphInputs.SelectMany(input => input.Features.Select(f => new Feature(fixture.Features[f].Name, new TensorFeature(input.Element))))];
            Assert.That(OnnxExport.Write(new Model(new ModelSignature(tensors, "y", ModelTask.Regression, null), [], structure)).Bytes.Span.SequenceEqual(onnx.Bytes.Span), name);
            if (GraphRecogniser.Recognise(structure, fixture.Features, default).Graph is not { } graph) continue;
            byte[] own;
            try
            {
                own = OnnxExport.Write(new Model(new ModelSignature(graph.Features, "y", ModelTask.Regression, null), graph.Featurizers, graph.Structure)).Bytes.ToArray();
            }
            catch (CodedException refusal)
            {
                refused.Add(name, refusal.Message);
                continue;
            }
            exported++;
            if (FirstDifference(fixture, new RecognisedModel(graph, structure), graph, own) is { } difference) failures.Add($"{name}: {difference}");
        }
        TestContext.Out.WriteLine($"{exported} graphs written");
        Assert.That(string.Join('\n', failures), Is.Empty);
        Assert.That(refused, Is.Empty);
        Assert.That(exported, Is.EqualTo(20));
    }

    private static string? FirstDifference(Fixture fixture, RecognisedModel walk, RecognisedGraph graph, byte[] own)
    {
        (Model imported, GraphTrialResult trial) = TestGraph.Import(own);
        if (trial.Warning is not null) return trial.Warning.Message;
        using GraphSession session = GraphSession.Create(own, new GraphSessionOptions(), default);
        GraphScorer runtime = new(imported, session);
        using var database = DuckDbDatabase.Open(new DatabaseOptions { Threads = 1 });
        using var connection = database.Connect();
        // What the graph takes of a feature: doubles that hold the fixture's FLOATs, texts without NULL.
        IEnumerable<string> fed = fixture.FeatureColumns.Zip(graph.Features, (column, feature) => feature.Type switch
        {
            TextFeature => $"coalesce({column}, '')",
            BooleanFeature => column,
            _ => $"({column})::FLOAT::DOUBLE",
        });
        using var input = connection.ExecuteStreaming($"SELECT {string.Join(", ", fed)} FROM '{Path.Combine(fixture.Folder, "input.parquet")}'", default);
        int outputs = graph.Structure.Outputs;
        while (input.NextChunk(default) is { } chunk)
        {
            double[] sums = walk.Sums(chunk.Views, chunk.Rows);
            using GraphBatch batch = runtime.Score(chunk.Views, chunk.Rows, new RunLimits(TimeSpan.FromSeconds(60), default));
            for (int row = 0; row < chunk.Rows; row++)
            {
                string[] got = [.. FixtureTests.Values(batch, batch.Outputs[0].Name, row)];
                for (int i = 0; i < outputs; i++)
                {
                    double wanted = sums[i * chunk.Rows + row];
                    if (!(Math.Abs(double.Parse(got[i], CultureInfo.InvariantCulture) - wanted) <= 1e-5 * Math.Max(1, Math.Abs(wanted)))) return $"row {row}, sum {i}: {got[i]}, expected {wanted:R}";
                }
            }
        }
        return null;
    }
}
