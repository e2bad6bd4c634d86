using System.Collections.Immutable;
using System.Text.Json;
using MlSql.Models;
using MlSql.Models.Onnx;

namespace MlSql.UnitTests.Models.Onnx;

/// <summary>Models that real tools wrote: what the reader says of them is what their fixture.json says.</summary>
[TestFixture]
internal sealed class ModelFixturesTests
{
    private static readonly Dictionary<TensorElement, string> ElementNames = new()
    {
        [TensorElement.Float] = "float",
        [TensorElement.Double] = "double",
        [TensorElement.Half] = "float16",
        [TensorElement.Int64] = "int64",
        [TensorElement.Int32] = "int32",
        [TensorElement.Text] = "string",
        [TensorElement.Boolean] = "bool",
    };

    private static OnnxModel Read(string name) => OnnxReader.Read(TestData.Shared("fixtures", "models", name, "model.onnx"), new(), CancellationToken.None);

    [Test]
    public void Every_model_is_read_as_its_fixture_says()
    {
        string[] folders = Directory.GetDirectories(TestData.Shared("fixtures", "models"));
        Assert.That(folders, Has.Length.GreaterThanOrEqualTo(59));
        foreach (string folder in folders)
        {
            string name = Path.GetFileName(folder);
            OnnxModel model = Read(name);
            using JsonDocument fixture = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "fixture.json")));
            Compare(name, model.Inputs, fixture.RootElement.GetProperty("inputs"), "input");
            Compare(name, model.Outputs, fixture.RootElement.GetProperty("outputs"), "output");
            // One fixture made by hand does not tell them.
            if (fixture.RootElement.TryGetProperty("ir_version", out JsonElement version)) Assert.That(model.IrVersion, Is.EqualTo(version.GetInt64()), name);
            if (fixture.RootElement.TryGetProperty("producer", out JsonElement producer)) Assert.That(model.Producer, Is.EqualTo(producer.GetString()!.Trim()), name);
            foreach (JsonProperty opset in fixture.RootElement.GetProperty("opset").EnumerateObject())
                Assert.That(model.Opsets[opset.Name == "ai.onnx" ? "" : opset.Name], Is.EqualTo(opset.Value.GetInt64()), name);
            TestContext.Out.WriteLine($"{name}: {model.Nodes} nodes, classes {(model.Classes is { } classes ? $"{classes.Kind} {string.Join(' ', classes.Values)}" : "none")}, feature names {model.FeatureNames.Length}");
        }
    }

    [TestCase("logistic_multinomial_zipmap_strings", ClassKind.Text, "setosa,versicolor,virginica")]
    [TestCase("logistic_binary_zipmap", ClassKind.Integer, "0,1")]
    [TestCase("adult_tree_pipeline_string_label", ClassKind.Text, "high,low")]
    [TestCase("svc_rbf", ClassKind.Integer, "0,1,2")]
    [TestCase("lightgbm_multiclass", ClassKind.Integer, "0,1,2,3,4,5,6,7,8,9")]
    public void Classes_are_those_of_the_last_classifier(string name, ClassKind kind, string values) =>
        Assert.That(Read(name).Classes, Is.EqualTo(new ClassLabels(kind, [.. values.Split(',')])));

    [TestCase("linear_regression")]
    [TestCase("random_forest_regression")]
    [TestCase("cnn_digits")]
    public void Other_models_have_no_classes(string name) => Assert.That(Read(name).Classes, Is.Null);

    [Test]
    public void A_side_file_ends_up_within_the_model()
    {
        OnnxModel model = Read("external_data");
        Assert.That(model.Bytes.Length, Is.GreaterThan(new FileInfo(TestData.Shared("fixtures", "models", "external_data", "weights.bin")).Length));
        OnnxModel again = OnnxReader.Read(model.Bytes, new(), CancellationToken.None);
        Assert.That(again.Bytes.Span.SequenceEqual(model.Bytes.Span), "nothing is left to put in");
        Assert.That(again.Inputs, Is.EqualTo(model.Inputs));
        Assert.That(again.Outputs, Is.EqualTo(model.Outputs));
        Assert.That(again.Nodes, Is.EqualTo(model.Nodes));
        byte[] weights = File.ReadAllBytes(TestData.Shared("fixtures", "models", "external_data", "weights.bin"));
        foreach ((int offset, int length) in new[] { (0, 432), (432, 48), (480, 7_680), (8_160, 40) })
            Assert.That(model.Bytes.Span.IndexOf(weights.AsSpan(offset, length)), Is.Positive, $"bytes {offset} to {offset + length}");
    }

    private static void Compare(string model, ImmutableArray<GraphValue> values, JsonElement expected, string name)
    {
        Assert.That(values.Select(value => value.Name), Is.EqualTo(expected.EnumerateArray().Select(value => value.GetProperty(name).GetString())), model);
        foreach ((GraphValue value, JsonElement fixture) in values.Zip(expected.EnumerateArray()))
        {
            Assert.That(TypeText(value.Type), Is.EqualTo(fixture.GetProperty("type").GetString()), $"{model}.{value.Name}");
            if (fixture.GetProperty("shape").ValueKind != JsonValueKind.Array) continue;
            IEnumerable<long?> shape = fixture.GetProperty("shape").EnumerateArray().Select(size => size.ValueKind == JsonValueKind.Number ? size.GetInt64() : (long?)null);
            Assert.That(((TensorValueType)value.Type).Shape, Is.EqualTo(shape), $"{model}.{value.Name}");
        }
    }

    private static string TypeText(GraphValueType type) => type switch
    {
        TensorValueType tensor => $"tensor({ElementNames[tensor.Element]})",
        SequenceValueType sequence => $"sequence<{TypeText(sequence.Element)}>",
        MapValueType { Value: TensorValueType value } map => $"map<{ElementNames[map.Key]},{ElementNames[value.Element]}>",
        _ => type.ToString(),
    };
}
