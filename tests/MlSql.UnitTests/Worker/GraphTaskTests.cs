using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Engines.DuckDb.Database;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Models.Onnx.Trees;
using MlSql.Scoring;
using MlSql.Scoring.Commands;
using MlSql.Scoring.Onnx;
using MlSql.Scoring.Outputs;
using MlSql.UnitTests.Models.Onnx.Trees;
using MlSql.UnitTests.Scoring.Onnx;

namespace MlSql.UnitTests.Worker;

/// <summary>Imported graphs give a task what they give in process.</summary>
internal sealed class GraphTaskTests
{
    [Test]
    public void Every_fixture_is_answered_value_by_value()
    {
        string[] folders = [.. Directory.GetDirectories(TestData.Shared("fixtures", "models")).Where(f => File.Exists(Path.Combine(f, "fixture.json")))];
        Assert.That(folders, Has.Length.GreaterThanOrEqualTo(59));
        using EngineSide engine = new EngineSide().Opened();
        foreach (string folder in folders) Compare(new Fixture(folder), engine);
    }

    /// <summary>Their files hold no graph, so nothing but the kernels can have answered.</summary>
    [Test]
    public void Recognised_ones_are_answered_by_kernels()
    {
        string[] folders = [.. Directory.GetDirectories(TestData.Shared("fixtures", "models")).Where(f => File.Exists(Path.Combine(f, "fixture.json")))];
        using EngineSide engine = new EngineSide().Opened();
        int recognised = folders.Count(folder => CompareRecognised(new Fixture(folder), engine));
        Assert.That(recognised, Is.GreaterThanOrEqualTo(20));
    }

    [Test]
    public void A_graph_that_never_ends_stops_with_its_time_and_with_the_connection()
    {
        byte[] graph = File.ReadAllBytes(TestData.Shared("fixtures", "bad", "onnx", "endless_loop.onnx"));
        var onnx = TestGraph.ModelOf(graph);
        var declared = ((TensorValueType)onnx.Inputs[0].Type).Shape;
        int width = (int)(declared.ElementAtOrDefault(1) ?? 1);
        Model model = new(
            new([.. Enumerable.Range(0, width).Select(i => new Feature($"x{i}", new TensorFeature(TensorElement.Float)))], "y", ModelTask.Graph, null), [],
            new GraphStructure([.. graph], [new GraphInput(onnx.Inputs[0].Name, TensorElement.Float, declared.Length < 2 ? [] : [width], [.. Enumerable.Range(0, width)])], [new GraphOutput(onnx.Outputs[0].Name, "y", new ListType(new FloatType(32)), false, null)], null, true, []));
        using StoredModel stored = new(model);
        Schema schema = new([.. Enumerable.Range(0, width).Select(i => new Field($"_{i}", new FloatType(64)))]);
        RecordBatch rows = new(schema, [.. Enumerable.Range(0, width).Select(_ => new FixedColumn<double>(new FloatType(64), [1], 1, null))], 1);
        using EngineSide first = new EngineSide().Opened();
        var command = stored.Predict(ScoreOutput.Value, new ListType(new FloatType(32)), [.. model.Signature.Features.Select(f => f.Name)]);
        var answer = first.Run(TaskBytes.Scalar(command with { BatchTimeout = TimeSpan.FromMilliseconds(300) }, stored.Folder, schema, rows));
        Assert.That(answer.Error, Does.StartWith("MLS4104: ").And.Contain("model graph version 1, batch 1 of partition 0"));

        using EngineSide second = new EngineSide(first.Process).Opened();
        second.Stream.Write(TaskBytes.Scalar(command with { BatchTimeout = Timeout.InfiniteTimeSpan }, stored.Folder, schema, rows));
        Assert.That(second.Ends(TimeSpan.FromMilliseconds(700)), Is.False);
        var watch = Stopwatch.StartNew();
        second.Dispose();
        Assert.That(second.Ends(TimeSpan.FromSeconds(10)));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void The_score_of_more_than_two_classes_is_all_probabilities_in_their_order()
    {
        byte[] graph = new TestGraph().Input("X", TensorElement.Float, "N", 3).Output("label", TensorElement.Int64, "N").Output("p", TensorElement.Float, "N", 3)
            .Node("ArgMax", ["X"], ["label"], ("axis", 1L), ("keepdims", 0L)).Node("Softmax", ["X"], ["p"], ("axis", 1L)).ToBytes();
        // The graph's numbers 0, 1, 2 are of the classes 30, 10 and 20.
        Model model = new(
            new([.. Enumerable.Range(0, 3).Select(i => new Feature($"x{i}", new TensorFeature(TensorElement.Float)))], "label", ModelTask.Classification, new(ClassKind.Integer, ["10", "20", "30"])), [],
            new GraphStructure([.. graph], [new("X", TensorElement.Float, [3], [0, 1, 2])], [new("label", "label", new IntegerType(64, true), false, 1), new("p", "p", new ListType(new FloatType(32)), false, 3)], null, true, [1, 2, 0]));
        using StoredModel stored = new(model);
        Schema schema = new([.. Enumerable.Range(0, 3).Select(i => new Field($"_{i}", new FloatType(64)))]);
        RecordBatch rows = new(schema, [.. new double[][] { [1, 0], [2, 0], [3, 0] }.Select(x => new FixedColumn<double>(new FloatType(64), x, 2, null))], 2);
        using EngineSide engine = new EngineSide().Opened();
        var answer = engine.Run(TaskBytes.Scalar(stored.Predict(ScoreOutput.Score, new ListType(new FloatType(64)), ["x0", "x1", "x2"]), stored.Folder, schema, rows));
        Assert.That(answer.Error, Is.Null);
        var lists = (ListColumn)answer.Batches.Single().Columns[0];
        double sum = Math.Exp(1) + Math.Exp(2) + Math.Exp(3);
        Assert.That(((FixedColumn<double>)lists.Elements).Values.ToArray(), Is.EqualTo(new[] { Math.Exp(2) / sum, Math.Exp(3) / sum, Math.Exp(1) / sum, 1 / 3.0, 1 / 3.0, 1 / 3.0 }).Within(1e-6));
        Assert.That((lists.Range(0).Length, lists.Range(1).Length), Is.EqualTo((3, 3)));

        using EngineSide second = new EngineSide(engine.Process).Opened();
        var refused = second.Run(TaskBytes.Scalar(stored.Predict(ScoreOutput.Score, new FloatType(64), ["x0", "x1", "x2"]), stored.Folder, schema, rows));
        Assert.That(refused.Error, Does.StartWith("MLS4312: The engine was promised DOUBLE but the model gives DOUBLE[]"));
    }

    private static void Compare(Fixture fixture, EngineSide engine)
    {
        Model model = ModelOf(fixture);
        var graph = (GraphStructure)model.Structure;
        using var session = GraphSession.Create(graph.Graph, new GraphSessionOptions(), default);
        GraphScorer scorer = new(model, session);
        Compare(fixture, model, ModelFormat.Write(model), chunk => scorer.Score(chunk.Views, chunk.Rows, new RunLimits(TimeSpan.FromSeconds(60), default)), engine);
    }

    private static bool CompareRecognised(Fixture fixture, EngineSide engine)
    {
        Model model = ModelOf(fixture);
        var graph = (GraphStructure)model.Structure;
        Recognition recognition = GraphRecogniser.Recognise(graph, model.Signature.Features, default);
        if (!recognition.Succeeded) return false;
        RecognisedModel walk = new(recognition.Graph, graph);
        Compare(fixture, model, ModelFormat.WriteForScoring(model with { Structure = graph with { Recognition = recognition } }), chunk => walk.Score(chunk.Views, chunk.Rows), engine);
        return true;
    }

    private static Model ModelOf(Fixture fixture)
    {
        var onnx = TestGraph.ModelOf(fixture.Graph);
        var trial = GraphTrial.Run(onnx, fixture.GraphInputs, default);
        return new(
            new([.. fixture.Features.Select((f, i) => f with { Type = new TensorFeature(fixture.GraphInputs.First(g => g.Features.Contains(i)).Element) })], "y", ModelTask.Graph, null), [],
            new GraphStructure([.. onnx.Bytes.Span], fixture.GraphInputs, [.. trial.Outputs.Select((o, i) => o with { Column = $"c{i}" })], trial.Batch, trial.RowsAreIndependent, []));
    }

    private static void Compare(Fixture fixture, Model model, byte[] file, Func<DuckDbChunk, GraphBatch> score, EngineSide engine)
    {
        string name = Path.GetFileName(fixture.Folder);
        using StoredModel stored = new(file);
        var graph = (GraphStructure)model.Structure;
        using var database = DuckDbDatabase.Open(new DatabaseOptions { Threads = 1 });
        using var connection = database.Connect();
        using var input = connection.ExecuteStreaming($"SELECT {string.Join(", ", fixture.FeatureColumns)} FROM '{Path.Combine(fixture.Folder, "input.parquet")}'", default);
        List<RecordBatch> batches = [];
        List<string> expected = [];
        Schema? schema = null;
        while (input.NextChunk(default) is { } chunk)
        {
            schema ??= new([.. chunk.Views.Select((v, i) => new Field($"_{i}", v.Type))]);
            batches.Add(new(schema, [.. chunk.Views.Select(ColumnCopy.Of)], chunk.Rows));
            using var scored = score(chunk);
            for (int row = 0; row < chunk.Rows; row++) expected.Add(string.Join(' ', graph.Outputs.SelectMany(o => FixtureTests.Values(scored, o.Name, row))));
        }
        var type = SignedTypes.Of(new StructType([.. graph.Outputs.Select(o => new Field(o.Column, o.Type))]));
        var answer = engine.Run(TaskBytes.Scalar(stored.Predict(ScoreOutput.Row, type, [.. fixture.Features.Select(f => f.Name)]), stored.Folder, schema!, [.. batches]));
        Assert.That(answer.Error, Is.Null, name);
        Assert.That(answer.Schema!.Fields[0].Type, Is.EqualTo(type), name);
        Assert.That(answer.Batches.SelectMany(b => Enumerable.Range(0, b.Rows).Select(row => string.Join(' ', Flat(b.Columns[0], row)))), Is.EqualTo(expected), name);
    }

    // Of maps only the values, as the other side prints them.
    private static IEnumerable<string> Flat(Column column, int row) => column switch
    {
        StructColumn fields => fields.Fields.SelectMany(f => Flat(f, row)),
        ListColumn { Type: MapType } map => Enumerable.Range(map.Range(row).Start, map.Range(row).Length).SelectMany(i => Flat(((StructColumn)map.Elements).Fields[1], i)),
        ListColumn list => Enumerable.Range(list.Range(row).Start, list.Range(row).Length).SelectMany(i => Flat(list.Elements, i)),
        MlSql.Columnar.TextColumn texts => [Encoding.UTF8.GetString(texts.Utf8(row))],
        FixedColumn<byte> { Type: BooleanType } flags => [flags.Values[row] != 0 ? "true" : "false"],
        FixedColumn<float> values => [((double)values.Values[row]).ToString("R", CultureInfo.InvariantCulture)],
        FixedColumn<double> values => [values.Values[row].ToString("R", CultureInfo.InvariantCulture)],
        FixedColumn<short> values => [values.Values[row].ToString(CultureInfo.InvariantCulture)],
        FixedColumn<int> values => [values.Values[row].ToString(CultureInfo.InvariantCulture)],
        FixedColumn<long> values => [values.Values[row].ToString(CultureInfo.InvariantCulture)],
        _ => throw new UnreachableException(column.Type.ToString()),
    };

    private sealed class StoredModel : IDisposable
    {
        private readonly byte[] _bytes;

        public StoredModel(Model model) : this(ModelFormat.Write(model)) { }

        public StoredModel(byte[] bytes)
        {
            _bytes = bytes;
            Folder = Directory.CreateTempSubdirectory("mlsql-worker-").FullName;
            File.WriteAllBytes(Path.Combine(Folder, PredictCommand.FileNameOf(ModelFormat.ContentHash(_bytes))), _bytes);
        }

        public string Folder { get; }

        public PredictCommand Predict(ScoreOutput output, DataType type, ImmutableArray<string> arguments) => new("graph", 1, ModelFormat.ContentHash(_bytes), _bytes.Length, output, type, arguments);

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }
}
