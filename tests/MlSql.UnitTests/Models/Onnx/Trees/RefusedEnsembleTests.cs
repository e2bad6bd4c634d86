using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Models.Onnx.Export;
using MlSql.Models.Onnx.Trees;
using MlSql.Models.Trees;

namespace MlSql.UnitTests.Models.Onnx.Trees;

/// <summary>Ensembles of ai.onnx.ml 1 to 3 that are damaged, or whose meaning ONNX-ML leaves open: each has its reason, and no file of any kind breaks the recogniser.</summary>
internal sealed class RefusedEnsembleTests
{
    // x ≤ 0.5 ? (x ≤ 0 ? leaf 3 : leaf 4) : leaf 2.
    private static readonly NodeAttribute[] Sound =
    [
        NodeAttribute.Of("nodes_treeids", [0, 0, 0, 0, 0]), NodeAttribute.Of("nodes_nodeids", [0, 1, 2, 3, 4]), NodeAttribute.Of("nodes_featureids", [0, 0, 0, 0, 0]),
        NodeAttribute.Of("nodes_modes", ["BRANCH_LEQ", "BRANCH_LEQ", "LEAF", "LEAF", "LEAF"]), NodeAttribute.Of("nodes_truenodeids", [1, 3, 0, 0, 0]), NodeAttribute.Of("nodes_falsenodeids", [2, 4, 0, 0, 0]),
        NodeAttribute.Of("nodes_values", [0.5f, 0, 0, 0, 0]), NodeAttribute.Of("nodes_missing_value_tracks_true", [0, 0, 0, 0, 0]),
        NodeAttribute.Of("class_treeids", [0, 0, 0]), NodeAttribute.Of("class_nodeids", [2, 3, 4]), NodeAttribute.Of("class_ids", [0, 0, 0]), NodeAttribute.Of("class_weights", [0.1f, 0.2f, 0.3f]),
        NodeAttribute.Of("classlabels_int64s", [0, 1]), NodeAttribute.Of("post_transform", "NONE"),
    ];

    private static IEnumerable<TestCaseData> Changes()
    {
        static TestCaseData Case(string reason, params object[] changed) => new TestCaseData(changed, reason).SetArgDisplayNames(reason);
        yield return Case("its trees compare with NaN", NodeAttribute.Of("nodes_values", [0.5f, float.NaN, 0, 0, 0]));
        yield return Case("its trees branch by `BRANCH_MEMBER`", NodeAttribute.Of("nodes_modes", ["BRANCH_LEQ", "BRANCH_MEMBER", "LEAF", "LEAF", "LEAF"]));
        yield return Case("its post transform is `PROBIT`", NodeAttribute.Of("post_transform", "PROBIT"));
        yield return Case("its trees are aggregated by `MAX`", NodeAttribute.Of("aggregate_function", "MAX"));
        yield return Case("its classifier has a single class", NodeAttribute.Of("classlabels_int64s", [4L]));
        yield return Case("its classifier has no clear classes", NodeAttribute.Of("classlabels_strings", ["a", "b"]));
        yield return Case("a leaf of it has no weight", NodeAttribute.Of("class_nodeids", [2, 3, 3]));
        yield return Case("a leaf of it has two weights for one value", NodeAttribute.Of("class_treeids", [0, 0, 0, 0]), NodeAttribute.Of("class_nodeids", [2, 3, 4, 4]), NodeAttribute.Of("class_ids", [0, 0, 0, 0]), NodeAttribute.Of("class_weights", [1f, 1f, 1f, 1f]));
        yield return Case("a leaf of it adds what is no finite number", NodeAttribute.Of("class_weights", [0.1f, float.NaN, 0.3f]));
        yield return Case("a base value of it is no finite number", NodeAttribute.Of("base_values", [float.PositiveInfinity]));
        yield return Case("it has 2 base values for 2 classes with weights for one or both", NodeAttribute.Of("base_values", [1f, 2f]));
        yield return Case("it has 1 base values for 2 classes with weights for one or both", NodeAttribute.Of("base_values", [1f]), NodeAttribute.Of("class_ids", [1, 1, 1]));
        yield return Case("no tree gives every row a score for value 0", NodeAttribute.Of("class_ids", [0, 1, 1]));
        yield return Case("the nodes of tree 0 do not lie together", NodeAttribute.Of("nodes_treeids", [0, 1, 0, 0, 0]), NodeAttribute.Of("nodes_modes", ["BRANCH_LEQ", "LEAF", "LEAF", "LEAF", "LEAF"]), NodeAttribute.Of("nodes_truenodeids", [2, 0, 0, 0, 0]));
        yield return Case("it compares a column with several values and sends NaN to different branches",
            NodeAttribute.Of("nodes_modes", ["BRANCH_EQ", "BRANCH_EQ", "LEAF", "LEAF", "LEAF"]), NodeAttribute.Of("nodes_truenodeids", [3, 3, 0, 0, 0]), NodeAttribute.Of("nodes_falsenodeids", [1, 4, 0, 0, 0]), NodeAttribute.Of("nodes_missing_value_tracks_true", [1, 0, 0, 0, 0]));
        yield return Case("nodes_values_as_tensor is a tensor of Double for an input of Float", NodeAttribute.Tensor("nodes_values_as_tensor", [0.5, 0, 0, 0, 0], TensorElement.Double), NodeAttribute.Of("nodes_values", System.Collections.Immutable.ImmutableArray<float>.Empty));
        yield return Case("it is damaged: node `label` (`TreeEnsembleClassifier`): the tree reads feature 1 of 1: stored graph", NodeAttribute.Of("nodes_featureids", [0, 1, 0, 0, 0]));
        yield return Case("it is damaged: node `label` (`TreeEnsembleClassifier`): nodes_treeids has 5 elements and nodes_values 4: stored graph", NodeAttribute.Of("nodes_values", [0.5f, 0, 0, 0]));
        yield return Case("it is damaged: node `label` (`TreeEnsembleClassifier`): child pointers form a cycle (node 1 -> node 0 of tree 0): stored graph", NodeAttribute.Of("nodes_truenodeids", [1, 0, 0, 0, 0]));
    }

    [TestCaseSource(nameof(Changes))]
    public void Each_has_its_reason(object[] changed, string reason)
    {
        Assert.That(Recognise(Graph(Sound)).Reason, Is.Null);
        NodeAttribute[] other = [.. changed.Cast<NodeAttribute>()];
        Assert.That(Recognise(Graph([.. Sound.Where(a => !other.Any(o => o.Name == a.Name)), .. other])).Reason, Is.EqualTo(reason));
    }

    [Test]
    public void Shared_nodes_are_copied_only_so_often()
    {
        // Every node's branches both lead to the next: 2^40 leaves in a tree, of 42 nodes.
        const int Depth = 40;
        long[] ids = [.. Enumerable.Range(0, Depth + 1).Select(i => (long)i)], next = [.. ids.Select(i => Math.Min(i + 1, Depth))], zero = new long[Depth + 1];
        Recognition recognition = Recognise(Graph(
        [
            NodeAttribute.Of("nodes_treeids", [.. zero]), NodeAttribute.Of("nodes_nodeids", [.. ids]), NodeAttribute.Of("nodes_featureids", [.. zero]), NodeAttribute.Of("nodes_modes", [.. ids.Select(i => i == Depth ? "LEAF" : "BRANCH_LEQ")]),
            NodeAttribute.Of("nodes_truenodeids", [.. next]), NodeAttribute.Of("nodes_falsenodeids", [.. next]), NodeAttribute.Of("nodes_values", [.. ids.Select(i => (float)i)]),
            NodeAttribute.Of("class_treeids", [0L]), NodeAttribute.Of("class_nodeids", [Depth]), NodeAttribute.Of("class_ids", [0L]), NodeAttribute.Of("class_weights", [1f]), NodeAttribute.Of("classlabels_int64s", [0, 1]),
        ]));
        Assert.That(recognition.Reason, Is.EqualTo("the branches of its trees share too many nodes, or run in a circle"));
    }

    [Test]
    public void Spoilt_files_are_recognised_or_refused_and_nothing_else()
    {
        Random random = new(1);
        byte[][] seeds = [Graph(Sound), OwnGraphTests.Exported(1, TreeLink.Logistic, TreePrecision.Single), OwnGraphTests.Exported(3, TreeLink.Softmax, TreePrecision.Double), .. new[] { "decision_tree", "adult_tree_pipeline_string_label", "hospital_tree" }.Select(name => File.ReadAllBytes(TestData.Shared("fixtures", "models", name, "model.onnx")))];
        int recognised = 0;
        for (int i = 0; i < 4_000; i++)
        {
            byte[] spoilt = FieldMutator.Mutate(random, seeds[random.Next(seeds.Length)]);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Recognition recognition = Recognise(spoilt);
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(64L << 20), $"case {i}");
            if (!recognition.Succeeded) continue;
            recognised++;
            RecognisedGraph graph = recognition.Graph;
            Assert.That(MlSql.Models.Format.ModelCheck.FirstFault(new Model(new(graph.Features, "y", ModelTask.Regression, null), graph.Featurizers, graph.Structure)), Is.Null, $"case {i}");
        }
        // Else the cases would never come past the parser.
        Assert.That(recognised, Is.InRange(100, 3_900));
    }

    // Without a runtime, which would not take the damaged ones: one column a feature, whatever the graph's inputs are called.
    private static Recognition Recognise(byte[] bytes)
    {
        string[] inputs = ["X"], outputs = ["label", "probabilities"];
        try
        {
            OnnxModel model = OnnxReader.Read(bytes, new(), default);
            (inputs, outputs) = ([.. model.Inputs.Select(i => i.Name)], [.. model.Outputs.Select(o => o.Name)]);
            var elements = model.Inputs.Select(i => i.Type is TensorValueType t ? (t.Element, t.Shape is { IsDefault: false, Length: 2 } s ? (int)Math.Clamp(s[1] ?? 1, 1, 1_000) : 1) : (TensorElement.Float, 1)).ToArray();
            int feature = 0;
            GraphInput[] all = [.. inputs.Select((name, i) => new GraphInput(name, elements[i].Item1, [elements[i].Item2], [.. Enumerable.Range((feature += elements[i].Item2) - elements[i].Item2, elements[i].Item2)]))];
            return Recognise(bytes, all, outputs);
        }
        catch (CodedException)
        {
            return Recognise(bytes, [new("X", TensorElement.Float, [1], [0])], outputs);
        }
    }

    private static Recognition Recognise(byte[] bytes, GraphInput[] inputs, string[] outputs) => GraphRecogniser.Recognise(
        new([.. bytes], [.. inputs], [.. outputs.Select(o => new GraphOutput(o, o, new FloatType(32), false, null))], null, true, []),
        [.. inputs.SelectMany(i => i.Features.Select(f => new Feature($"f{f}", new TensorFeature(i.Element))))], default);

    private static byte[] Graph(NodeAttribute[] attributes)
    {
        GraphWriter graph = new();
        graph.Input("X", TensorElement.Float, 1, "");
        string label = graph.Output("label", TensorElement.Int64, null, ""), probabilities = graph.Output("probabilities", TensorElement.Float, 2, "");
        graph.MlOutputNode("TreeEnsembleClassifier", [label, probabilities], ["X"], attributes);
        return graph.Write("", []);
    }
}
