using MlSql.Models.Onnx;
using MlSql.Models.Onnx.Export;

namespace MlSql.UnitTests.Models.Onnx.Trees;

/// <summary>Random ensembles of every kind give the classes of ONNX Runtime, and its values but for the last bits of exponentials.</summary>
internal sealed class RandomEnsembleTests
{
    private const int Columns = 3, Rows = 400;

    private static readonly string[] Transforms = ["NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO"];

    [Test]
    public void Classifiers([Values(TensorElement.Float, TensorElement.Double, TensorElement.Int64, TensorElement.Int32)] TensorElement element, [Values(0, 1, 2, 3, 4)] int seed)
    {
        foreach (string transform in Transforms)
            foreach (int[] targets in (int[][])[[0], [1], [0, 1], [0, 1, 2, 3]])
            {
                Random random = new(seed * 100 + targets.Length * 10 + targets[0]);
                bool positive = random.Next(2) == 0, texts = random.Next(2) == 0;
                RandomEnsemble ensemble = new(random, Columns, element);
                for (int tree = 0; tree < 5; tree++) ensemble.Add(4, targets, () => (random.NextDouble() - (positive ? 0 : 0.5)) / 2, seed % 2 == 0 ? null : "BRANCH_LEQ");
                int classes = Math.Max(2, targets.Length);
                NodeAttribute[] bases = targets.Length == 4 && random.Next(2) == 0 ? [NodeAttribute.Of("base_values", [0.5f, -0.25f, 0.1f, 0])] : targets is [0] && random.Next(2) == 0 ? [NodeAttribute.Of("base_values", [0.3f])] : [];
                GraphWriter graph = new();
                graph.Input("X", element, Columns, "");
                string label = graph.Output("label", texts ? TensorElement.Text : TensorElement.Int64, null, ""), scores = graph.Output("scores", TensorElement.Float, classes, "");
                graph.MlOutputNode("TreeEnsembleClassifier", [label, scores], ["X"],
                [
                    .. ensemble.Attributes("class", asTensors: element == TensorElement.Double && random.Next(2) == 0), .. bases, NodeAttribute.Of("post_transform", transform),
                    texts ? NodeAttribute.Of("classlabels_strings", [.. Enumerable.Range(0, classes).Select(i => $"class {9 - i}")]) : NodeAttribute.Of("classlabels_int64s", [.. Enumerable.Range(0, classes).Select(i => 7L - i)]),
                ]);
                Same(graph, ensemble, $"{transform} {string.Join(',', targets)}");
            }
    }

    [Test]
    public void Regressors([Values(TensorElement.Float, TensorElement.Double)] TensorElement element, [Values("SUM", "AVERAGE")] string aggregate, [Values(0, 1, 2, 3)] int seed)
    {
        foreach (string transform in Transforms)
            foreach (int targets in (int[])[1, 3])
            {
                Random random = new(seed * 10 + targets);
                RandomEnsemble ensemble = new(random, Columns, element);
                // The last tree gives all a score, those before only one.
                for (int tree = 0; tree < 5; tree++) ensemble.Add(4, tree == 4 ? [.. Enumerable.Range(0, targets)] : [random.Next(targets)], () => random.NextDouble() * 10 - 5, null);
                NodeAttribute[] bases = random.Next(2) == 0 ? [NodeAttribute.Of("base_values", [.. Enumerable.Range(0, targets).Select(i => i + 0.3f)])] : [];
                GraphWriter graph = new();
                graph.Input("X", element, Columns, "");
                string values = graph.Output("values", TensorElement.Float, targets, "");
                graph.MlOutputNode("TreeEnsembleRegressor", [values], ["X"],
                    [.. ensemble.Attributes("target", asTensors: false), .. bases, NodeAttribute.Of("post_transform", transform), NodeAttribute.Of("aggregate_function", aggregate), NodeAttribute.Of("n_targets", targets)]);
                Same(graph, ensemble, $"{transform} {targets}");
            }
    }

    [Test]
    public void Chains_of_comparisons_for_equality([Values(0, 1, 2, 3, 4, 5)] int seed)
    {
        Random random = new(seed);
        RandomEnsemble ensemble = new(random, Columns, TensorElement.Float);
        for (int tree = 0; tree < 6; tree++)
            ensemble.AddChain([.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => (double)random.Next(seed % 2 == 0 ? 30 : 100)).Distinct()], random.Next(Columns), random.Next(2) == 0, 0);
        GraphWriter graph = new();
        graph.Input("X", TensorElement.Float, Columns, "");
        string values = graph.Output("values", TensorElement.Float, 1, "");
        graph.MlOutputNode("TreeEnsembleRegressor", [values], ["X"], [.. ensemble.Attributes("target", asTensors: false), NodeAttribute.Of("n_targets", 1)]);
        Same(graph, ensemble, "chain");
    }

    private static void Same(GraphWriter graph, RandomEnsemble ensemble, string what) =>
        Assert.That(string.Join('\n', RecognisedCase.Differences(graph.Write("", []), [.. Enumerable.Range(0, Columns).Select(_ => ensemble.Numbers(Rows).Select(v => (object?)v).ToArray())]).Take(3)), Is.Empty, what);
}
