using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Onnx;
using static MlSql.UnitTests.Models.Onnx.ProtoBytes;

namespace MlSql.UnitTests.Models.Onnx;

/// <summary>Tree ensembles: one sound tree of three nodes, and each way to spoil it.</summary>
[TestFixture]
internal sealed class TreeTests
{
    private static readonly Dictionary<string, byte[]> Sound = new()
    {
        ["nodes_treeids"] = Packed(8, 0, 0, 0),
        ["nodes_nodeids"] = Packed(8, 0, 1, 2),
        ["nodes_featureids"] = Packed(8, 3, 0, 0),
        ["nodes_modes"] = Message(Text(9, "BRANCH_LEQ"), Text(9, "LEAF"), Text(9, "LEAF")),
        ["nodes_truenodeids"] = Packed(8, 1, 0, 0),
        ["nodes_falsenodeids"] = Packed(8, 2, 0, 0),
        ["nodes_values"] = Floats(7, 0.5f, 0, 0),
        ["class_treeids"] = Packed(8, 0, 0),
        ["class_nodeids"] = Packed(8, 1, 2),
        ["class_ids"] = Packed(8, 0, 1),
        ["class_weights"] = Floats(7, 1, 1),
        ["classlabels_strings"] = Message(Text(9, "no"), Text(9, "yes")),
    };

    private static OnnxModel Read(string? changed = null, byte[]? to = null, byte[]? before = null)
    {
        byte[][] attributes = [.. Sound.Select(pair => Attribute(pair.Key, pair.Key == changed ? to! : pair.Value)), .. changed is null || Sound.ContainsKey(changed) ? [] : new[] { Attribute(changed, to!) }];
        byte[] tree = Node("TreeEnsembleClassifier", [before is null ? "X" : "S"], ["label", "probabilities"], [Domain("ai.onnx.ml"), .. attributes]);
        return OnnxReader.Read(Model(Input("X", 1, 4), before ?? [], tree, Output("label", 1), Output("probabilities", 1, 2)), new(), CancellationToken.None);
    }

    [Test]
    public void A_sound_tree_is_read_with_its_classes() => Assert.That(Read().Classes, Is.EqualTo(new ClassLabels(ClassKind.Text, ["no", "yes"])));

    private static IEnumerable<TestCaseData> Spoilt()
    {
        yield return new("nodes_modes", Message(Text(9, "BRANCH_LEQ"), Text(9, "LEAF")), "MLS7060");
        yield return new("nodes_values", Floats(7, 0.5f), "MLS7060");
        yield return new("nodes_missing_value_tracks_true", Packed(8, 1), "MLS7060");
        yield return new("class_weights", Floats(7, 1), "MLS7060");
        yield return new("nodes_truenodeids", Packed(8, 0, 0, 0), "MLS7061");
        yield return new("nodes_falsenodeids", Packed(8, 9, 0, 0), "MLS7062");
        yield return new("nodes_falsenodeids", Packed(8, -1, 0, 0), "MLS7062");
        yield return new("nodes_featureids", Packed(8, 4, 0, 0), "MLS7063");
        yield return new("nodes_featureids", Packed(8, -1, 0, 0), "MLS7063");
        yield return new("nodes_nodeids", Packed(8, 0, 1, 1), "MLS7064");
        yield return new("class_nodeids", Packed(8, 1, 3), "MLS7065");
        yield return new("class_treeids", Packed(8, 0, 1), "MLS7065");
        yield return new("class_ids", Packed(8, 0, 2), "MLS7066");
        yield return new("class_ids", Packed(8, 0, -1), "MLS7066");
    }

    [TestCaseSource(nameof(Spoilt))]
    public void A_spoilt_tree_is_refused(string attribute, byte[] value, string code)
    {
        CodedException error = Assert.Throws<CodedException>(() => Read(attribute, value))!;
        Assert.That(error.Code, Is.EqualTo(code), error.Message);
    }

    [Test]
    public void The_width_is_known_through_operators_that_keep_it()
    {
        byte[] scaler = Node("Scaler", ["X"], ["S"], Domain("ai.onnx.ml")), gather = Node("Gather", ["X", "X"], ["S"]);
        Assert.That(Assert.Throws<CodedException>(() => Read("nodes_featureids", Packed(8, 4, 0, 0), scaler))!.Message, Does.Contain("feature 4 of 4"));
        Assert.That(() => Read("nodes_featureids", Packed(8, 4, 0, 0), gather), Throws.Nothing);
    }

    [Test]
    public void A_shared_child_is_no_circle_and_a_tree_may_be_as_deep_as_it_likes()
    {
        Assert.That(() => Read("nodes_falsenodeids", Packed(8, 1, 0, 0)), Throws.Nothing);
        const int Depth = 100_000;
        long[] ids = [.. Enumerable.Range(0, Depth + 1).Select(i => (long)i)], next = [.. ids.Select(i => Math.Min(i + 1, Depth))], zero = new long[Depth + 1];
        byte[] tree = Node("TreeEnsembleRegressor", ["X"], ["Y"], Domain("ai.onnx.ml"), Attribute("nodes_treeids", Packed(8, zero)), Attribute("nodes_nodeids", Packed(8, ids)), Attribute("nodes_featureids", Packed(8, zero)),
            Attribute("nodes_modes", [.. ids.Select(i => Text(9, i == Depth ? "LEAF" : "BRANCH_LEQ"))]), Attribute("nodes_truenodeids", Packed(8, next)), Attribute("nodes_falsenodeids", Packed(8, next)),
            Attribute("nodes_values", Floats(7, new float[Depth + 1])));
        Assert.That(() => OnnxReader.Read(Model(Input("X", 1, 4), Output("Y", 1), tree), new(), CancellationToken.None), Throws.Nothing);
    }
}
