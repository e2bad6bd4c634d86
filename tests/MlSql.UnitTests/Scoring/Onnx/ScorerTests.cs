using System.Text;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Scoring.Onnx;
using MlSql.UnitTests.Scoring.Memory;

namespace MlSql.UnitTests.Scoring.Onnx;

internal sealed class ScorerTests
{
    private static readonly FloatType _float = new(32);
    private static readonly FloatType _double = new(64);
    private static readonly IntegerType _bigint = new(64, true);
    private static readonly RunLimits _limits = new(TimeSpan.FromSeconds(60), default);
    private ScoringViews _views = null!;

    [SetUp]
    public void Open() => _views = new ScoringViews(ViewStyle.Views);

    [TearDown]
    public void Close() => _views.Dispose();

    private static byte[] Identity(TensorElement element, params object[] shape) =>
        new TestGraph().Input("x", element, shape).Output("y", element, shape).Node("Identity", ["x"], ["y"]).ToBytes();

    private static T Scored<T>(byte[] graph, int rows, Func<GraphBatch, T> read, params ColumnView[] columns)
    {
        var (model, trial) = TestGraph.Import(graph);
        Assert.That(trial.Warning, Is.Null);
        using var session = GraphSession.Create(graph, new GraphSessionOptions(), default);
        using var batch = new GraphScorer(model, session).Score(columns, rows, _limits);
        Assert.That(batch.Rows, Is.EqualTo(rows));
        return read(batch);
    }

    private static T[] Values<T>(GraphBatch batch, int column = 0) where T : unmanaged => ((ValueColumn)batch.Columns[column]).Values.Values<T>().ToArray();

    private static string CodeOf(byte[] graph, params ColumnView[] columns) => Assert.Throws<CodedException>(() => Scored(graph, columns[0].Length, b => 0, columns))!.Code;

    private ColumnView View(DataType type, params object?[] values) => _views.Make(type, values);

    [Test]
    public void A_column_without_nulls_is_read_in_place()
    {
        var column = View(_float, 1.5f, -2f, float.PositiveInfinity);
        byte[] graph = Identity(TensorElement.Float, "N", 1);
        Assert.That(Scored(graph, 3, b => Values<float>(b), column), Is.EqualTo(new[] { 1.5f, -2f, float.PositiveInfinity }));
        using var session = GraphSession.Create(graph, new GraphSessionOptions(), default);
        using var run = session.Begin(_limits, 3);
        using var tensor = new MlSql.Scoring.Onnx.Interop.InputTensor(run.Api, new GraphInput("x", TensorElement.Float, [1], [0]));
        Assert.That(InputFiller.Create(TensorElement.Float).TryBorrow(tensor, column, 0, 3), Is.True);
        Assert.That(InputFiller.Create(TensorElement.Float).TryBorrow(tensor, View(_float, 1f, null), 0, 2), Is.False);
        Assert.That(InputFiller.Create(TensorElement.Double).TryBorrow(tensor, column, 0, 3), Is.False);
    }

    [TestCase(TensorElement.Float)]
    [TestCase(TensorElement.Double)]
    [TestCase(TensorElement.Half)]
    public void Numbers_of_any_type_are_rounded_and_their_nulls_become_nan(TensorElement element)
    {
        ColumnView[] columns =
        [
            View(_float, 1.25f, null, 3f), View(_double, 0.1, 2.0, null), View(new BooleanType(), true, false, null), View(_bigint, (Int128)3, null, (Int128)(-4)),
            View(new IntegerType(8, false), null, (Int128)255, (Int128)1), View(new DecimalType(5, 2), (Int128)12345, (Int128)(-5), null), View(new NullType(), null, null, null),
        ];
        double[] expected =
        [
            1.25, 0.1, 1, 3, double.NaN, 123.45, double.NaN,
            double.NaN, 2, 0, double.NaN, 255, -0.05, double.NaN,
            3, double.NaN, double.NaN, -4, 1, double.NaN, double.NaN,
        ];
        var got = Scored(Identity(element, "N", 7), 3, b =>
        {
            Assert.That(b.Validity.Length, Is.Zero);
            return element == TensorElement.Double ? Values<double>(b) : [.. Values<float>(b).Select(v => (double)v)];
        }, columns);
        Assert.That(got, Is.EqualTo(element switch
        {
            TensorElement.Double => expected,
            TensorElement.Float => [.. expected.Select(v => (double)(float)v)],
            _ => expected.Select(v => (double)(Half)v).ToArray(),
        }));
    }

    [Test]
    public void Numbers_of_the_upper_half_of_a_float_round_to_even_and_come_out_as_floats()
    {
        float[] given = [1f, 1.00390625f, 1.01171875f, -3.5f, 1e30f, float.NaN, float.PositiveInfinity];
        byte[] graph = new TestGraph().Input("x", TensorElement.BFloat16, "N").Output("y", TensorElement.BFloat16, "N").Node("Identity", ["x"], ["y"]).ToBytes();
        var got = Scored(graph, given.Length, b => Values<float>(b), View(_float, [.. given.Select(v => (object?)v)]));
        Assert.That(got, Is.EqualTo(new[] { 1f, 1f, 1.015625f, -3.5f, 1.00025555e30f, float.NaN, float.PositiveInfinity }).Within(1e-5).Percent);
    }

    [Test]
    public void A_null_for_an_integer_or_boolean_tensor_makes_the_rows_results_null()
    {
        byte[] graph = new TestGraph().Input("n", TensorElement.Int64, "N").Input("f", TensorElement.Boolean, "N", 1).Output("y", TensorElement.Int64, "N").Output("g", TensorElement.Boolean, "N", 1)
            .Node("Identity", ["n"], ["y"]).Node("Not", ["f"], ["g"]).ToBytes();
        Scored(graph, 4, b =>
        {
            Assert.That(Enumerable.Range(0, 4).Select(b.IsValid), Is.EqualTo(new[] { true, false, false, true }));
            Assert.That(Values<long>(b), Is.EqualTo(new long[] { 5, 0, 7, -8 }));
            Assert.That(Values<byte>(b, 1), Is.EqualTo(new byte[] { 0, 1, 1, 1 }));
            return 0;
        }, View(new IntegerType(32, true), (Int128)5, null, (Int128)7, (Int128)(-8)), View(new BooleanType(), true, false, null, false));
    }

    [Test]
    public void Only_columns_whose_every_value_fits_go_into_integer_tensors()
    {
        byte[] graph = Identity(TensorElement.Int32, "N");
        Assert.That(Scored(graph, 2, b => Values<int>(b), View(new IntegerType(16, false), (Int128)65535, (Int128)0)), Is.EqualTo(new[] { 65535, 0 }));
        Assert.That(Scored(graph, 2, b => Values<int>(b), View(new BooleanType(), true, false)), Is.EqualTo(new[] { 1, 0 }));
        Assert.That(Scored(graph, 1, b => Values<int>(b), View(new DecimalType(9, 0), (Int128)(-999_999_999))), Is.EqualTo(new[] { -999_999_999 }));
        foreach (DataType type in (DataType[])[_bigint, new IntegerType(32, false), new DecimalType(10, 0), new DecimalType(4, 1), _float])
            Assert.That(CodeOf(graph, View(type, (object?)null)), Is.EqualTo("MLS4111"), type.ToString());
        Assert.That(CodeOf(Identity(TensorElement.Boolean, "N"), View(_bigint, (Int128)1)), Is.EqualTo("MLS4111"));
        Assert.That(CodeOf(Identity(TensorElement.Float, "N"), View(new StringType(), "1")), Is.EqualTo("MLS4111"));
        Assert.That(CodeOf(Identity(TensorElement.Text, "N"), View(_bigint, (Int128)1)), Is.EqualTo("MLS4111"));
    }

    [TestCase((int)ViewStyle.Views)]
    [TestCase((int)ViewStyle.Offsets)]
    public void Texts_go_through_byte_by_byte(int style)
    {
        string?[] texts = ["", "Łódź", "日本語の長いテキスト 🚀", "with\0zero", null, "plain text that is longer than twelve bytes"];
        using var views = new ScoringViews((ViewStyle)style);
        var got = Scored(Identity(TensorElement.Text, "N", 1), texts.Length, b =>
        {
            var values = ((ValueColumn)b.Columns[0]).Values;
            return Enumerable.Range(0, texts.Length).Select(i => Encoding.UTF8.GetString(values.Text(i))).ToArray();
        }, views.Make(new StringType(), texts));
        Assert.That(got, Is.EqualTo(texts.Select(t => t ?? "")));
    }

    [Test]
    public void An_enum_is_fed_as_its_text()
    {
        var got = Scored(Identity(TensorElement.Text, "N"), 3, b => Enumerable.Range(0, 3).Select(i => Encoding.UTF8.GetString(((ValueColumn)b.Columns[0]).Values.Text(i))).ToArray(),
            View(new EnumType(["käse", "ei"]), "ei", null, "käse"));
        Assert.That(got, Is.EqualTo(new[] { "ei", "", "käse" }));
    }

    private static (Model Model, byte[] Graph) ListModel(TensorElement element, int width)
    {
        byte[] graph = Identity(element, "N", width);
        var model = TestGraph.Import(graph).Model;
        var structure = (GraphStructure)model.Structure;
        return (model with
        {
            Signature = model.Signature with { Features = [new Feature("x", new NumberListFeature(width))] },
            Structure = structure with { Inputs = [structure.Inputs[0] with { Features = [0] }] },
        }, graph);
    }

    [Test]
    public void A_list_fills_a_matrix_and_so_do_as_many_scalars()
    {
        var (model, graph) = ListModel(TensorElement.Float, 2);
        using var session = GraphSession.Create(graph, new GraphSessionOptions(), default);
        var scorer = new GraphScorer(model, session);
        float[] expected = [1, 2, float.NaN, float.NaN, 5, float.NaN];
        ColumnView[][] forms =
        [
            [View(new ListType(_float), new object?[] { 1f, 2f }, null, new object?[] { 5f, null })],
            [View(new ListType(_double), new object?[] { 1.0, 2.0 }, null, new object?[] { 5.0, null })],
            [View(new ArrayType(_bigint, 2), new object?[] { (Int128)1, (Int128)2 }, null, new object?[] { (Int128)5, null })],
            [View(_float, 1f, null, 5f), View(_bigint, (Int128)2, null, null)],
        ];
        foreach (var form in forms)
        {
            using var batch = scorer.Score(form, 3, _limits);
            Assert.That(Values<float>(batch), Is.EqualTo(expected), form[0].Type.ToString());
        }
        var error = Assert.Throws<CodedException>(() => scorer.Score([View(new ListType(_float), new object?[] { 1f, 2f }, new object?[] { 1f, 2f, 3f })], 2, _limits).Dispose())!;
        Assert.That(error.Code, Is.EqualTo("MLS4110"));
        Assert.That(error.Message, Is.EqualTo("Feature expects lists of 2 values but a row has one of 3: x (row 1 of its batch)"));
        Assert.That(Assert.Throws<CodedException>(() => scorer.Score([View(_float, 1f), View(_float, 1f), View(_float, 1f)], 1, _limits).Dispose())!.Code, Is.EqualTo("MLS4112"));
        Assert.That(Assert.Throws<CodedException>(() => scorer.Score([View(_float, 1f), View(_float, 1f)], 2, _limits).Dispose())!.Code, Is.EqualTo("MLS4113"));
    }

    [Test]
    public void A_null_within_a_list_of_integers_makes_the_row_null()
    {
        var (model, graph) = ListModel(TensorElement.Int64, 2);
        using var session = GraphSession.Create(graph, new GraphSessionOptions(), default);
        using var batch = new GraphScorer(model, session).Score([View(new ListType(_bigint), new object?[] { (Int128)1, (Int128)2 }, new object?[] { (Int128)3, null }, null)], 3, _limits);
        Assert.That(Values<long>(batch), Is.EqualTo(new long[] { 1, 2, 3, 0, 0, 0 }));
        Assert.That(Enumerable.Range(0, 3).Select(batch.IsValid), Is.EqualTo(new[] { true, false, false }));
    }

    [TestCase(1, 0)]
    [TestCase(1, 1)]
    [TestCase(1, 5)]
    [TestCase(4, 0)]
    [TestCase(4, 1)]
    [TestCase(4, 4)]
    [TestCase(4, 9)]
    public void A_fixed_batch_is_fed_group_by_group(int batch, int rows)
    {
        byte[] graph = new TestGraph().Input("x", TensorElement.Float, batch, 2).Output("y", TensorElement.Float, batch, 2).Output("t", TensorElement.Text, batch, 2)
            .Node("Mul", ["x", "x"], ["y"]).Node("Cast", ["x"], ["t"], ("to", 8L)).ToBytes();
        Scored(graph, rows, b =>
        {
            Assert.That(Values<float>(b), Is.EqualTo(Enumerable.Range(0, rows).SelectMany(r => new float[] { r * r, 100 })));
            var texts = ((ValueColumn)b.Columns[1]).Values;
            Assert.That(Enumerable.Range(0, rows * 2).Select(i => Encoding.UTF8.GetString(texts.Text(i))), Is.EqualTo(Enumerable.Range(0, rows).SelectMany(r => new[] { $"{r}", "10" })));
            return 0;
        }, View(_float, [.. Enumerable.Range(0, rows).Select(r => (object?)(float)r)]), View(_double, [.. Enumerable.Repeat<object?>(10.0, rows)]));
    }

    [Test]
    public void No_rows_give_empty_columns()
    {
        foreach (var element in (TensorElement[])[TensorElement.Float, TensorElement.Int64])
            Assert.That(Scored(Identity(element, "N", 3), 0, b => ((ValueColumn)b.Columns[0]).Values, View(_bigint), View(_bigint), View(_bigint)), Has.Property("Rows").Zero.And.Property("Width").EqualTo(3));
        Assert.That(Scored(Identity(TensorElement.Text, "N"), 0, b => ((ValueColumn)b.Columns[0]).Values.Rows, View(new StringType())), Is.Zero);
    }

    [Test]
    public void Many_independent_rows_are_run_in_slices_with_the_same_results()
    {
        const int rows = 20_001;
        object?[] values = [.. Enumerable.Range(0, rows).Select(r => r % 100 == 7 ? null : (object?)(float)r)];
        byte[] graph = new TestGraph().Input("x", TensorElement.Float, "N", 2).Output("y", TensorElement.Float, "N", 1).Integers("axes", 1).Node("ReduceSum", ["x", "axes"], ["y"]).ToBytes();
        var got = Scored(graph, rows, b => Values<float>(b), View(_float, values), View(_float, values));
        Assert.That(got, Is.EqualTo(values.Select(v => v is float f ? f + f : float.NaN)));
        var borrowed = Scored(Identity(TensorElement.Float, "N"), rows, b => Values<float>(b), View(_float, [.. Enumerable.Range(0, rows).Select(r => (object?)(float)r)]));
        Assert.That(borrowed, Is.EqualTo(Enumerable.Range(0, rows).Select(r => (float)r)));
    }

    [Test]
    public void Rows_that_influence_each_other_stay_together()
    {
        const int rows = 9_000;
        byte[] graph = new TestGraph().Input("x", TensorElement.Float, "N").Output("y", TensorElement.Float, "N").Output("top", TensorElement.Float)
            .Node("ReduceMax", ["x"], ["top"], ("keepdims", 0L)).Node("Sub", ["x", "top"], ["y"]).ToBytes();
        Scored(graph, rows, b =>
        {
            Assert.That(b.Outputs[1].BatchWide, Is.True);
            Assert.That(((ValueColumn)b.Columns[1]).BatchWide, Is.True);
            Assert.That(Values<float>(b, 1), Is.EqualTo(new float[] { rows - 1 }));
            Assert.That(Values<float>(b)[0], Is.EqualTo((float)(1 - rows)));
            return 0;
        }, View(_float, [.. Enumerable.Range(0, rows).Select(r => (object?)(float)r)]));
    }

    [Test]
    public void An_output_that_is_not_as_it_was_at_import_is_an_error_with_both_numbers()
    {
        byte[] graph = Identity(TensorElement.Float, "N", 2);
        var model = TestGraph.Import(graph).Model;
        var structure = (GraphStructure)model.Structure;
        using var session = GraphSession.Create(graph, new GraphSessionOptions(), default);
        ColumnView[] columns = [View(_float, 1f, 2f), View(_float, 1f, 2f)];
        string Failure(GraphOutput output) =>
            Assert.Throws<CodedException>(() => new GraphScorer(model with { Structure = structure with { Outputs = [output] } }, session).Score(columns, 2, _limits).Dispose()) is { } e ? $"{e.Code} {e.Message}" : "";
        Assert.That(Failure(structure.Outputs[0] with { Width = 3 }), Is.EqualTo("MLS4108 Output y has 2 values a row where it had 3 when the model was imported"));
        Assert.That(Failure(structure.Outputs[0] with { Type = _float, Width = 1 }), Does.StartWith("MLS4108"));
        Assert.That(Failure(structure.Outputs[0] with { BatchWide = true }), Does.StartWith("MLS4108"));
        Assert.That(Failure(structure.Outputs[0] with { Name = "no" }), Does.StartWith("MLS4114"));

        byte[] fewer = new TestGraph().Input("x", TensorElement.Float, "N").Output("y", TensorElement.Float, "M").Integers("one", 1).Node("Reshape", ["x", "shape"], ["z"]).Node("Compress", ["z", "keep"], ["y"])
            .Node("Shape", ["x"], ["shape"]).Node("Cast", ["x"], ["keep"], ("to", 9L)).ToBytes();
        using var dropping = GraphSession.Create(fewer, new GraphSessionOptions(), default);
        var described = model with { Structure = structure with { Inputs = [new GraphInput("x", TensorElement.Float, [], [0])], Outputs = [structure.Outputs[0] with { Type = _float, Width = 1 }] }, Signature = model.Signature with { Features = [model.Signature.Features[0]] } };
        var error = Assert.Throws<CodedException>(() => new GraphScorer(described, dropping).Score([View(_float, 1f, 0f, 2f)], 3, _limits).Dispose())!;
        Assert.That($"{error.Code} {error.Message}", Is.EqualTo("MLS4107 Output y has 2 rows where 3 were fed"));
    }

    [Test]
    public void Values_cannot_be_read_after_the_batch_is_disposed()
    {
        byte[] graph = Identity(TensorElement.Float, "N");
        var (model, _) = TestGraph.Import(graph);
        using var session = GraphSession.Create(graph, new GraphSessionOptions(), default);
        var batch = new GraphScorer(model, session).Score([View(_float, 1f)], 1, _limits);
        Assert.Throws<ArgumentException>(() => Values<double>(batch));
        batch.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Values<float>(batch));
    }
}
