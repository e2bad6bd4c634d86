using MlSql.Columnar;
using MlSql.Models.Onnx;
using MlSql.Scoring.Onnx;

namespace MlSql.UnitTests.Scoring.Onnx;

internal sealed class TrialTests
{
    private static GraphTrialResult TrialOf(string fixture)
    {
        var f = new Fixture(TestData.Shared("fixtures", "models", fixture));
        return GraphTrial.Run(TestGraph.ModelOf(f.Graph), f.GraphInputs, default);
    }

    private static string Types(GraphTrialResult trial) => string.Join("; ", trial.Outputs.Select(o => $"{o.Name} {o.Type} {(o.BatchWide ? "batch" : o.Width?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-")}"));

    [TestCase("linear_svc", "label BIGINT 1; probabilities FLOAT[] 2")]
    [TestCase("lightgbm_multiclass", "label BIGINT 1; probabilities FLOAT[] 10")]
    [TestCase("lightgbm_binary_zipmap", "label BIGINT 1; probabilities MAP(BIGINT, FLOAT) -")]
    [TestCase("logistic_multinomial_zipmap_strings", "output_label VARCHAR 1; output_probability MAP(VARCHAR, FLOAT) -")]
    [TestCase("sequence_of_tensors", "parts FLOAT[][] -")]
    [TestCase("float16_softmax", "probabilities FLOAT[] 3")]
    [TestCase("mixed_dtypes", "total DOUBLE 1; is_big BOOLEAN 1; name VARCHAR 1")]
    [TestCase("recommender_topk", "item_id BIGINT[] 10; score FLOAT[] 10")]
    [TestCase("linear_regression_double", "variable DOUBLE 1")]
    public void Outputs_have_the_types_that_the_graph_really_gives(string fixture, string expected)
    {
        var trial = TrialOf(fixture);
        Assert.That(Types(trial), Is.EqualTo(expected));
        Assert.That((trial.Warning, trial.Batch, trial.RowsAreIndependent), Is.EqualTo(((CodedException?)null, (int?)null, true)));
    }

    [Test]
    public void Rows_that_influence_each_other_are_found()
    {
        var trial = TrialOf("batch_dependent_scalar");
        Assert.That(Types(trial), Is.EqualTo("score FLOAT 1; mean FLOAT batch"));
        Assert.That(trial.RowsAreIndependent, Is.False);
    }

    [Test]
    public void A_fixed_batch_is_found()
    {
        var trial = TrialOf("mlp_fixed_batch_1");
        Assert.That((trial.Batch, trial.RowsAreIndependent), Is.EqualTo(((int?)1, true)));
        byte[] mean = new TestGraph().Input("x", TensorElement.Float, 4, 2).Output("y", TensorElement.Float, 4, 2)
            .Node("ReduceMean", ["x"], ["m"], ("axes", new long[] { 0 })).Node("Sub", ["x", "m"], ["y"]).ToBytes();
        var four = TestGraph.Import(mean).Trial;
        Assert.That((four.Batch, four.RowsAreIndependent, Types(four)), Is.EqualTo(((int?)4, false, "y FLOAT[] 2")));
        byte[] two = new TestGraph().Input("x", TensorElement.Float, 4, 1).Input("z", TensorElement.Float, 5, 1).Output("y", TensorElement.Float, 4, 1).Output("w", TensorElement.Float, 5, 1)
            .Node("Identity", ["x"], ["y"]).Node("Identity", ["z"], ["w"]).ToBytes();
        Assert.That(Assert.Throws<CodedException>(() => TestGraph.Import(two))!.Code, Is.EqualTo("MLS4116"));
    }

    [Test]
    public void An_output_as_wide_as_the_batch_is_a_list_of_any_width()
    {
        byte[] graph = new TestGraph().Input("x", TensorElement.Float, "N", 2).Output("y", TensorElement.Float, "N", "N").Node("Transpose", ["x"], ["t"]).Node("MatMul", ["x", "t"], ["y"]).ToBytes();
        var trial = TestGraph.Import(graph).Trial;
        Assert.That(Types(trial), Is.EqualTo("y FLOAT[] -"));
        Assert.That(trial.RowsAreIndependent, Is.False);
    }

    [Test]
    public void An_output_without_a_row_for_each_row_is_refused_by_name()
    {
        byte[] graph = new TestGraph().Input("x", TensorElement.Float, "N", 2).Output("y", TensorElement.Float, 2, "N").Node("Transpose", ["x"], ["y"]).ToBytes();
        var error = Assert.Throws<CodedException>(() => TestGraph.Import(graph))!;
        Assert.That((error.Code, error.Message), Is.EqualTo(("MLS4109", "Output y cannot be a column: it has the shape [2, 1] for 1 row and [2, 3] for 3")));
    }

    [Test]
    public void A_constant_output_stands_for_all_rows()
    {
        byte[] graph = new TestGraph().Input("x", TensorElement.Float, "N").Output("y", TensorElement.Float, "N").Output("c", TensorElement.Float, 2).Floats("two", [2], 3, 4)
            .Node("Neg", ["x"], ["y"]).Node("Neg", ["two"], ["c"]).ToBytes();
        var trial = TestGraph.Import(graph).Trial;
        Assert.That(Types(trial), Is.EqualTo("y FLOAT 1; c FLOAT[] batch"));
        Assert.That(trial.RowsAreIndependent, Is.True);
    }

    [TestCase("endless_loop.onnx", "MLS4104")]
    [TestCase("huge_runtime_alloc.onnx", "MLS4105")]
    [TestCase("tree_feature_out_of_range.onnx", "MLS4106")]
    public void A_run_that_fails_is_a_warning_and_the_declared_shapes_stand(string file, string code)
    {
        byte[] graph = File.ReadAllBytes(TestData.Shared("fixtures", "bad", "onnx", file));
        var trial = TestGraph.Import(graph).Trial;
        Assert.That(trial.Warning?.Code, Is.EqualTo(code));
        Assert.That(trial.Outputs.Select(o => o.Name), Is.EqualTo(TestGraph.ModelOf(graph).Outputs.Select(o => o.Name)));
        Assert.That(trial.RowsAreIndependent, Is.False);
    }

    [Test]
    public void A_graph_without_a_session_is_refused()
    {
        byte[] good = new TestGraph().Input("x", TensorElement.Float, "N").Output("y", TensorElement.Float, "N").Node("Neg", ["x"], ["y"]).ToBytes();
        byte[] bad = new TestGraph().Input("x", TensorElement.Float, "N").Output("y", TensorElement.Float, "N").Node("Frobnicate", ["x"], ["y"]).ToBytes();
        var model = TestGraph.ModelOf(good) with { Bytes = bad };
        Assert.That(Assert.Throws<CodedException>(() => GraphTrial.Run(model, [new GraphInput("x", TensorElement.Float, [], [0])], default))!.Code, Is.EqualTo("MLS4103"));
    }

    [Test]
    public void No_bad_model_does_more_than_fail_with_a_code_or_a_warning()
    {
        string[] files = Directory.GetFiles(TestData.Shared("fixtures", "bad", "onnx"), "*.onnx");
        Assert.That(files, Has.Length.GreaterThanOrEqualTo(35));
        foreach (string file in files)
        {
            string verdict;
            try
            {
                var trial = TestGraph.Import(File.ReadAllBytes(file)).Trial;
                verdict = $"{Types(trial)} {trial.Warning?.Code} {trial.Warning?.Message}";
                Assert.That(trial.Warning?.Code ?? "MLS41", Does.StartWith("MLS41"));
            }
            catch (CodedException e)
            {
                verdict = $"{e.Code} {e.Message}";
                Assert.That(e.Code, Is.EqualTo("MLS4103"), Path.GetFileName(file));
                Assert.That(e.Message, Does.Not.Match(@"\.(cc|h):\d").And.Not.Contain("onnxruntime::"));
            }
            TestContext.Out.WriteLine($"{Path.GetFileName(file)}: {verdict}");
        }
    }

    [Test]
    public void A_trial_can_be_cancelled()
    {
        byte[] graph = File.ReadAllBytes(TestData.Shared("fixtures", "bad", "onnx", "endless_loop.onnx"));
        var model = TestGraph.ModelOf(graph);
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        int width = (int)(((TensorValueType)model.Inputs[0].Type).Shape.ElementAtOrDefault(1) ?? 1);
        Assert.Throws<OperationCanceledException>(() => GraphTrial.Run(model, [new GraphInput(model.Inputs[0].Name, TensorElement.Float, [width], [.. Enumerable.Range(0, width)])], cancel.Token));
    }
}
