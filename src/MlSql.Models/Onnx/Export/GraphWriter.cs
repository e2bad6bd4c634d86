using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;

namespace MlSql.Models.Onnx.Export;

/// <summary>
/// Collects the parts of one graph and writes the file. Values are known by their names: inputs and outputs keep those that they are declared with, all others get one that is free.
/// Nodes must be added after what they read.
/// </summary>
/// <param name="mlOpset">The version of ONNX-ML that the nodes need.</param>
internal sealed class GraphWriter(long mlOpset = 3)
{
    private const long IrVersion = 8, StandardOpset = 17;
    private const string MlDomain = "ai.onnx.ml";
    private readonly ProtoWriter _nodes = new();
    private readonly ProtoWriter _initializers = new();
    private readonly ProtoWriter _inputs = new();
    private readonly ProtoWriter _outputs = new();
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<long, string> _wholes = [];
    private readonly Dictionary<long, string> _reals = [];

    /// <summary>Declares an input of the shape [N, width]. False when the name is taken.</summary>
    public bool Input(string name, TensorElement element, long width, string description)
    {
        if (!_names.Add(name)) return false;
        _inputs.Message(11, ValueOf(name, element, width, description));
        return true;
    }

    /// <summary>Declares an output of the shape [N, width], or [N] without a width. It gets the name, or that with predicted_ in front as often as it takes to be free; give it to <see cref="Node"/>. All inputs come first.</summary>
    public string Output(string name, TensorElement element, long? width, string description)
    {
        while (!_names.Add(name)) name = "predicted_" + name;
        _outputs.Message(12, ValueOf(name, element, width, description));
        return name;
    }

    /// <summary>Adds a node with one result and gives the name of that, which is like <paramref name="result"/>.</summary>
    public string Node(string operation, string result, ImmutableArray<string> inputs, params ReadOnlySpan<NodeAttribute> attributes)
    {
        string name = Free(result);
        Add(operation, "", [name], inputs, attributes);
        return name;
    }

    /// <summary>Adds a node whose result is a declared output.</summary>
    public void OutputNode(string operation, string output, ImmutableArray<string> inputs, params ReadOnlySpan<NodeAttribute> attributes) => Add(operation, "", [output], inputs, attributes);

    /// <summary>Adds a node of the operators of classical machine learning with one result.</summary>
    public string MlNode(string operation, string result, ImmutableArray<string> inputs, params ReadOnlySpan<NodeAttribute> attributes)
    {
        string name = Free(result);
        Add(operation, MlDomain, [name], inputs, attributes);
        return name;
    }

    /// <summary>Adds a node of the operators of classical machine learning whose results are declared outputs.</summary>
    public void MlOutputNode(string operation, ImmutableArray<string> outputs, ImmutableArray<string> inputs, params ReadOnlySpan<NodeAttribute> attributes) => Add(operation, MlDomain, outputs, inputs, attributes);

    /// <summary>Adds a node of the operators of classical machine learning whose first result is a declared output and whose second nobody reads.</summary>
    public void MlOutputNode(string operation, string output, string unread, ImmutableArray<string> inputs, params ReadOnlySpan<NodeAttribute> attributes) =>
        Add(operation, MlDomain, [output, Free(unread)], inputs, attributes);

    /// <summary>The name of a constant without dimensions; the same one for the same value.</summary>
    public string Constant(long value)
    {
        if (_wholes.TryGetValue(value, out string? name)) return name;
        name = Constants(string.Create(CultureInfo.InvariantCulture, $"{value}"), [value]);
        return _wholes[value] = name;
    }

    /// <inheritdoc cref="Constant(long)"/>
    public string Constant(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        if (_reals.TryGetValue(bits, out string? name)) return name;
        name = Constants(string.Create(CultureInfo.InvariantCulture, $"real {value:R}"), [value]);
        return _reals[bits] = name;
    }

    /// <summary>Adds constants of the given shape.</summary>
    public string Constants(string name, ReadOnlySpan<double> values, params ReadOnlySpan<long> shape)
    {
        byte[] data = new byte[values.Length * sizeof(double)];
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteDoubleLittleEndian(data.AsSpan(i * sizeof(double)), values[i]);
        return Tensor(name, TensorElement.Double, data, shape);
    }

    /// <inheritdoc cref="Constants(string, ReadOnlySpan{double}, ReadOnlySpan{long})"/>
    public string Constants(string name, ReadOnlySpan<long> values, params ReadOnlySpan<long> shape)
    {
        byte[] data = new byte[values.Length * sizeof(long)];
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(data.AsSpan(i * sizeof(long)), values[i]);
        return Tensor(name, TensorElement.Int64, data, shape);
    }

    /// <inheritdoc cref="Constants(string, ReadOnlySpan{double}, ReadOnlySpan{long})"/>
    public string Constants(string name, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape)
    {
        byte[] data = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(i * sizeof(float)), values[i]);
        return Tensor(name, TensorElement.Float, data, shape);
    }

    /// <summary>The file (ModelProto).</summary>
    public byte[] Write(string description, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        ProtoWriter graph = new();
        graph.Append(_nodes);
        graph.Text(2, "model");
        graph.Append(_initializers);
        graph.Append(_inputs);
        graph.Append(_outputs);

        ProtoWriter model = new();
        model.Number(1, IrVersion);
        model.Text(2, "MlSql");
        model.Text(6, description);
        model.Message(7, graph);
        WriteOpset(model, "", StandardOpset);
        WriteOpset(model, MlDomain, mlOpset);
        foreach (var (key, value) in metadata)
        {
            ProtoWriter entry = new();
            entry.Text(1, key);
            entry.Text(2, value);
            model.Message(14, entry);
        }
        return model.Written.ToArray();
    }

    private static void WriteOpset(ProtoWriter model, string domain, long version)
    {
        ProtoWriter opset = new();
        opset.Text(1, domain);
        opset.Number(2, version);
        model.Message(8, opset);
    }

    private void Add(string operation, string domain, ImmutableArray<string> outputs, ImmutableArray<string> inputs, ReadOnlySpan<NodeAttribute> attributes)
    {
        ProtoWriter node = new();
        foreach (string input in inputs) node.Text(1, input);
        foreach (string output in outputs) node.Text(2, output);
        node.Text(3, outputs[0]);
        node.Text(4, operation);
        foreach (var attribute in attributes)
        {
            ProtoWriter setting = new();
            attribute.Write(setting);
            node.Message(5, setting);
        }
        if (domain.Length > 0) node.Text(7, domain);
        _nodes.Message(1, node);
    }

    private string Tensor(string name, TensorElement element, byte[] data, ReadOnlySpan<long> shape)
    {
        name = Free(name);
        ProtoWriter tensor = new();
        foreach (long size in shape) tensor.Number(1, size);
        tensor.Number(2, (long)element);
        tensor.Text(8, name);
        tensor.Bytes(9, data);
        _initializers.Message(5, tensor);
        return name;
    }

    private static ProtoWriter ValueOf(string name, TensorElement element, long? width, string description)
    {
        ProtoWriter rows = new(), shape = new(), tensor = new(), type = new(), value = new();
        rows.Text(2, "N");
        shape.Message(1, rows);
        if (width is { } size)
        {
            ProtoWriter columns = new();
            columns.Number(1, size);
            shape.Message(1, columns);
        }
        tensor.Number(1, (long)element);
        tensor.Message(2, shape);
        type.Message(1, tensor);
        value.Text(1, name);
        value.Message(2, type);
        value.Text(3, description);
        return value;
    }

    private string Free(string wanted)
    {
        string name = wanted;
        for (int i = 2; !_names.Add(name); i++) name = string.Create(CultureInfo.InvariantCulture, $"{wanted} {i}");
        return name;
    }
}
