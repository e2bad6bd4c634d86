using MlSql.Columnar;
using MlSql.Columnar.Ipc;
using MlSql.Engines.DuckDb.Database;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Models.Onnx.Trees;
using MlSql.Scoring;
using MlSql.Scoring.Onnx;
using MlSql.Scoring.Outputs;
using MlSql.UnitTests.Scoring.Onnx;

namespace MlSql.UnitTests.Models.Onnx.Trees;

/// <summary>Whatever is asked of a model: the column of a recognised graph is, byte for byte, that of the same graph in ONNX Runtime.</summary>
internal sealed class RecognisedWriterTests
{
    [TestCase("adult_tree_pipeline_string_label")]
    [TestCase("lightgbm_binary_zipmap")]
    [TestCase("random_forest_multiclass")]
    [TestCase("titanic_forest_pipeline")]
    [TestCase("random_forest_regression")]
    public void Every_form_of_answer_is_the_same_column(string name)
    {
        Fixture fixture = new(TestData.Shared("fixtures", "models", name));
        OnnxModel onnx = OnnxReader.Read(fixture.Graph, new OnnxLimits(), default);
        GraphTrialResult trial = GraphTrial.Run(TestGraph.ModelOf(onnx.Bytes), fixture.GraphInputs, default);
        ClassLabels? classes = onnx.Classes;
        GraphStructure structure = new([.. onnx.Bytes.Span], fixture.GraphInputs, trial.Outputs, trial.Batch, trial.RowsAreIndependent, classes is null ? [] : [.. Enumerable.Range(0, classes.Values.Length)]);
        ModelSignature signature = new(fixture.Features, "y", classes is null ? ModelTask.Regression : ModelTask.Classification, classes);
        RecognisedGraph recognised = GraphRecogniser.Recognise(structure, fixture.Features, default).Graph!;
        RecognisedModel own = new(recognised, structure);
        using var session = GraphSession.Create(structure.Graph, new GraphSessionOptions(), default);
        GraphScorer runtime = new(new Model(signature, [], structure), session);
        using var database = DuckDbDatabase.Open(new DatabaseOptions { Threads = 1 });
        using var connection = database.Connect();
        using var input = connection.ExecuteStreaming($"SELECT {string.Join(", ", fixture.FeatureColumns)} FROM '{Path.Combine(fixture.Folder, "input.parquet")}'", default);
        var chunk = input.NextChunk(default)!;
        using GraphBatch batch = runtime.Score(chunk.Views, chunk.Rows, new RunLimits(TimeSpan.FromSeconds(60), default));
        double[] sums = own.Sums(chunk.Views, chunk.Rows);
        // Every seventh row is as if a feature that cannot be NULL were.
        ulong[] validity = new ulong[(chunk.Rows + 63) / 64];
        for (int row = 0; row < chunk.Rows; row++) validity[row >> 6] |= row % 7 == 3 ? 0 : 1UL << (row & 63);
        using GraphBatch masked = new(chunk.Rows, batch.Outputs, batch.Columns, validity);

        List<(ScoreOutput Output, int? Class, DataType Type)> asked = [(ScoreOutput.Row, null, Row(structure)), (ScoreOutput.Score, null, signature.IsMulticlass ? new ListType(new FloatType(64)) : new FloatType(64)), (ScoreOutput.Value, null, classes is null && structure.Outputs.Length > 1 ? Row(structure) : structure.Outputs[0].Type)];
        if (classes is not null) asked.AddRange([(ScoreOutput.Probabilities, null, new ListType(new FloatType(64))), (ScoreOutput.Probability, null, new FloatType(64)), (ScoreOutput.Probability, 1, new FloatType(64))]);
        foreach (var (output, index, type) in asked)
        {
            byte[] wanted = Written(type, chunk.Rows, column => new GraphWriter(signature, structure, output, index).Write(masked, column));
            byte[] got = Written(type, chunk.Rows, column => new RecognisedWriter(signature, structure, recognised, output, index).Write(sums, chunk.Rows, validity, column));
            Assert.That(got.AsSpan().SequenceEqual(wanted), $"{output} {index}");
        }
    }

    private static StructType Row(GraphStructure structure) => new([.. structure.Outputs.Select(o => new Field(o.Column, o.Type))]);

    private static byte[] Written(DataType type, int rows, Action<ArrowColumn> write)
    {
        using MemoryStream stream = new();
        ArrowStreamWriter writer = new(stream, new ArrowSchema([ArrowField.Of("c", type)]));
        write(new ArrowColumn(writer.Begin(rows)[0], isRow: type is StructType));
        writer.Send(default);
        writer.End(default);
        return stream.ToArray();
    }
}
