using System.Collections.Immutable;
using System.Globalization;
using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Models.Onnx.Trees;
using MlSql.Scoring.Onnx;
using MlSql.UnitTests.Scoring.Memory;
using MlSql.UnitTests.Scoring.Onnx;

namespace MlSql.UnitTests.Models.Onnx.Trees;

/// <summary>A graph and its rows, run by ONNX Runtime and by what was recognised of it.</summary>
internal static class RecognisedCase
{
    /// <summary>What a graph's inputs are fed: one feature an element.</summary>
    public static GraphStructure StructureOf(byte[] graph, out ImmutableArray<Feature> features)
    {
        OnnxModel onnx = OnnxReader.Read(graph, new OnnxLimits(), default);
        (Model model, GraphTrialResult trial) = TestGraph.Import(graph);
        Assert.That(trial.Warning, Is.Null);
        Assert.That(onnx.Outputs, Has.Length.EqualTo(trial.Outputs.Length));
        features = model.Signature.Features;
        return (GraphStructure)model.Structure;
    }

    public static Recognition Recognise(byte[] graph) => GraphRecogniser.Recognise(StructureOf(graph, out var features), features, default);

    /// <summary>The differences of both; values: doubles, texts or null by feature and row. Numbers may differ by the last bits of exponentials, classes may not.</summary>
    public static List<string> Differences(byte[] graph, IReadOnlyList<object?[]> values, double tolerance = 1e-6)
    {
        GraphStructure structure = StructureOf(graph, out var features);
        Recognition recognition = GraphRecogniser.Recognise(structure, features, default);
        if (!recognition.Succeeded) return [$"not recognised: {recognition.Reason}"];
        GraphTrialResult? read = RecognisedTrial.Find(OnnxReader.Read(graph, new OnnxLimits(), default), structure.Inputs, features, default);
        Assert.That(read?.Outputs, Is.EqualTo(structure.Outputs));
        Assert.That((read.Batch, read.RowsAreIndependent), Is.EqualTo((structure.Batch, structure.RowsAreIndependent)));
        using var views = new ScoringViews(ViewStyle.Offsets);
        TensorElement[] elements = [.. structure.Inputs.SelectMany(i => i.Features.Select(f => (f, i.Element))).OrderBy(p => p.f).Select(p => p.Element)];
        ColumnView[] columns = [.. values.Select((v, i) => views.Make(TensorElements.TypeOf(elements[i]), [.. v.Select(x => Boxed(x, elements[i]))]))];
        int rows = values[0].Length;
        using GraphBatch own = new RecognisedModel(recognition.Graph, structure).Score(columns, rows);
        using var session = GraphSession.Create(structure.Graph, new GraphSessionOptions(), default);
        GraphScorer runtime = new(new Model(new ModelSignature(features, "y", ModelTask.Regression, null), [], structure), session);
        using GraphBatch given = runtime.Score(columns, rows, new RunLimits(TimeSpan.FromSeconds(60), default));
        List<string> differences = [];
        for (int row = 0; row < rows; row++)
        {
            Assert.That(own.IsValid(row), Is.EqualTo(given.IsValid(row)));
            if (!own.IsValid(row)) continue;
            foreach (GraphOutput output in structure.Outputs)
            {
                string[] got = [.. FixtureTests.Values(own, output.Name, row)], wanted = [.. FixtureTests.Values(given, output.Name, row)];
                if (got.Length != wanted.Length || !got.Zip(wanted).All(p => Equal(p.First, p.Second, tolerance)))
                    differences.Add($"{output.Name}, row ({string.Join(", ", values.Select(v => v[row]))}): {string.Join(' ', got)}, ONNX Runtime gives {string.Join(' ', wanted)}");
            }
        }
        return differences;
    }

    private static bool Equal(string got, string wanted, double tolerance) =>
        got == wanted || (double.TryParse(got, CultureInfo.InvariantCulture, out double g) && double.TryParse(wanted, CultureInfo.InvariantCulture, out double w) && Math.Abs(g - w) <= tolerance * Math.Max(1, Math.Abs(w)));

    private static object? Boxed(object? value, TensorElement element) => (value, element) switch
    {
        (double d, TensorElement.Float) => (float)d,
        (double d, TensorElement.Double) => d,
        (double d, TensorElement.Boolean) => d != 0,
        (double d, _) => double.IsFinite(d) ? (Int128)d : (Int128)0,
        var (other, _) => other,
    };
}
