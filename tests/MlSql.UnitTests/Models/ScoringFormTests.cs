using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Featurizers;
using MlSql.Models.Onnx;
using MlSql.Models.Onnx.Trees;
using MlSql.Models.Trees;

namespace MlSql.UnitTests.Models;

/// <summary>The form in which models travel to executors: a recognised graph as its trees, everything else as it is stored.</summary>
internal sealed class ScoringFormTests
{
    [Test]
    public void A_recognised_graph_comes_back_as_its_trees_without_its_bytes()
    {
        Model model = Sample(SampleGraph());
        byte[] bytes = ModelFormat.WriteForScoring(model);
        Model read = ModelFormat.ReadForScoring(bytes);
        var graph = (GraphStructure)read.Structure;
        Assert.That(graph.Graph, Is.Empty);
        Assert.That(read with { Structure = graph with { Graph = ((GraphStructure)model.Structure).Graph } }, Is.EqualTo(model));
        RecognisedGraph got = graph.Recognised!, wanted = ((GraphStructure)model.Structure).Recognised!;
        Assert.Multiple(() =>
        {
            Assert.That(got.Features, Is.EqualTo(wanted.Features));
            Assert.That(got.Required, Is.EqualTo(wanted.Required));
            Assert.That(got.Featurizers, Is.EqualTo(wanted.Featurizers));
            Assert.That(got.Structure, Is.EqualTo(wanted.Structure));
            Assert.That(got.Rule, Is.EqualTo(wanted.Rule));
            Assert.That(got.Outputs, Is.EqualTo(wanted.Outputs));
            Assert.That(ModelFormat.WriteForScoring(read), Is.EqualTo(bytes));
        });
    }

    [Test]
    public void What_is_stored_does_not_depend_on_recognition_and_is_never_the_other_form()
    {
        Model model = Sample(SampleGraph()), unseen = model with { Structure = (GraphStructure)model.Structure with { Recognition = null } };
        Assert.That(ModelFormat.Write(model), Is.EqualTo(ModelFormat.Write(unseen)));
        Assert.That(() => ModelFormat.Read(ModelFormat.WriteForScoring(model)), Throws.InstanceOf<CodedException>().With.Message.Contains("bytes too many"));
    }

    [Test]
    public void Every_other_model_travels_as_it_is_stored()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            Model model = new RandomModel(seed).Next();
            byte[] bytes = ModelFormat.WriteForScoring(model);
            Assert.That(bytes, Is.EqualTo(ModelFormat.Write(model)));
            Assert.That(ModelFormat.WriteForScoring(ModelFormat.ReadForScoring(bytes)), Is.EqualTo(bytes));
        }
    }

    [Test]
    public void Every_truncation_is_refused_by_a_typed_error()
    {
        byte[] bytes = ModelFormat.WriteForScoring(Sample(SampleGraph()));
        int whole = ModelFormat.Write(Sample(SampleGraph()) with { Structure = Structure(null) with { Graph = [] } }).Length;
        for (int length = 0; length < bytes.Length; length++)
        {
            // Without its last section it is a graph of no bytes, which ONNX Runtime refuses.
            if (length == whole) continue;
            Assert.That(Assert.Throws<CodedException>(() => ModelFormat.ReadForScoring(bytes.AsSpan(0, length)), $"{length} bytes")!.Code, Is.EqualTo("MLS5014"));
        }
    }

    [Test]
    public void Flipped_bytes_give_a_typed_error_or_a_model_with_just_these_bytes()
    {
        byte[] bytes = ModelFormat.WriteForScoring(Sample(SampleGraph()));
        Random random = new(7);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] damaged = [.. bytes];
            for (int flips = 1 + random.Next(3); flips > 0; flips--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                Assert.That(ModelFormat.WriteForScoring(ModelFormat.ReadForScoring(damaged)), Is.EqualTo(damaged));
            }
            catch (CodedException error)
            {
                Assert.That(error.Code, Is.AnyOf("MLS5014", "MLS5015"));
            }
        }
    }

    [Test]
    public void Parts_that_contradict_each_other_are_refused()
    {
        RecognisedGraph graph = SampleGraph();
        (RecognisedGraph Graph, string Fault)[] faults =
        [
            (graph with { Features = graph.Features[..1] }, "1 features of a recognised graph that has 2"),
            (graph with { Required = [2] }, "a feature without NULL that is not there"),
            (graph with { Featurizers = [] }, "reads column 0, which is not there"),
            (graph with { Rule = graph.Rule with { Form = (ScoreForm)99 } }, "a rule of an unknown kind"),
            (graph with { Rule = graph.Rule with { Steps = [[]] } }, "steps for 1 scores of a rule of form OneScore for 1 outputs"),
            (graph with { Rule = graph.Rule with { Form = ScoreForm.LogisticOfScore } }, "steps for 0 scores of a rule of form LogisticOfScore for 1 outputs"),
            (graph with { Rule = graph.Rule with { Form = ScoreForm.Scores, Steps = [[new CastStep((TreePrecision)5)]] } }, "a step of an unknown kind"),
            (graph with { Rule = graph.Rule with { Divisor = 0 } }, "a mean over no tree"),
            (graph with { Rule = graph.Rule with { Bases = [1, 2] } }, "2 bases for 1 outputs"),
            (graph with { Rule = graph.Rule with { Form = ScoreForm.TwoScores } }, "a rule of form TwoScores for 1 outputs"),
            (graph with { Outputs = graph.Outputs[..1] }, "1 outputs of a recognised graph that has 2"),
            (graph with { Outputs = [new LabelOutput("label", TensorElement.Int64, ["7"]), graph.Outputs[1]] }, "1 classes for 2 values"),
            (graph with { Outputs = [new LabelOutput("label", TensorElement.Int64, ["7", "no"]), graph.Outputs[1]] }, "a class that is no whole number"),
            (graph with { Outputs = [new LabelOutput("label", TensorElement.Float, ["7", "8"]), graph.Outputs[1]] }, "classes that are Float"),
            (graph with { Outputs = [graph.Outputs[0], new ValuesOutput("p", TensorElement.Int64, [0], [], null)] }, "values that are Int64"),
            (graph with { Outputs = [graph.Outputs[0], new ValuesOutput("p", TensorElement.Float, [2], [], null)] }, "a value that is not there"),
            (graph with { Outputs = [graph.Outputs[0], new ValuesOutput("p", TensorElement.Float, [0], [new CastStep((TreePrecision)5)], null)] }, "a step of an unknown kind"),
            (graph with { Outputs = [graph.Outputs[0], new ValuesOutput("p", TensorElement.Float, [0], [], new(ClassKind.Integer, ["1", "2"]))] }, "2 keys for 1 values"),
            (graph with { Outputs = [graph.Outputs[0], new ValuesOutput("p", TensorElement.Float, [0], [], new(ClassKind.Integer, ["x"]))] }, "a key that is no whole number"),
        ];
        Assert.Multiple(() =>
        {
            foreach (var (damaged, fault) in faults)
                Assert.That(() => ModelFormat.WriteForScoring(Sample(damaged)), Throws.InstanceOf<CodedException>().With.Message.Contains(fault).And.Property("Code").EqualTo("MLS5016"));
        });
    }

    // Every kind of part once: texts and numbers, sets, several steps, keys, classes.
    private static RecognisedGraph SampleGraph() => new(
        [new("size", new NumberFeature()), new("colour", new TextFeature())], [0],
        [new RawFeaturizer(0, [], 1), new LevelFeaturizer(1, [], ["", "blue", "red"])],
        new([0],
            [new([new(0, SplitTest.AtMost, 1.5, MissingRule.NaN, true, 1, ~0, 0, 0), new(1, SplitTest.InSet, 0, MissingRule.NaN, false, ~1, ~2, 0, 0)], [new(0, 0), new(1, 0), new(2, 0)], [0.25, -1, double.Epsilon], 0, [new([5])], [])],
            TreeAggregate.Sum, TreePrecision.Single, TreeLink.Identity, 1),
        new(ScoreForm.OneScore, 3, [0.5], PostTransform.Logistic, false, TreePrecision.Single, TreePrecision.Double),
        [
            new LabelOutput("label", TensorElement.Int64, ["-7", "8"]),
            new ValuesOutput("p", TensorElement.Float, [1, 0], [new ArithmeticStep(ElementOperation.Divide, 3, TreePrecision.Single), new CastStep(TreePrecision.Double), new ReplaceStep(double.NaN, -0.0)], new(ClassKind.Text, ["größe", "x"])),
        ]);

    private static Model Sample(RecognisedGraph recognised) => new(
        new([new("size", new TensorFeature(TensorElement.Int64)), new("colour", new TensorFeature(TensorElement.Text))], "label", ModelTask.Classification, new(ClassKind.Integer, ["-7", "8"])), [],
        Structure(Recognition.Of(recognised)));

    private static GraphStructure Structure(Recognition? recognition) => new(
        [1, 2, 3], [new("a", TensorElement.Int64, [1], [0]), new("b", TensorElement.Text, [], [1])],
        [new("label", "label", new IntegerType(64, true), false, 1), new("p", "p", new MapType(new StringType(), new FloatType(32)), false, null)], null, true, [0, 1])
    { Recognition = recognition };
}
