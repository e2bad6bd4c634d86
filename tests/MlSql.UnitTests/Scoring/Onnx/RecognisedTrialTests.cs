using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Models.Onnx.Export;
using MlSql.Models.Onnx.Trees;
using MlSql.Scoring.Onnx;

namespace MlSql.UnitTests.Scoring.Onnx;

/// <summary>What the structure of a recognised graph says of its outputs is what running it says, so that the stored model is the same byte by byte.</summary>
internal sealed class RecognisedTrialTests
{
    private static IEnumerable<string> Names() =>
        Directory.GetDirectories(TestData.Shared("fixtures", "models")).Where(f => File.Exists(Path.Combine(f, "fixture.json"))).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Names))]
    public void The_structure_says_what_a_run_says(string name)
    {
        Fixture fixture = new(TestData.Shared("fixtures", "models", name));
        OnnxModel file = OnnxReader.Read(fixture.Graph, new OnnxLimits(), default);
        GraphTrialResult run = GraphTrial.Run(file, fixture.GraphInputs, default);
        GraphTrialResult? read = RecognisedTrial.Find(file, fixture.GraphInputs, fixture.Features, default);
        bool recognised = GraphRecogniser.Recognise(Structure(file, fixture, run), fixture.Features, default).Succeeded;
        Assert.That(read is not null, Is.EqualTo(recognised));
        if (read is null) return;
        Assert.That(read.Outputs, Is.EqualTo(run.Outputs));
        Assert.That((read.Batch, read.RowsAreIndependent, read.Warning), Is.EqualTo((run.Batch, run.RowsAreIndependent, run.Warning)));
        Assert.That(Hash(file, fixture, read), Is.EqualTo(Hash(file, fixture, run)));
    }

    [Test]
    public void A_graph_that_fixes_its_rows_is_tried()
    {
        (OnnxModel free, OnnxModel fixedRows) = (Graph("rows"), Graph(4));
        Assert.That(RecognisedTrial.Find(free, Inputs, Features, default), Is.Not.Null);
        Assert.That(RecognisedTrial.Find(fixedRows, Inputs, Features, default), Is.Null);
        Assert.That(GraphTrial.Run(fixedRows, Inputs, default).Batch, Is.EqualTo(4));
    }

    [Test]
    public void A_graph_that_declares_other_outputs_than_it_has_is_left_to_the_runtime()
    {
        OnnxModel graph = Graph("rows", TensorElement.Double);
        Assert.That(RecognisedTrial.Find(graph, Inputs, Features, default), Is.Null);
        Assert.That(() => GraphTrial.Run(graph, Inputs, default), Throws.TypeOf<CodedException>().With.Property("Code").EqualTo("MLS4103"));
    }

    [Test]
    public void Trees_that_no_runtime_would_let_read_their_input_are_not_recognised()
    {
        GraphWriter graph = new();
        graph.Input("X", TensorElement.Boolean, 1, "");
        string values = graph.Output("values", TensorElement.Float, 1, "");
        graph.MlOutputNode("TreeEnsembleRegressor", [values], ["X"], Stump);
        OnnxModel file = OnnxReader.Read(graph.Write("", []), new OnnxLimits(), default);
        Assert.That(GraphRecogniser.Recognise(file, [new("X", TensorElement.Boolean, [1], [0])], [new Feature("X", new BooleanFeature())], default).Reason, Is.EqualTo("its trees read a tensor of Boolean"));
    }

    private static ImmutableArray<GraphInput> Inputs => [new("X", TensorElement.Float, [1], [0])];

    private static ImmutableArray<Feature> Features => [new Feature("X", new TensorFeature(TensorElement.Float))];

    /// <summary>A regressor of one split.</summary>
    public static NodeAttribute[] Stump =>
    [
        NodeAttribute.Of("n_targets", 1L), NodeAttribute.Of("nodes_treeids", [0L, 0, 0]), NodeAttribute.Of("nodes_nodeids", [0L, 1, 2]), NodeAttribute.Of("nodes_featureids", [0L, 0, 0]), NodeAttribute.Of("nodes_modes", ["BRANCH_LEQ", "LEAF", "LEAF"]),
        NodeAttribute.Of("nodes_values", [0.5f, 0, 0]), NodeAttribute.Of("nodes_truenodeids", [1L, 0, 0]), NodeAttribute.Of("nodes_falsenodeids", [2L, 0, 0]), NodeAttribute.Of("target_treeids", [0L, 0]), NodeAttribute.Of("target_nodeids", [1L, 2]),
        NodeAttribute.Of("target_ids", [0L, 0]), NodeAttribute.Of("target_weights", [1f, 2f]),
    ];

    // A stump whose input has so many rows.
    private static OnnxModel Graph(object rows, TensorElement output = TensorElement.Float)
    {
        GraphWriter graph = new();
        graph.Input("X", TensorElement.Float, 1, "");
        string values = graph.Output("values", output, 1, "");
        graph.MlOutputNode("TreeEnsembleRegressor", [values], ["X"], Stump);
        byte[] bytes = graph.Write("", []);
        OnnxModel file = OnnxReader.Read(bytes, new OnnxLimits(), default);
        return rows is int count ? file with { Inputs = [file.Inputs[0] with { Type = new TensorValueType(TensorElement.Float, [count, 1]) }] } : file;
    }

    private static GraphStructure Structure(OnnxModel file, Fixture fixture, GraphTrialResult trial) => new([.. file.Bytes.Span], fixture.GraphInputs, trial.Outputs, trial.Batch, trial.RowsAreIndependent, []);

    private static string Hash(OnnxModel file, Fixture fixture, GraphTrialResult trial)
    {
        var answer = GraphAnswer.Of(trial.Outputs, file.Classes);
        ImmutableArray<Feature> features = [.. fixture.GraphInputs.SelectMany(input => input.Features.Select(f => new Feature(fixture.Features[f].Name, new TensorFeature(input.Element))))];
        Model model = new(new ModelSignature(features, trial.Outputs[0].Column, answer.Task, answer.Classes), [], Structure(file, fixture, trial) with { ClassOrder = answer.ClassOrder });
        return ModelFormat.ContentHash(ModelFormat.Write(model));
    }
}
