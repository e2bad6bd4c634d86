using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Featurizers;
using MlSql.Models.Onnx;
using MlSql.Models.Onnx.Export;
using MlSql.Models.Onnx.Trees;
using MlSql.Models.Trees;
using MlSql.Scoring.Onnx;
using MlSql.UnitTests.Scoring.Onnx;

namespace MlSql.UnitTests.Models.Onnx.Trees;

/// <summary>What our own export writes of trees such as are trained here is recognised, and gives the classes of ONNX Runtime and its values but for the last bits of exponentials: those differ there with a row's place in the batch.</summary>
internal sealed class OwnGraphTests
{
    private const int Rows = 500;
    private static readonly ImmutableArray<Feature> Features = [new("n", new NumberFeature()), new("t", new TextFeature()), new("b", new BooleanFeature()), new("l", new NumberListFeature(2))];

    [Test]
    public void Classifiers_of_two([Values] TreePrecision precision, [Values(0, 1, 2)] int seed, [Values] ClassKind kind)
    {
        ClassLabels classes = kind switch { ClassKind.Text => new(kind, ["ja", "nein"]), ClassKind.Boolean => new(kind, ["false", "true"]), _ => new(kind, ["3", "70"]) };
        Same(seed, 1, TreeLink.Logistic, classes, precision, 1e-15);
    }

    [Test]
    public void Classifiers_of_several([Values] TreePrecision precision, [Values(0, 1, 2, 3)] int seed) => Same(seed, 2 + seed, TreeLink.Softmax, new(ClassKind.Text, [.. Enumerable.Range(0, 2 + seed).Select(i => $"class {i}")]), precision, 1e-15);

    [Test]
    public void Regressors([Values] TreePrecision precision, [Values(0, 1, 2)] int seed, [Values(TreeLink.Identity, TreeLink.Exponential, TreeLink.Logistic)] TreeLink link) => Same(seed, 1, link, null, precision, link == TreeLink.Identity ? 0 : 1e-15);

    [Test]
    public void Numbers_that_are_levels_are_cut_before_they_are_rounded()
    {
        TreeSplit split = new(0, SplitTest.InSet, 0, MissingRule.NaN, false, ~0, ~1, 0, 0);
        TreeStructure trees = new([0], [new([split], [new(0, 1), new(1, 1)], [1, 2], 0, [new([0b100])], [])], TreeAggregate.Sum, TreePrecision.Double, TreeLink.Identity, 1);
        Model model = new(new ModelSignature([Features[0]], "y", ModelTask.Regression, null), [new RawFeaturizer(0, [], 1)], trees);
        object?[][] values = [[2.0, 2.5, 2.9999999999, 3.0, 1.9999999999, -2.0, null, double.PositiveInfinity]];
        // In 32 bits 2.9999999999 is 3, but cut it is 2.
        Assert.That(RecognisedCase.Recognise(OnnxExport.Write(model, trees: TreePrecision.Single).Bytes.ToArray()).Reason, Is.EqualTo("it computes with Double before its trees compare 32-bit numbers"));
        Assert.That(RecognisedCase.Differences(OnnxExport.Write(model, trees: TreePrecision.Double).Bytes.ToArray(), values, 0), Is.Empty);
    }

    [Test]
    public void Scores_that_may_overflow_are_left_to_the_runtime()
    {
        TreeStructure trees = new([0], [new([], [new(0, 1)], [3e38], 0, [], []), new([], [new(0, 1)], [3e38], 0, [], [])], TreeAggregate.Sum, TreePrecision.Double, TreeLink.Exponential, 1);
        byte[] graph = OnnxExport.Write(new Model(new ModelSignature([Features[0]], "y", ModelTask.Regression, null), [new RawFeaturizer(0, [], 1)], trees), trees: TreePrecision.Single).Bytes.ToArray();
        Assert.That(RecognisedCase.Recognise(graph).Reason, Is.EqualTo("its scores may be beyond all numbers"));
    }

    [Test]
    public void What_is_recognised_travels_as_it_is([Values(TreeLink.Logistic, TreeLink.Softmax, TreeLink.Exponential)] TreeLink link)
    {
        byte[] graph = Exported(link == TreeLink.Softmax ? 3 : 1, link, TreePrecision.Single);
        GraphStructure structure = RecognisedCase.StructureOf(graph, out var features);
        RecognisedGraph recognised = GraphRecogniser.Recognise(structure, features, default).Graph!;
        Assert.That(recognised.Rule.IsOfSteps, Is.True);
        ImmutableArray<Feature> tensors = [.. features.Select((f, i) => f with { Type = new TensorFeature(structure.Inputs.First(input => input.Features.Contains(i)).Element) })];
        Model model = new(new ModelSignature(tensors, "y", ModelTask.Regression, null), [], structure with { Recognition = GraphRecogniser.Recognise(structure, features, default) });
        Model read = ModelFormat.ReadForScoring(ModelFormat.WriteForScoring(model));
        Assert.That(((GraphStructure)read.Structure).Recognised!.Rule, Is.EqualTo(recognised.Rule));
        Assert.That(((GraphStructure)read.Structure).Recognised!.Outputs, Is.EqualTo(recognised.Outputs));
    }

    [Test]
    public void Spoilt_graphs_that_are_recognised_and_run_give_the_same([Values(TreeLink.Logistic, TreeLink.Softmax)] TreeLink link)
    {
        Random random = new(5);
        byte[] sound = Exported(link == TreeLink.Softmax ? 3 : 1, link, TreePrecision.Single);
        object?[][] values = Values(random, ["größe", "x", "y", "z"]);
        int compared = 0, other = 0;
        List<string> differences = [];
        for (int i = 0; i < 300; i++)
        {
            byte[] spoilt = FieldMutator.Mutate(random, sound);
            try
            {
                // Recognised before any runtime sees it; then such as one runs on the same inputs.
                OnnxModel file = OnnxReader.Read(spoilt, new OnnxLimits(), default);
                GraphInput[] inputs = [new("n", TensorElement.Double, [1], [0]), new("t", TensorElement.Text, [1], [1]), new("b", TensorElement.Boolean, [1], [2]), new("l", TensorElement.Double, [2], [3, 4])];
                if (!file.Inputs.Select(input => input.Name).SequenceEqual(inputs.Select(input => input.Name))) continue;
                Feature[] features = [.. inputs.SelectMany(input => input.Features.Select(f => new Feature($"f{f}", new TensorFeature(input.Element))))];
                if (RecognisedTrial.Find(file, [.. inputs], [.. features], default) is null) continue;
                (Model imported, GraphTrialResult trial) = TestGraph.Import(spoilt);
                if (trial.Warning is not null || !((GraphStructure)imported.Structure).Inputs.Select(input => (input.Name, input.Element, input.Width)).SequenceEqual(inputs.Select(input => (input.Name, input.Element, input.Width)))) continue;
                differences.AddRange(RecognisedCase.Differences(spoilt, values, 1e-15).Select(difference => $"case {i}: {difference}"));
                compared++;
            }
            catch (CodedException)
            {
                other++;
            }
        }
        TestContext.Out.WriteLine($"{compared} compared, {other} refused");
        Assert.That(string.Join('\n', differences.Take(5)), Is.Empty);
        Assert.That(compared, Is.GreaterThan(100));
    }

    [TestCase("as we write it", 0, 1, 0f, 0.5f, null, null)]
    [TestCase("another cut", 0.25, 1, 0f, 0.5f, null, "its output `label` comes from the operator `ai.onnx.ml.LinearClassifier`")]
    [TestCase("another sum", 0, 2, 0f, 0.5f, null, "its output `label` comes from the operator `ai.onnx.ml.LinearClassifier`")]
    [TestCase("another weight", 0, 1, 1f, 0.5f, null, "its output `label` comes from the operator `ai.onnx.ml.LinearClassifier`")]
    [TestCase("another start", 0, 1, 0f, 0.25f, null, "its output `label` comes from the operator `ai.onnx.ml.LinearClassifier`")]
    [TestCase("a transform", 0, 1, 0f, 0.5f, "LOGISTIC", "its output `label` comes from the operator `ai.onnx.ml.LinearClassifier`")]
    public void Ends_that_are_not_ours_are_left_to_the_runtime(string name, double cut, double one, float weight, float start, string? transform, string? reason)
    {
        GraphWriter graph = new();
        graph.Input("X", TensorElement.Float, 1, "");
        string label = graph.Output("label", TensorElement.Int64, null, ""), probabilities = graph.Output("probabilities", TensorElement.Double, 2, "");
        string score = graph.Node("Cast", "score", [graph.MlNode("TreeEnsembleRegressor", "sums", ["X"], RecognisedTrialTests.Stump)], NodeAttribute.Of("to", (long)TensorElement.Double));
        string positive = graph.Node("GreaterOrEqual", "positive", [score, graph.Constant(cut)]), power = graph.Node("Exp", "power", [graph.Node("Neg", "negative", [graph.Node("Abs", "size", [score])])]);
        string second = graph.Node("Div", "second", [graph.Node("Where", "upper", [positive, graph.Constant(1.0), power]), graph.Node("Add", "lower", [power, graph.Constant(one)])]);
        graph.OutputNode("Concat", probabilities, [graph.Node("Sub", "first", [graph.Constant(1.0), second]), second], NodeAttribute.Of("axis", 1));
        NodeAttribute[] transforms = transform is null ? [] : [NodeAttribute.Of("post_transform", transform)];
        graph.MlOutputNode("LinearClassifier", label, "decision", [graph.Node("Cast", "seen", [positive], NodeAttribute.Of("to", (long)TensorElement.Float))],
            [NodeAttribute.Of("classlabels_ints", [4L, 7L]), NodeAttribute.Of("coefficients", [weight, 1f]), NodeAttribute.Of("intercepts", [start, 0f]), .. transforms]);
        Assert.That(RecognisedCase.Recognise(graph.Write("", [])).Reason, Is.EqualTo(reason), name);
    }

    /// <summary>A model with random trees, written as a graph.</summary>
    public static byte[] Exported(int outputs, TreeLink link, TreePrecision precision)
    {
        ClassLabels? classes = link switch { TreeLink.Logistic => new(ClassKind.Text, ["a", "b"]), TreeLink.Softmax => new(ClassKind.Integer, ["1", "2", "3"]), _ => null };
        return OnnxExport.Write(ModelOf(new Random(1), outputs, link, classes, precision), trees: precision).Bytes.ToArray();
    }

    private static void Same(int seed, int outputs, TreeLink link, ClassLabels? classes, TreePrecision precision, double tolerance)
    {
        Random random = new(seed);
        Model model = ModelOf(random, outputs, link, classes, precision);
        byte[] graph = OnnxExport.Write(model, trees: precision).Bytes.ToArray();
        object?[][] values = Values(random, ((LevelFeaturizer)model.Featurizers[1]).Levels);
        Assert.That(string.Join('\n', RecognisedCase.Differences(graph, values, tolerance).Take(3)), Is.Empty);
    }

    private static object?[][] Values(Random random, ImmutableArray<string> levels)
    {
        object?[] Numbers() => [.. Enumerable.Range(0, Rows).Select(_ => (object?)(random.Next(7) switch
        {
            0 => double.NaN,
            1 => random.Next(-12, 12) / 4.0,
            2 => Math.BitIncrement(random.Next(-12, 12) / 4.0),
            3 => Math.BitDecrement(random.Next(-12, 12) / 4.0),
            4 => (double[])[double.PositiveInfinity, double.NegativeInfinity, -0.0, double.MaxValue, double.Epsilon] is var ends ? ends[random.Next(ends.Length)] : 0,
            _ => random.NextDouble() * 6 - 3,
        }))];
        object?[] texts = [.. Enumerable.Range(0, Rows).Select(_ => random.Next(5) switch { 0 => (object?)"", 1 => "unseen", _ => levels[random.Next(levels.Length)] })];
        object?[] flags = [.. Enumerable.Range(0, Rows).Select(_ => random.Next(9) == 0 ? null : (object?)(random.Next(2) == 0))];
        return [Numbers(), texts, flags, Numbers(), Numbers()];
    }

    // As trainers make them: numbers are compared, texts asked for in sets; NaN goes to a side of its own.
    private static Model ModelOf(Random random, int outputs, TreeLink link, ClassLabels? classes, TreePrecision precision)
    {
        ImmutableArray<string> levels = random.Next(2) == 0 ? ["", "größe", "y", "z"] : ["größe", "x", "y", "z"];
        var trees = ImmutableArray.CreateBuilder<Tree>();
        for (int t = 0; t < 3 * outputs; t++)
        {
            List<TreeSplit> splits = [];
            int leaves = 0;
            Grow(4);
            trees.Add(new([.. splits], [.. Enumerable.Range(0, leaves).Select(i => new TreeLeaf(i, 1))], [.. Enumerable.Range(0, leaves).Select(_ => random.NextDouble() * 4 - 2)], t % outputs, [new([0b0110]), new([0b1000]), new([0])], []));

            int Grow(int depth)
            {
                if (depth == 0) return ~leaves++;
                int at = splits.Count, column = random.Next(5);
                splits.Add(new(column, column == 1 ? SplitTest.InSet : SplitTest.AtMost, column == 1 ? random.Next(3) : random.Next(-12, 12) / 4.0, MissingRule.NaN, random.Next(2) == 0, 0, 0, 0, 0));
                int left = Grow(depth - 1), right = Grow(depth - 1);
                splits[at] = splits[at] with { Left = left, Right = right };
                return at;
            }
        }
        TreeStructure structure = new([.. Enumerable.Range(0, outputs).Select(i => 0.3 * i + 0.1)], trees.ToImmutable(), random.Next(2) == 0 ? TreeAggregate.Sum : TreeAggregate.Mean, precision, link, link == TreeLink.Logistic ? 2 : 1);
        return new(new ModelSignature(Features, "y", classes is null ? ModelTask.Regression : ModelTask.Classification, classes), [new RawFeaturizer(0, [], 1), new LevelFeaturizer(1, [], levels), new RawFeaturizer(2, [], 1), new RawFeaturizer(3, [], 2)], structure);
    }
}
