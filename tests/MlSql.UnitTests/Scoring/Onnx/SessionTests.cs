using System.Diagnostics;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Scoring.Onnx;
using MlSql.Scoring.Onnx.Interop;
using MlSql.UnitTests.Scoring.Memory;

namespace MlSql.UnitTests.Scoring.Onnx;

internal sealed class SessionTests
{
    private const long Mebibyte = 1 << 20;
    private static readonly FloatType _float = new(32);
    private static readonly RunLimits _limits = new(TimeSpan.FromSeconds(60), default);

    private static byte[] Bad(string name) => File.ReadAllBytes(TestData.Shared("fixtures", "bad", "onnx", name));

    // A row becomes 50 million floats before they are added up: 200 MB a row.
    private static byte[] Hungry() => new TestGraph()
        .Input("x", TensorElement.Float, "N", 1).Output("y", TensorElement.Float, "N", 1)
        .Integers("wide", 1, 50_000_000).Integers("axes", 1)
        .Node("Expand", ["x", "wide"], ["many"]).Node("Sqrt", ["many"], ["roots"]).Node("ReduceSum", ["roots", "axes"], ["y"]).ToBytes();

    // As the reader would describe it, for graphs that are not to be tried first.
    private static Model Describe(GraphSession session, bool independent = true)
    {
        var input = session.Inputs.Single();
        int width = (int)(((TensorValueType)input.Type).Shape.ElementAtOrDefault(1) ?? 1);
        var shape = ((TensorValueType)input.Type).Shape.Length < 2 ? default(int?) : width;
        return new Model(
            new ModelSignature([.. Enumerable.Range(0, width).Select(i => new Feature($"f{i}", new NumberFeature()))], "y", ModelTask.Regression, null), [],
            new GraphStructure([], [new GraphInput(input.Name, TensorElement.Float, shape is { } w ? [w] : [], [.. Enumerable.Range(0, width)])], OutputShapes.Declared(session.Outputs), null, independent, []));
    }

    private static GraphBatch Score(GraphSession session, RunLimits limits, int rows = 1)
    {
        var model = Describe(session);
        using var views = new ScoringViews(ViewStyle.Views);
        return new GraphScorer(model, session).Score([.. model.Signature.Features.Select(_ => views.Make(_float, [.. Enumerable.Repeat<object?>(1f, rows)]))], rows, limits);
    }

    [Test]
    public void An_endless_graph_is_stopped_when_its_time_is_over()
    {
        using var session = GraphSession.Create(Bad("endless_loop.onnx"), new GraphSessionOptions(), default);
        long started = Stopwatch.GetTimestamp();
        var error = Assert.Throws<LimitException>(() => Score(session, new RunLimits(TimeSpan.FromMilliseconds(300), default)).Dispose())!;
        var elapsed = Stopwatch.GetElapsedTime(started);
        TestContext.Out.WriteLine($"stopped after {elapsed.TotalMilliseconds:0} ms");
        Assert.That(error.Code, Is.EqualTo("MLS4104"));
        Assert.That(error.Message, Is.EqualTo("The model ran longer than 0.3 s on 1 row"));
        Assert.That(error.Hint, Does.Contain("--model-timeout"));
        Assert.That(elapsed, Is.LessThan(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void A_cancelled_run_ends_at_once_and_the_session_goes_on_working()
    {
        using var session = GraphSession.Create(Bad("endless_loop.onnx"), new GraphSessionOptions(), default);
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        long started = Stopwatch.GetTimestamp();
        Assert.Throws<OperationCanceledException>(() => Score(session, new RunLimits(Timeout.InfiniteTimeSpan, cancel.Token)).Dispose());
        TestContext.Out.WriteLine($"stopped after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");
        Assert.That(Stopwatch.GetElapsedTime(started), Is.LessThan(TimeSpan.FromSeconds(1)));
        Assert.Throws<OperationCanceledException>(() => Score(session, new RunLimits(Timeout.InfiniteTimeSpan, cancel.Token)).Dispose());
        Assert.That(Assert.Throws<LimitException>(() => Score(session, new RunLimits(TimeSpan.Zero, default)).Dispose())!.Code, Is.EqualTo("MLS4104"));
    }

    [Test]
    public void One_calls_end_of_time_does_not_stop_another_call()
    {
        using var session = GraphSession.Create(Bad("endless_loop.onnx"), new GraphSessionOptions(), default);
        using var cancel = new CancellationTokenSource();
        using var bothRun = new Barrier(2);
        var patient = Task.Factory.StartNew(() =>
        {
            bothRun.SignalAndWait();
            Assert.Throws<OperationCanceledException>(() => Score(session, new RunLimits(TimeSpan.FromMinutes(1), cancel.Token)).Dispose());
        }, TaskCreationOptions.LongRunning);
        bothRun.SignalAndWait();
        Assert.Throws<LimitException>(() => Score(session, new RunLimits(TimeSpan.FromMilliseconds(200), default)).Dispose());
        Assert.That(patient.Wait(TimeSpan.FromMilliseconds(500)), Is.False, "the other call was stopped as well");
        cancel.Cancel();
        patient.GetAwaiter().GetResult();
    }

    [Test]
    public void Memory_beyond_the_arena_is_a_limit_error()
    {
        using var session = GraphSession.Create(Bad("huge_runtime_alloc.onnx"), new GraphSessionOptions { ArenaBytes = 256 * Mebibyte }, default);
        var error = Assert.Throws<LimitException>(() => Score(session, _limits).Dispose())!;
        TestContext.Out.WriteLine(error.Message);
        Assert.That(error.Code, Is.EqualTo("MLS4105"));
        Assert.That(error.Message, Does.StartWith("The model wants more memory than its 256 MiB on 1 row: node ConstantOfShape: ").And.Not.Contain(".cc").And.Not.Contain("::"));
    }

    [Test]
    public void Each_session_has_an_arena_of_its_own_size()
    {
        byte[] graph = Hungry();
        using var small = GraphSession.Create(graph, new GraphSessionOptions { ArenaBytes = 64 * Mebibyte }, default);
        using var large = GraphSession.Create(graph, new GraphSessionOptions { ArenaBytes = 700 * Mebibyte }, default);
        using var free = GraphSession.Create(graph, new GraphSessionOptions(), default);
        for (int i = 0; i < 2; i++)
        {
            Assert.That(Assert.Throws<LimitException>(() => Score(small, _limits).Dispose())!.Code, Is.EqualTo("MLS4105"));
            foreach (var session in (GraphSession[])[large, free])
            {
                using var batch = Score(session, _limits);
                Assert.That(((ValueColumn)batch.Columns[0]).Values.Values<float>()[0], Is.EqualTo(50_000_000f).Within(1e-3).Percent);
            }
        }
    }

    [Test]
    public void Memory_of_a_large_batch_goes_back_after_it_where_it_is_limited()
    {
        using var session = GraphSession.Create(Hungry(), new GraphSessionOptions { ArenaBytes = 700 * Mebibyte }, default);
        long before = Resident();
        for (int i = 0; i < 3; i++) Score(session, _limits).Dispose();
        Assert.That(Resident() - before, Is.LessThan(60 * Mebibyte));

        static long Resident()
        {
            using var self = Process.GetCurrentProcess();
            return self.WorkingSet64;
        }
    }

    [Test]
    public void The_arena_is_for_values_and_weights_come_on_top()
    {
        byte[] graph = new TestGraph().Input("x", TensorElement.Float, "N", 1).Output("y", TensorElement.Float, "N", 1)
            .Floats("w", [1, 10_000_000], new float[10_000_000]).Integers("axes", 1).Node("Mul", ["x", "w"], ["p"]).Node("ReduceSum", ["p", "axes"], ["y"]).ToBytes();
        using var session = GraphSession.Create(graph, new GraphSessionOptions { ArenaBytes = 45 * Mebibyte }, default);
        using (var batch = Score(session, _limits)) Assert.That(((ValueColumn)batch.Columns[0]).Values.Values<float>()[0], Is.Zero);
        Assert.That(Assert.Throws<LimitException>(() => Score(session, _limits, rows: 2).Dispose())!.Code, Is.EqualTo("MLS4105"));
    }

    [TestCase("text_not_model.onnx")]
    [TestCase("truncated_half.onnx")]
    [TestCase("unknown_operator.onnx")]
    [TestCase("unknown_domain.onnx")]
    [TestCase("tree_cycle.onnx")]
    [TestCase("future_opset.onnx")]
    public void A_model_that_the_runtime_refuses_is_named_so_without_its_source_paths(string file)
    {
        var error = Assert.Throws<CodedException>(() => GraphSession.Create(Bad(file), new GraphSessionOptions(), default).Dispose())!;
        TestContext.Out.WriteLine(error.Message);
        Assert.That(error.Code, Is.EqualTo("MLS4103"));
        Assert.That(error.Message, Does.Not.Match(@"\.(cc|h):\d").And.Not.Contain("onnxruntime::").And.Not.Contain("\n"));
        Assert.That(error.Message, Has.Length.GreaterThan("ONNX Runtime cannot run this model: ".Length + 10));
    }

    [Test]
    public void A_run_that_fails_names_the_node()
    {
        byte[] graph = new TestGraph().Input("x", TensorElement.Int64, "N").Output("y", TensorElement.Float, "N").Floats("table", [3], 1, 2, 3).Node("Gather", ["table", "x"], ["y"]).ToBytes();
        var (model, _) = TestGraph.Import(graph);
        using var session = GraphSession.Create(graph, new GraphSessionOptions(), default);
        using var views = new ScoringViews(ViewStyle.Views);
        var column = views.Make(new IntegerType(64, true), [(Int128)1, (Int128)7]);
        var error = Assert.Throws<CodedException>(() => new GraphScorer(model, session).Score([column], 2, _limits).Dispose())!;
        TestContext.Out.WriteLine(error.Message);
        Assert.That(error.Code, Is.EqualTo("MLS4106"));
        Assert.That(error.Message, Does.StartWith("The model failed on 2 rows: node node_y (Gather): ").And.Contain("7"));
    }

    [Test]
    public void Many_threads_share_a_session()
    {
        byte[] graph = new TestGraph().Input("x", TensorElement.Float, "N", 1).Output("y", TensorElement.Float, "N", 1).Node("Mul", ["x", "x"], ["y"]).ToBytes();
        var (model, _) = TestGraph.Import(graph);
        using var session = GraphSession.Create(graph, new GraphSessionOptions { ArenaBytes = 64 * Mebibyte }, default);
        var scorer = new GraphScorer(model, session);
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, thread =>
        {
            using var views = new ScoringViews(ViewStyle.Views);
            for (int i = 0; i < 50; i++)
            {
                int rows = 1 + (i * 37 + thread) % 500;
                object?[] values = [.. Enumerable.Range(0, rows).Select(r => (object?)(float)(r + thread))];
                using var batch = scorer.Score([views.Make(_float, values)], rows, _limits);
                var got = ((ValueColumn)batch.Columns[0]).Values.Values<float>();
                Assert.That(got.Length, Is.EqualTo(rows));
                Assert.That(got[rows - 1], Is.EqualTo((float)(rows - 1 + thread) * (rows - 1 + thread)));
            }
        });
    }

    [Test]
    public void A_session_tells_its_inputs_and_outputs()
    {
        byte[] graph = new TestGraph().Input("á", TensorElement.Float, "N", 4).Output("out", TensorElement.Double, "N", 4).Node("Cast", ["á"], ["out"], ("to", 11L)).ToBytes();
        using var session = GraphSession.Create(graph, new GraphSessionOptions(), default);
        Assert.That(session.Inputs.Single(), Is.EqualTo(new GraphValue("á", new TensorValueType(TensorElement.Float, [null, 4]))));
        Assert.That(session.Outputs.Single(), Is.EqualTo(new GraphValue("out", new TensorValueType(TensorElement.Double, [null, 4]))));
    }

    [Test]
    public void A_disposed_session_says_so()
    {
        var session = GraphSession.Create(Hungry(), new GraphSessionOptions(), default);
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Score(session, _limits).Dispose());
    }

    [Test]
    public void The_runtime_tells_its_version_file_and_processor()
    {
        var info = OnnxRuntimeInfo.Read();
        Assert.That(info.Version, Does.StartWith("1.3"));
        Assert.That(info.Path, Does.Exist);
        Assert.That(info.Processor, Is.Not.Empty);
    }

    [Test]
    public void A_missing_library_is_an_error_that_names_every_place()
    {
        var error = Assert.Throws<CodedException>(() => LibraryLoader.Find(null, ["/no/one", "/no/two"]))!;
        Assert.That(error.Code, Is.EqualTo("MLS4101"));
        Assert.That(error.Message, Does.Contain(Path.Combine("/no/one", "runtimes")).And.Contain("/no/two"));
        Assert.That(error.Hint, Does.Contain("npm").And.Contain("MLSQL_ONNXRUNTIME_LIBRARY"));
        Assert.That(Assert.Throws<CodedException>(() => LibraryLoader.Find("/no/named.so", ["/no/one"]))!.Message, Does.Contain("named.so"));
    }

    [Test]
    public void A_file_that_is_not_the_library_is_named_so()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "not a library");
            Assert.That(Assert.Throws<CodedException>(() => LibraryLoader.Load(path))!.Code, Is.EqualTo("MLS4102"));
            Assert.That(Assert.Throws<CodedException>(() => LibraryLoader.Load(MlSql.Engines.DuckDb.Database.NativeLibraryInfo.Read().Path))!.Message, Does.EndWith("is not an ONNX Runtime library"));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
