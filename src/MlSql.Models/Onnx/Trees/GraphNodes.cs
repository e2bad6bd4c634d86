using System.Text;
using MlSql.Models.Onnx.Graphs;
using MlSql.Models.Onnx.Protobuf;
using MlSql.Models.Onnx.Tensors;

namespace MlSql.Models.Onnx.Trees;

/// <summary>A node: its operator ("ai.onnx.ml." before those of ONNX-ML), its inputs and outputs by name, and where its attributes lie.</summary>
internal sealed record GraphNode(string Operator, string[] Inputs, string[] Outputs, AttributeTable Attributes)
{
    /// <summary>The place of an output among the node's outputs.</summary>
    public int PlaceOf(string output) => Array.IndexOf(Outputs, output);
}

/// <summary>The nodes and constants of a small graph by the names of what they give.</summary>
internal sealed class GraphNodes
{
    // A pipeline around one ensemble has a few dozen; values are followed by calls within calls.
    private const int MostNodes = 500;
    private const int MostConstantBytes = 1 << 24;
    private readonly Dictionary<string, GraphNode> _producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Slice> _constants = new(StringComparer.Ordinal);

    private GraphNodes(ModelFile file) => File = file;

    public ModelFile File { get; }

    /// <summary>Reads and checks a graph as <see cref="OnnxReader"/> does. Throws <see cref="UnrecognisedException"/>, and for a damaged graph <see cref="Columnar.CodedException"/> and <see cref="MalformedProtobufException"/>.</summary>
    public static GraphNodes Read(ReadOnlyMemory<byte> graph, CancellationToken cancel)
    {
        ModelFile file = new(graph, new(), new OnnxErrors("stored graph"), cancel);
        ModelParts parts = ModelParts.Read(file);
        if (parts.Graph is not { } message) throw file.Errors.GraphMissing();
        if (parts.Functions.Count > 0) throw new UnrecognisedException("it brings functions of its own");
        StructureWalk walk = new(file);
        walk.Run();
        if (walk.Nodes > MostNodes) throw new UnrecognisedException(FormattableString.Invariant($"it has {walk.Nodes} nodes; a pipeline around one ensemble has no more than {MostNodes}"));
        GraphBody body = new GraphCheck(file, new(file, parts.Functions)).Run(message);
        GraphNodes nodes = new(file);
        foreach (Slice node in body.Nodes) nodes.Add(node);
        nodes.AddConstants(message);
        return nodes;
    }

    /// <summary>The node that gives a value; null for an input, a constant tensor or nothing.</summary>
    public GraphNode? Producer(string value) => _producers.GetValueOrDefault(value);

    /// <summary>A constant, written as a tensor or by a node Constant; null for what is computed.</summary>
    public ConstantTensor? Constant(string value)
    {
        Slice? tensor = _constants.TryGetValue(value, out Slice known) ? known : Producer(value) is { Operator: "Constant" } node ? node.Attributes.TensorOf("value") : null;
        if (tensor is not { } message) return null;
        return message.Length <= MostConstantBytes ? ConstantTensor.Read(File, message) : throw new UnrecognisedException($"a constant of it has {message.Length} bytes");
    }

    private void Add(Slice message)
    {
        NodeFields fields = NodeFields.Read(File, message);
        List<string> inputs = [], outputs = [];
        ProtobufReader reader = File.Fields(message);
        while (reader.Next())
            if (reader.Is(NodeFields.Input, WireType.Bytes)) inputs.Add(Name(reader.Content));
            else if (reader.Is(NodeFields.Output, WireType.Bytes)) outputs.Add(Name(reader.Content));
        string domain = Name(fields.Domain);
        GraphNode node = new(domain is "" or "ai.onnx" ? Name(fields.Operator) : $"{domain}.{Name(fields.Operator)}", [.. inputs], [.. outputs], new AttributeTable(File, fields));
        foreach (string output in outputs)
            if (output.Length > 0) _producers[output] = node;
    }

    private void AddConstants(Slice graph)
    {
        ProtobufReader fields = File.Fields(graph);
        while (fields.Next())
        {
            if (!fields.Is(MessageSchema.GraphTensors, WireType.Bytes)) continue;
            ProtobufReader tensor = File.Fields(fields.Content);
            while (tensor.Next())
                if (tensor.Is(TensorFields.Name, WireType.Bytes)) _constants[Name(tensor.Content)] = fields.Content;
        }
    }

    // Names that are no text could become equal by their replacements.
    private string Name(Slice name)
    {
        ReadOnlySpan<byte> bytes = name.Of(File.Span);
        return System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw new UnrecognisedException("a name in it is not valid UTF-8");
    }
}
