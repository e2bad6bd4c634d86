using System.Collections.Immutable;
using System.Text.Json;
using MlSql.Models;
using MlSql.Models.Onnx;

namespace MlSql.UnitTests.Scoring.Onnx;

/// <summary>One folder of the shared ONNX models: the graph's inputs with their columns, the outputs with theirs, and the tolerance.</summary>
internal sealed class Fixture
{
    private readonly JsonElement _json;

    public Fixture(string folder)
    {
        Folder = folder;
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "fixture.json")));
        _json = file.RootElement.Clone();
        Rows = _json.GetProperty("rows").GetInt32();
        var tolerance = _json.GetProperty("tolerance");
        (Absolute, Relative) = (tolerance.GetProperty("abs").GetDouble(), tolerance.GetProperty("rel").GetDouble());
        RowsAllowedToDiffer = tolerance.TryGetProperty("label_mismatches_allowed", out var rows) ? rows.GetInt32() : 0;
    }

    public string Folder { get; }

    public int Rows { get; }

    public double Absolute { get; }

    public double Relative { get; }

    public int RowsAllowedToDiffer { get; }

    public byte[] Graph => OnnxReader.Read(Path.Combine(Folder, "model.onnx"), new OnnxLimits(), default).Bytes.ToArray();

    /// <summary>The features' columns as SQL, in the order of the features.</summary>
    public IEnumerable<string> FeatureColumns => Inputs().SelectMany(i => Columns(i).Select(c => ElementOf(i) switch
    {
        TensorElement.Int32 => $"CAST(\"{c}\" AS INTEGER)",
        TensorElement.Int64 => $"CAST(\"{c}\" AS BIGINT)",
        TensorElement.Boolean => $"CAST(\"{c}\" AS BOOLEAN)",
        _ => $"\"{c}\"",
    }));

    public ImmutableArray<Feature> Features => [.. Inputs().SelectMany(i => Columns(i).Select(c => new Feature(c, TestGraph.FeatureOf(ElementOf(i)))))];

    public ImmutableArray<GraphInput> GraphInputs
    {
        get
        {
            int first = 0;
            return [.. Inputs().Select(i =>
            {
                int width = Columns(i).Count();
                var input = new GraphInput(i.GetProperty("input").GetString()!, ElementOf(i), ShapeOf(i, width), [.. Enumerable.Range(first, width)]);
                first += width;
                return input;
            })];
        }
    }

    /// <summary>Output name and its expected columns, which are none for a value of the whole batch.</summary>
    public IEnumerable<(string Name, string[] Columns)> Outputs =>
        _json.GetProperty("outputs").EnumerateArray().Select(o => (o.GetProperty("output").GetString()!, o.TryGetProperty("columns", out _) ? Columns(o).ToArray() : []));

    private JsonElement.ArrayEnumerator Inputs() => _json.GetProperty("inputs").EnumerateArray();

    private static IEnumerable<string> Columns(JsonElement value) => value.GetProperty("columns").EnumerateArray().Select(c => c.GetString()!);

    private static ImmutableArray<int> ShapeOf(JsonElement input, int width)
    {
        if (input.TryGetProperty("reshape", out var sizes)) return [.. sizes.EnumerateArray().Skip(1).Select(s => s.GetInt32())];
        return input.TryGetProperty("layout", out _) ? [] : [width];
    }

    private static TensorElement ElementOf(JsonElement input) => input.GetProperty("type").GetString() switch
    {
        "tensor(float)" => TensorElement.Float,
        "tensor(double)" => TensorElement.Double,
        "tensor(float16)" => TensorElement.Half,
        "tensor(int32)" => TensorElement.Int32,
        "tensor(int64)" => TensorElement.Int64,
        "tensor(bool)" => TensorElement.Boolean,
        "tensor(string)" => TensorElement.Text,
        var other => throw new ArgumentException(other),
    };
}
