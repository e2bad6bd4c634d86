using FsCheck;
using FsCheck.Fluent;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Featurizers;
using MlSql.Models.Onnx;
using MlSql.Models.Onnx.Export;
using MlSql.UnitTests.Scoring;

namespace MlSql.UnitTests.Models.Onnx.Export;

/// <summary>What stands in an exported file; needs no runtime.</summary>
internal sealed class ExportedFileTests
{
    private static readonly Model Churn = SampleModels.Linear(0.5);

    [Test]
    public void The_file_says_who_wrote_it_and_which_operators_it_wants()
    {
        GraphFile file = new(OnnxExport.Write(Churn).Bytes);
        Assert.That(file.IrVersion, Is.EqualTo(8));
        Assert.That(file.Producer, Is.EqualTo("MlSql"));
        Assert.That(file.Opsets, Is.EqualTo(new[] { " 17", "ai.onnx.ml 3" }));
    }

    [Test]
    public void Every_feature_is_an_input_and_says_what_null_is() => Assert.That(new GraphFile(OnnxExport.Write(Every()).Bytes).Inputs, Is.EqualTo(new[]
    {
        "number 11 [N,1]: a number; NaN is NULL",
        "boolean 9 [N,1]: true or false; it cannot be NULL",
        "text 8 [N,1]: UTF-8 text; the empty text is NULL",
        "date 7 [N,1]: days since 1970-01-01; the smallest int64 is NULL, as is all beyond 32 bits",
        "instant 7 [N,1]: microseconds since 1970-01-01 00:00 UTC; the smallest int64 is NULL",
        "local 7 [N,1]: microseconds since 1970-01-01 00:00 of the same clock; the smallest int64 is NULL",
        "list 11 [N,3]: a list of 3 numbers; NaN is NULL, a NULL list is all NaN",
        "struct.a 11 [N,1]: a number; NaN is NULL",
    }));

    [Test]
    public void A_regression_has_one_output_and_a_classifier_label_and_probabilities()
    {
        Assert.That(new GraphFile(OnnxExport.Write(Every()).Bytes).Outputs, Is.EqualTo(new[] { "predicted_y 11 [N,1]: the prediction of y" }));
        Assert.That(new GraphFile(OnnxExport.Write(Churn).Bytes).Outputs, Is.EqualTo(new[]
        {
            "label 7 [N]: the class of churned, true where its probability is at least 0.5",
            "probabilities 11 [N,2]: the probabilities of false and true",
        }));
    }

    [Test]
    public void Constants_are_the_means_the_weights_by_scale_and_the_weights_of_levels()
    {
        GraphFile file = new(OnnxExport.Write(Churn).Bytes);
        AssertConstant(file, "intercept", [1, 1], [0.5]);
        AssertConstant(file, "means", [1], [1.5]);
        AssertConstant(file, "weights", [1, 1], [0.125]);
        AssertConstant(file, "city weights", [4], [-1, 2, 0, 0]);
        Assert.That(file.Texts("LabelEncoder", "keys_strings"), Is.EqualTo(new[] { "Berlin", "Zürich", "" }));
        Assert.That(file.Wholes("LinearClassifier", "classlabels_ints"), Is.EqualTo(new[] { 0L, 1L }));
    }

    [Test]
    public void Parts_of_a_time_without_weight_are_not_computed()
    {
        var model = new Model(
            new([new("t", new InstantFeature())], "y", ModelTask.Regression, null),
            [new CalendarFeaturizer(0, [], [0, 0, 0, 0, 10, 0], [1, 1, 1, 1, 2, 0])],
            new LinearStructure([0, 0, 0, 0, 3, 1], 0, Link.Identity));
        GraphFile file = new(OnnxExport.Write(model).Bytes);
        AssertConstant(file, "means", [1], [10]);
        AssertConstant(file, "weights", [1, 1], [1.5]);
        Assert.That(file.Nodes.SelectMany(n => n.Outputs), Has.Member("t hour").And.No.Member("t era").And.No.Member("t weekday"));
    }

    [Test]
    public void Every_node_reads_what_stands_before_it_and_no_name_is_given_twice() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        GraphFile file = new(OnnxExport.Write(RandomCases.Linear(seed, 0).Model).Bytes);
        var (inputs, constants, nodes) = (file.Inputs, file.Constants, file.Nodes);
        HashSet<string> known = [.. inputs.Select(i => i.Split(' ')[0]), .. constants];
        Assert.That(known, Has.Count.EqualTo(inputs.Length + constants.Length));
        foreach (var node in nodes)
        {
            Assert.That(node.Inputs.Where(i => !known.Contains(i)), Is.Empty, node.Operation);
            foreach (string output in node.Outputs) Assert.That(known.Add(output), output);
        }
        Assert.That(constants.Except(nodes.SelectMany(n => n.Inputs)), Is.Empty, "a constant that nothing reads");
        Assert.That(known, Does.Contain("predicted_y"));
    }).QuickCheckThrowOnFailure();

    [Test]
    public void The_same_model_gives_the_same_bytes() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var first = RandomCases.Linear(seed, 0).Model;
        byte[] bytes = OnnxExport.Write(first).Bytes.ToArray();
        Assert.That(OnnxExport.Write(ModelFormat.Read(ModelFormat.Write(first))).Bytes.ToArray(), Is.EqualTo(bytes));
    }).QuickCheckThrowOnFailure();

    [Test]
    public void A_model_that_came_as_a_graph_leaves_as_that_graph()
    {
        var graph = new GraphStructure([1, 2, 3], [new("X", TensorElement.Float, [1], [0])], [new("Y", "Y", new FloatType(32), false, 1)], null, true, []);
        Model model = new(new([new("X", new TensorFeature(TensorElement.Float))], "Y", ModelTask.Regression, null), [], graph);
        Assert.That(OnnxExport.Write(model).Bytes.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    private static void AssertConstant(GraphFile file, string name, long[] shape, double[] values)
    {
        var constant = file.Constant(name);
        Assert.That(constant.Shape, Is.EqualTo(shape), name);
        Assert.That(constant.Values, Is.EqualTo(values), name);
    }

    private static Model Every() => new(
        new(
            [
                new("number", new NumberFeature()), new("boolean", new BooleanFeature()), new("text", new TextFeature()), new("date", new DateFeature()), new("instant", new InstantFeature()),
                new("local", new LocalTimeFeature()), new("list", new NumberListFeature(3)), new("struct", new StructFeature([new("a", new NumberFeature())])),
            ],
            "y", ModelTask.Regression, null),
        [], new LinearStructure([], 0, Link.Identity));
}
