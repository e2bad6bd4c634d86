using System.Collections.Immutable;
using MlSql.Models.Onnx;
using MlSql.Models.Onnx.Export;
using MlSql.Models.Onnx.Trees;

namespace MlSql.UnitTests.Models.Onnx.Trees;

/// <summary>What converters write before and behind trees: folded into splits without one row on another branch.</summary>
internal sealed class PreprocessingTests
{
    private const int Rows = 500;

    private static readonly ImmutableArray<string> Ports = ["", "Cherbourg", "Queenstown – Cobh", "😀", "\uFF5E"];

    [Test]
    public void Steps_before_the_trees_keep_every_row_on_its_branch([Range(0, 11)] int seed)
    {
        Random random = new(seed);
        GraphWriter graph = new();
        graph.Input("X", TensorElement.Float, 3, "");
        string output = graph.Output("values", TensorElement.Float, 1, ""), value = "X";
        for (int i = 0; i <= seed % 4; i++) value = Step(graph, random, value, i);
        RandomEnsemble ensemble = new(random, 3, TensorElement.Float);
        for (int tree = 0; tree < 8; tree++) ensemble.Add(3, [0], () => random.NextDouble(), null);
        Regressor(graph, ensemble, value, output);
        Same(graph, [.. Enumerable.Range(0, 3).Select(_ => Objects(ensemble.Numbers(Rows)))]);
    }

    [Test]
    public void Doubles_cast_before_the_trees_and_singles_cast_to_doubles([Values(TensorElement.Double, TensorElement.Float)] TensorElement from, [Values(0, 1)] int seed)
    {
        Random random = new(seed);
        TensorElement to = from == TensorElement.Double ? TensorElement.Float : TensorElement.Double;
        GraphWriter graph = new();
        graph.Input("X", from, 3, "");
        string output = graph.Output("values", TensorElement.Float, 1, ""), cast = graph.Node("Cast", "cast", ["X"], NodeAttribute.Of("to", (long)to));
        string value = to == TensorElement.Double ? graph.Node("Div", "d", [graph.Node("Sub", "s", [cast, graph.Constants("m", [0.1, -0.2, 0.3], 3)]), graph.Constants("v", [0.7, 1.3, -2.1], 1, 3)])
            : graph.Node("Mul", "d", [graph.Node("Sub", "s", [graph.Constants("m", [0.1f, -0.2f, 0.3f], 3), cast]), graph.Constants("v", [0.7f], 1)]);
        RandomEnsemble ensemble = new(random, 3, to);
        for (int tree = 0; tree < 8; tree++) ensemble.Add(3, [0], () => random.NextDouble(), "BRANCH_LT");
        Regressor(graph, ensemble, value, output);
        Same(graph, [.. Enumerable.Range(0, 3).Select(_ => Objects(ensemble.Numbers(Rows)))]);
    }

    [Test]
    public void Texts_codes_numbers_and_booleans_become_one_matrix([Range(0, 5)] int seed)
    {
        Random random = new(seed);
        GraphWriter graph = new();
        graph.Input("age", TensorElement.Float, 1, "");
        graph.Input("port", TensorElement.Text, 1, "");
        graph.Input("class", TensorElement.Int64, 1, "");
        graph.Input("flag", TensorElement.Boolean, 1, "");
        graph.Input("pair", TensorElement.Float, 2, "");
        string output = graph.Output("values", TensorElement.Float, 1, "");
        string hot = graph.Node("Reshape", "flat", [graph.MlNode("OneHotEncoder", "hot", ["port"], NodeAttribute.Of("cats_strings", Ports), NodeAttribute.Of("zeros", 1)), graph.Constants("shape", [-1L, Ports.Length], 2)]);
        ImmutableArray<long> numbers = seed % 2 == 0 ? [1, 2, 3] : [-7, 5000];
        string codes = graph.Node("Flatten", "codes flat", [graph.MlNode("OneHotEncoder", "codes", ["class"], NodeAttribute.Of("cats_int64s", numbers), NodeAttribute.Of("zeros", 1))], NodeAttribute.Of("axis", 1));
        string level = graph.Node("Cast", "level number", [graph.MlNode("LabelEncoder", "level", ["port"], NodeAttribute.Of("keys_strings", Ports), NodeAttribute.Of("values_int64s", [4, 2, 0, 2, 3]), NodeAttribute.Of("default_int64", 1))], NodeAttribute.Of("to", 1));
        string flag = graph.Node("Cast", "flag number", ["flag"], NodeAttribute.Of("to", 1)), number = graph.Node("Cast", "class number", ["class"], NodeAttribute.Of("to", 1));
        string second = graph.Node("Gather", "second", ["pair", graph.Constants("one", [1L], 1)], NodeAttribute.Of("axis", 1)), first = graph.MlNode("ArrayFeatureExtractor", "first", ["pair", graph.Constants("zero", [0L], 1, 1)]);
        string scaled = graph.Node("Mul", "scaled", [graph.Node("Add", "shifted", [graph.Node("Concat", "hots", [hot, codes], NodeAttribute.Of("axis", 1)), graph.Constants("half", [0.5f], 1)]), graph.Constants("negative", [-2f], 1)]);
        string all = graph.Node("Concat", "all", ["age", scaled, level, flag, number, second, first], NodeAttribute.Of("axis", -1));
        int columns = 6 + Ports.Length + (seed % 2 == 0 ? 3 : 2);
        RandomEnsemble ensemble = new(random, columns, TensorElement.Float);
        for (int tree = 0; tree < 12; tree++) ensemble.Add(5, [0], () => random.NextDouble(), null);
        Regressor(graph, ensemble, all, output);
        object?[] Choose(params object?[] from) => [.. Enumerable.Range(0, Rows).Select(_ => from[random.Next(from.Length)])];
        Same(graph,
        [
            Objects(ensemble.Numbers(Rows)), Choose([null, "unseen", .. Ports]), Choose(null, 1.0, 2.0, 3.0, 4.0, -7.0, 5000.0, -1e15, 123456789.0), Choose(null, 0.0, 1.0),
            Objects(ensemble.Numbers(Rows)), Objects(ensemble.Numbers(Rows)),
        ]);
    }

    [Test]
    public void A_NULL_in_an_integer_tensor_makes_the_row_NULL_even_where_no_split_reads_it()
    {
        RecognisedGraph graph = RecognisedCase.Recognise(Written(static graph => graph.Input("unread", TensorElement.Int64, 1, ""))).Graph!;
        Assert.That(graph.Required, Is.EqualTo(new[] { 1 }));
        Assert.That(graph.Featurizers.Select(f => f.Feature), Is.EqualTo(new[] { 0 }));
    }

    [Test]
    public void Maps_products_with_one_and_single_columns_come_out_as_ONNX_Runtime_gives_them([Values] bool texts)
    {
        Random random = new(1);
        RandomEnsemble ensemble = new(random, 2, TensorElement.Float);
        for (int tree = 0; tree < 4; tree++) ensemble.Add(3, [0, 1, 2], () => random.NextDouble(), null);
        NodeAttribute Classes() => texts ? NodeAttribute.Of("classlabels_strings", ["z", "\uFF5E", "😀"]) : NodeAttribute.Of("classlabels_int64s", [10, -3, 9]);
        GraphWriter graph = new();
        graph.Input("X", TensorElement.Float, 2, "");
        string label = graph.Output("label", texts ? TensorElement.Text : TensorElement.Int64, null, ""), product = graph.Output("product", TensorElement.Float, 3, ""), twice = graph.Output("twice", TensorElement.Double, 3, "");
        string last = graph.Output("last", TensorElement.Float, 1, ""), flat = graph.Output("flat", TensorElement.Float, null, "");
        graph.MlOutputNode("TreeEnsembleClassifier", ["label raw", "raw"], ["X"], [.. ensemble.Attributes("class", asTensors: false), Classes(), NodeAttribute.Of("post_transform", "SOFTMAX")]);
        graph.OutputNode("Identity", label, ["label raw"]);
        graph.OutputNode("Mul", product, ["raw", graph.Constants("one", [1f])]);
        graph.OutputNode("Mul", twice, [graph.Node("Cast", "wide", ["raw"], NodeAttribute.Of("to", 11)), graph.Constants("two", [2.0])]);
        graph.MlOutputNode("ArrayFeatureExtractor", [last], ["raw", graph.Constants("two index", [2L], 1, 1)]);
        graph.OutputNode("Reshape", flat, [last, graph.Constants("flat shape", [-1L], 1)]);
        Same(graph, [Objects(ensemble.Numbers(Rows)), Objects(ensemble.Numbers(Rows))]);
    }

    private static IEnumerable<TestCaseData> Unknown()
    {
        static TestCaseData Case(string reason, Func<GraphWriter, string> columns) => new TestCaseData(columns, reason).SetArgDisplayNames(reason);
        yield return Case("its Normalizer mixes the columns of a row", g => g.MlNode("Normalizer", "n", ["X"], NodeAttribute.Of("norm", "L2")));
        yield return Case("its trees read what the operator `Tanh` gives", g => g.Node("Tanh", "t", ["X"]));
        yield return Case("its operator Add mixes columns", g => g.Node("Add", "a", ["X", "X"]));
        yield return Case("it divides a constant by a column", g => g.Node("Div", "d", [g.Constants("c", [1f], 1), "X"]));
        yield return Case("it scales or shifts a column by 0", g => g.Node("Mul", "m", ["X", g.Constants("c", [0f], 1)]));
        yield return Case("it scales or shifts a column by Infinity", g => g.Node("Add", "m", ["X", g.Constants("c", [float.PositiveInfinity], 1)]));
        yield return Case("it computes with Double before its trees compare 32-bit numbers", g => g.MlNode("Scaler", "s", ["D"], NodeAttribute.Of("offset", [0.5f]), NodeAttribute.Of("scale", [2f])));
        yield return Case("it casts Float to Int64", g => g.Node("Cast", "back", [g.Node("Cast", "whole", ["X"], NodeAttribute.Of("to", 7))], NodeAttribute.Of("to", 1)));
    }

    [TestCaseSource(nameof(Unknown))]
    public void Other_columns_are_refused_with_the_reason(Func<GraphWriter, string> columns, string reason)
    {
        byte[] graph = Written(static graph =>
        {
            graph.Input("T", TensorElement.Text, 1, "");
            graph.Input("D", TensorElement.Double, 2, "");
        }, columns);
        Assert.That(RecognisedCase.Recognise(graph).Reason, Is.EqualTo(reason));
    }

    // Two columns, and a tree that compares both of them.
    private static byte[] Written(Action<GraphWriter> inputs, Func<GraphWriter, string>? columns = null)
    {
        GraphWriter graph = new();
        graph.Input("X", TensorElement.Float, 2 - (columns is null ? 1 : 0), "");
        inputs(graph);
        string output = graph.Output("values", TensorElement.Float, 1, "");
        graph.MlOutputNode("TreeEnsembleRegressor", [output], [columns?.Invoke(graph) ?? "X"],
            NodeAttribute.Of("nodes_treeids", [0, 0, 0]), NodeAttribute.Of("nodes_nodeids", [0, 1, 2]), NodeAttribute.Of("nodes_featureids", [0, 0, 0]), NodeAttribute.Of("nodes_modes", ["BRANCH_LEQ", "LEAF", "LEAF"]),
            NodeAttribute.Of("nodes_truenodeids", [1, 0, 0]), NodeAttribute.Of("nodes_falsenodeids", [2, 0, 0]), NodeAttribute.Of("nodes_values", [0.5f, 0, 0]),
            NodeAttribute.Of("target_treeids", [0, 0]), NodeAttribute.Of("target_nodeids", [1, 2]), NodeAttribute.Of("target_ids", [0, 0]), NodeAttribute.Of("target_weights", [1f, 2f]), NodeAttribute.Of("n_targets", 1));
        return graph.Write("", []);
    }

    private static string Step(GraphWriter graph, Random random, string value, int i)
    {
        ImmutableArray<float> Three(double from, double to) => [.. Enumerable.Range(0, 3).Select(_ => (float)(from + random.NextDouble() * (to - from)))];
        string name = $"step {i}";
        return random.Next(6) switch
        {
            0 => graph.MlNode("Scaler", name, [value], NodeAttribute.Of("offset", Three(-2, 2)), NodeAttribute.Of("scale", Three(0.1, 3))),
            1 => graph.Node("Sub", name, [value, graph.Constants(name + " c", Three(-1, 1).AsSpan(), 3)]),
            2 => graph.Node("Div", name, [value, graph.Constants(name + " c", Three(0.3, 2).AsSpan(), 1, 3)]),
            3 => graph.Node("Mul", name, [value, graph.Constants(name + " c", Three(-2, -0.4).AsSpan(), 3)]),
            4 => graph.MlNode("Imputer", name, [value], NodeAttribute.Of("imputed_value_floats", Three(-1, 1)), NodeAttribute.Of("replaced_value_float", float.NaN)),
            _ => graph.MlNode("Imputer", name, [value], NodeAttribute.Of("imputed_value_floats", [0.75f]), NodeAttribute.Of("replaced_value_float", (float)random.Next(-2, 3))),
        };
    }

    private static void Regressor(GraphWriter graph, RandomEnsemble ensemble, string value, string output) =>
        graph.MlOutputNode("TreeEnsembleRegressor", [output], [value], [.. ensemble.Attributes("target", asTensors: false), NodeAttribute.Of("n_targets", 1)]);

    private static object?[] Objects(double[] values) => [.. values.Select(v => (object?)v)];

    private static void Same(GraphWriter graph, IReadOnlyList<object?[]> values) => Assert.That(string.Join('\n', RecognisedCase.Differences(graph.Write("", []), values).Take(3)), Is.Empty);
}
