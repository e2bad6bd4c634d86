using System.Collections.Immutable;
using MlSql.Models.Onnx;
using MlSql.Models.Onnx.Export;
using MlSql.Models.Onnx.Trees;

namespace MlSql.UnitTests.Models.Onnx.Trees;

/// <summary>The operator TreeEnsemble of ai.onnx.ml 5: random ones give what ONNX Runtime gives, damaged ones a reason.</summary>
internal sealed class TreeEnsembleTests
{
    private const int Columns = 3, Rows = 400;

    [Test]
    public void Random_ones([Values(TensorElement.Float, TensorElement.Double)] TensorElement element, [Values(0, 1)] long aggregate, [Range(0, 5)] int seed)
    {
        Random random = new(seed);
        List<long> features = [], whenTrue = [], trueLeafs = [], whenFalse = [], falseLeafs = [], missing = [], roots = [], targets = [];
        List<double> modes = [], splits = [], weights = [], members = [], near = [];
        int outputs = seed % 2 == 0 ? 1 : 2;
        for (int tree = 0; tree < 5; tree++)
        {
            roots.Add(features.Count);
            Inner(4, tree % outputs);
        }
        GraphWriter graph = new(mlOpset: 5);
        graph.Input("X", element, Columns, "");
        string output = graph.Output("values", element, outputs, "");
        graph.MlOutputNode("TreeEnsemble", [output], ["X"],
            NodeAttribute.Of("aggregate_function", aggregate), NodeAttribute.Of("post_transform", seed % 4), NodeAttribute.Of("n_targets", outputs),
            NodeAttribute.Of("nodes_featureids", [.. features]), NodeAttribute.Of("nodes_truenodeids", [.. whenTrue]), NodeAttribute.Of("nodes_trueleafs", [.. trueLeafs]), NodeAttribute.Of("nodes_falsenodeids", [.. whenFalse]), NodeAttribute.Of("nodes_falseleafs", [.. falseLeafs]),
            NodeAttribute.Of("nodes_missing_value_tracks_true", [.. missing]), NodeAttribute.Of("tree_roots", [.. roots]), NodeAttribute.Of("leaf_targetids", [.. targets]),
            NodeAttribute.Tensor("nodes_modes", [.. modes], TensorElement.UInt8), NodeAttribute.Tensor("nodes_splits", [.. splits], element), NodeAttribute.Tensor("leaf_weights", [.. weights], element), NodeAttribute.Tensor("membership_values", [.. members], element));
        object?[] Numbers() => [.. Enumerable.Range(0, Rows).Select(_ => (object?)(random.Next(4) switch { 0 => near[random.Next(near.Count)], 1 => random.Next(-2, 40), 2 => double.NaN, _ => random.NextDouble() * 8 - 4 }))];
        Assert.That(string.Join('\n', RecognisedCase.Differences(graph.Write("", []), [Numbers(), Numbers(), Numbers()]).Take(3)), Is.Empty);

        long Inner(int depth, int target)
        {
            int at = features.Count;
            features.Add(random.Next(Columns));
            int mode = random.Next(7);
            modes.Add(mode);
            double split = mode == 6 ? 0 : random.Next(-6, 7) / 2.0;
            splits.Add(split);
            near.Add(split);
            missing.Add(random.Next(2));
            if (mode == 6) members.AddRange([.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => (double)random.Next(0, 40)).Distinct(), double.NaN]);
            foreach (var (children, leafs) in new[] { (whenTrue, trueLeafs), (whenFalse, falseLeafs) })
            {
                children.Add(0);
                leafs.Add(0);
            }
            foreach (var (children, leafs) in new[] { (whenTrue, trueLeafs), (whenFalse, falseLeafs) })
            {
                bool leaf = depth == 1 || random.Next(4) == 0;
                leafs[at] = leaf ? 1 : 0;
                children[at] = leaf ? Leaf(target) : Inner(depth - 1, target);
            }
            return at;
        }

        long Leaf(int target)
        {
            targets.Add(target);
            weights.Add((float)(random.NextDouble() * 4 - 2));
            return targets.Count - 1;
        }
    }

    private static IEnumerable<TestCaseData> Damage()
    {
        yield return new("nodes_truenodeids", NodeAttribute.Of("nodes_truenodeids", [5L]), "it is unsound: a child that is not there: 5");
        yield return new("nodes_truenodeids", NodeAttribute.Of("nodes_truenodeids", [-1L]), "it is unsound: a child that is not there: -1");
        yield return new("nodes_truenodeids", NodeAttribute.Of("nodes_truenodeids", [0L, 0L]), "it is unsound: arrays of different lengths");
        yield return new("nodes_trueleafs", NodeAttribute.Of("nodes_trueleafs", [0L]), "the branches of its trees share too many nodes, or run in a circle");
        yield return new("tree_roots", NodeAttribute.Of("tree_roots", [1L]), "it is unsound: a root that is not there");
        yield return new("leaf_weights", NodeAttribute.Tensor("leaf_weights", [1], TensorElement.Float), "it is unsound: arrays of different lengths");
        yield return new("leaf_weights", NodeAttribute.Tensor("leaf_weights", [1, double.NaN], TensorElement.Float), "a leaf of it adds what is no finite number");
        yield return new("nodes_splits", NodeAttribute.Tensor("nodes_splits", [double.NaN], TensorElement.Float), "its trees compare with NaN");
        yield return new("nodes_splits", NodeAttribute.Tensor("nodes_splits", [1], TensorElement.Double), "it is unsound: nodes_splits of Double");
        yield return new("nodes_modes", NodeAttribute.Tensor("nodes_modes", [7], TensorElement.UInt8), "it is unsound: the mode 7");
        yield return new("nodes_modes", NodeAttribute.Tensor("nodes_modes", [6], TensorElement.UInt8), "it is unsound: fewer sets than nodes that ask for members");
        yield return new("nodes_featureids", NodeAttribute.Of("nodes_featureids", [3L]), "its trees read column 3 of 3");
        yield return new("nodes_featureids", NodeAttribute.Of("nodes_featureids", [-1L]), "its trees read column -1 of 3");
        yield return new("leaf_targetids", NodeAttribute.Of("leaf_targetids", [0L, 7L]), "a leaf of it adds to value 7 of 1");
        yield return new("n_targets", NodeAttribute.Of("n_targets", 1L << 40), "it is unsound: no number of targets");
        yield return new("aggregate_function", NodeAttribute.Of("aggregate_function", 3L), "its trees are aggregated by the smallest or largest value");
        yield return new("post_transform", NodeAttribute.Of("post_transform", 4L), "its post transform is number 4");
    }

    [TestCaseSource(nameof(Damage))]
    public void A_damaged_one_is_refused_with_the_reason(string name, object attribute, string reason)
    {
        NodeAttribute[] sound =
        [
            NodeAttribute.Of("aggregate_function", 1), NodeAttribute.Of("post_transform", 0), NodeAttribute.Of("n_targets", 1), NodeAttribute.Of("nodes_featureids", [0L]), NodeAttribute.Of("nodes_truenodeids", [0L]),
            NodeAttribute.Of("nodes_trueleafs", [1L]), NodeAttribute.Of("nodes_falsenodeids", [1L]), NodeAttribute.Of("nodes_falseleafs", [1L]), NodeAttribute.Of("tree_roots", [0L]), NodeAttribute.Of("leaf_targetids", [0L, 0L]),
            NodeAttribute.Tensor("nodes_modes", [0], TensorElement.UInt8), NodeAttribute.Tensor("nodes_splits", [1], TensorElement.Float), NodeAttribute.Tensor("leaf_weights", [1, 2], TensorElement.Float),
        ];
        Assert.That(Recognise(sound).Succeeded);
        Assert.That(Recognise([.. sound.Select(a => a.Name == name ? (NodeAttribute)attribute : a)]).Reason, Is.EqualTo(reason));
    }

    // Without a runtime, which would not take the damaged ones.
    private static Recognition Recognise(NodeAttribute[] attributes)
    {
        GraphWriter graph = new(mlOpset: 5);
        graph.Input("X", TensorElement.Float, Columns, "");
        string output = graph.Output("values", TensorElement.Float, 1, "");
        graph.MlOutputNode("TreeEnsemble", [output], ["X"], attributes);
        GraphStructure structure = new([.. graph.Write("", [])], [new("X", TensorElement.Float, [Columns], [0, 1, 2])], [new(output, output, new MlSql.Columnar.FloatType(32), false, 1)], null, true, []);
        ImmutableArray<MlSql.Models.Feature> features = [.. Enumerable.Range(0, Columns).Select(i => new MlSql.Models.Feature($"f{i}", new MlSql.Models.TensorFeature(TensorElement.Float)))];
        return GraphRecogniser.Recognise(structure, features, default);
    }
}
