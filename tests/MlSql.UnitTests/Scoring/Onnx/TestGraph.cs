using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Scoring.Onnx;

namespace MlSql.UnitTests.Scoring.Onnx;

/// <summary>Writes small ONNX graphs for tests, field by field of their protobuf messages.</summary>
internal sealed class TestGraph
{
    private readonly List<byte[]> _nodes = [], _inputs = [], _outputs = [], _initializers = [];

    /// <summary>Dimensions: a number, or a text for a free one.</summary>
    public TestGraph Input(string name, TensorElement element, params object[] shape) => Add(_inputs, Value(name, element, shape));

    public TestGraph Output(string name, TensorElement element, params object[] shape) => Add(_outputs, Value(name, element, shape));

    public TestGraph Node(string operation, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes) =>
        Add(_nodes, [.. inputs.SelectMany(i => Text(1, i)), .. outputs.SelectMany(o => Text(2, o)), .. Text(3, "node_" + outputs[0]), .. Text(4, operation), .. attributes.SelectMany(a => Bytes(5, Attribute(a.Name, a.Value)))]);

    public TestGraph Floats(string name, long[] shape, params float[] values)
    {
        byte[] raw = new byte[values.Length * 4];
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(raw.AsSpan(i * 4), values[i]);
        return Add(_initializers, [.. shape.SelectMany(s => Number(1, s)), .. Number(2, 1), .. Text(8, name), .. Bytes(9, raw)]);
    }

    public TestGraph Integers(string name, params long[] values)
    {
        byte[] raw = new byte[values.Length * 8];
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(raw.AsSpan(i * 8), values[i]);
        return Add(_initializers, [.. Number(1, values.Length), .. Number(2, 7), .. Text(8, name), .. Bytes(9, raw)]);
    }

    public byte[] ToBytes()
    {
        byte[] graph =
        [
            .. _nodes.SelectMany(n => Bytes(1, n)), .. Text(2, "g"), .. _initializers.SelectMany(i => Bytes(5, i)),
            .. _inputs.SelectMany(i => Bytes(11, i)), .. _outputs.SelectMany(o => Bytes(12, o)),
        ];
        return [.. Number(1, 8), .. Bytes(7, graph), .. Bytes(8, [.. Text(1, ""), .. Number(2, 17)])];
    }

    /// <summary>What a reader would say of such bytes; types as the session reports them.</summary>
    public static OnnxModel ModelOf(ReadOnlyMemory<byte> bytes)
    {
        using var session = GraphSession.Create(bytes, new GraphSessionOptions(), default);
        return new OnnxModel(bytes, session.Inputs, session.Outputs, 8, ImmutableSortedDictionary<string, long>.Empty, "", 1, null, []);
    }

    /// <summary>The model that an import would make: one number feature an element, outputs as the trial finds them.</summary>
    public static (Model Model, GraphTrialResult Trial) Import(ReadOnlyMemory<byte> bytes)
    {
        var model = ModelOf(bytes);
        var features = ImmutableArray.CreateBuilder<Feature>();
        var inputs = model.Inputs.Select(value =>
        {
            var tensor = (TensorValueType)value.Type;
            ImmutableArray<int> shape = [.. tensor.Shape.Skip(1).Select(s => (int)s!.Value)];
            int width = shape.Aggregate(1, (a, b) => a * b), first = features.Count;
            for (int i = 0; i < width; i++) features.Add(new Feature(width == 1 ? value.Name : $"{value.Name}{i}", FeatureOf(tensor.Element)));
            return new GraphInput(value.Name, tensor.Element, shape, [.. Enumerable.Range(first, width)]);
        }).ToImmutableArray();
        var trial = GraphTrial.Run(model, inputs, default);
        var structure = new GraphStructure([.. bytes.Span], inputs, trial.Outputs, trial.Batch, trial.RowsAreIndependent, []);
        return (new Model(new ModelSignature(features.ToImmutable(), trial.Outputs[0].Column, ModelTask.Regression, null), [], structure), trial);
    }

    public static FeatureType FeatureOf(TensorElement element) => element switch
    {
        TensorElement.Boolean => new BooleanFeature(),
        TensorElement.Text => new TextFeature(),
        _ => new NumberFeature(),
    };

    private TestGraph Add(List<byte[]> list, byte[] message)
    {
        list.Add(message);
        return this;
    }

    private static byte[] Value(string name, TensorElement element, object[] shape)
    {
        byte[] dimensions = [.. shape.SelectMany(s => Bytes(1, s is string free ? Text(2, free) : Number(1, Convert.ToInt64(s, System.Globalization.CultureInfo.InvariantCulture))))];
        return [.. Text(1, name), .. Bytes(2, Bytes(1, [.. Number(1, (int)element), .. Bytes(2, dimensions)]))];
    }

    private static byte[] Attribute(string name, object value) => value switch
    {
        long number => [.. Text(1, name), .. Number(3, number), .. Number(20, 2)],
        long[] numbers => [.. Text(1, name), .. numbers.SelectMany(n => Number(8, n)), .. Number(20, 7)],
        _ => throw new ArgumentException(name),
    };

    private static byte[] Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    private static byte[] Bytes(int field, byte[] value) => [.. Varint((ulong)field << 3 | 2), .. Varint((ulong)value.Length), .. value];

    private static byte[] Number(int field, long value) => [.. Varint((ulong)field << 3), .. Varint((ulong)value)];

    private static IEnumerable<byte> Varint(ulong value)
    {
        for (; value > 127; value >>= 7) yield return (byte)(value & 127 | 128);
        yield return (byte)value;
    }
}
