using MlSql.Models.Onnx.Protobuf;
using MlSql.Models.Onnx.Tensors;

namespace MlSql.Models.Onnx.Graphs;

/// <summary>
/// Reads the graphs of a model and checks them: each name has one producer, whatever is read is produced, nothing runs in a circle, each operator is of a domain that may run. Goes down only with graphs that nest; their depth is
/// limited by <see cref="StructureWalk"/>, which must have passed.
/// </summary>
internal sealed class GraphCheck(ModelFile file, FunctionTable functions)
{
    private readonly NameComparer _comparer = new(file.Bytes);
    private readonly EvaluationOrder _order = new(file);
    private FunctionTable.Calls _calls = new();
    private int _names;

    /// <summary>Checks all graphs and functions and returns the outermost graph.</summary>
    public GraphBody Run(Slice graph)
    {
        foreach (FunctionTable.Function function in functions.All)
        {
            _calls = function.Calls;
            Check(function.Message, MessageKind.Function, isOutermost: true);
        }
        _calls = new();
        GraphBody body = Check(graph, MessageKind.Graph, isOutermost: true).Body;
        functions.Expanded(_calls);
        return body;
    }

    private (GraphBody Body, List<(Slice Name, Slice Reader)> ReadFromOutside) Check(Slice message, MessageKind kind, bool isOutermost)
    {
        GraphBody body = kind == MessageKind.Graph ? ReadGraph(message) : ReadFunction(message);
        List<NodeFields> trees = [];
        for (int i = 0; i < body.Nodes.Count; i++)
        {
            file.Cancel.ThrowIfCancellationRequested();
            NodeFields node = NodeFields.Read(file, body.Nodes[i]);
            CheckOperator(node);
            if (TreeCheck.Reads(file, node)) trees.Add(node);
            List<(Slice, Slice)> read = ReadNode(node, i, body);
            if (read.Count > 0) body.ReadWithin.Add(i, read);
        }
        Dictionary<Slice, Slice> outside = new(_comparer);
        _order.Check(body, isOutermost ? null : outside);
        foreach (Slice output in body.Outputs)
        {
            if (body.Producers.ContainsKey(output)) continue;
            if (isOutermost) throw file.Errors.OutputUndefined(file.Shown(output), kind == MessageKind.Graph ? "the graph" : "a function");
            outside.TryAdd(output, default);
        }
        InputWidth? widths = isOutermost && kind == MessageKind.Graph ? new(file, body) : null;
        foreach (NodeFields node in trees) new TreeCheck(file, node).Check(widths?.Of(node));
        foreach (Slice _ in outside.Keys) CountName();
        return (body, [.. outside.Select(pair => (pair.Key, pair.Value))]);
    }

    private GraphBody ReadGraph(Slice message)
    {
        GraphBody body = new(_comparer);
        ProtobufReader fields = file.Fields(message);
        while (fields.Next())
        {
            if (fields.Wire != WireType.Bytes) continue;
            switch (fields.Number)
            {
                case MessageSchema.GraphNodes:
                    body.Nodes.Add(fields.Content);
                    break;
                case MessageSchema.GraphTensors:
                    Define(body, Field(fields.Content, TensorFields.Name), GraphBody.AConstant);
                    break;
                case MessageSchema.GraphSparseTensors:
                    Define(body, Field(Field(fields.Content, 1), TensorFields.Name), GraphBody.AConstant);
                    break;
                case 11:
                    body.Inputs.Add(fields.Content);
                    Define(body, Field(fields.Content, 1), GraphBody.AnInput);
                    break;
                case 12:
                    body.OutputValues.Add(fields.Content);
                    body.Outputs.Add(Field(fields.Content, 1));
                    CountName();
                    break;
            }
        }
        return body;
    }

    private GraphBody ReadFunction(Slice message)
    {
        GraphBody body = new(_comparer);
        ProtobufReader fields = file.Fields(message);
        while (fields.Next())
        {
            if (fields.Wire != WireType.Bytes) continue;
            switch (fields.Number)
            {
                case MessageSchema.FunctionNodes:
                    body.Nodes.Add(fields.Content);
                    break;
                case 4:
                    Define(body, fields.Content, GraphBody.AnInput);
                    break;
                case 5:
                    body.Outputs.Add(fields.Content);
                    CountName();
                    break;
            }
        }
        return body;
    }

    /// <summary>Notes what a node produces and goes into its graphs; returns what they read from outside.</summary>
    private List<(Slice Name, Slice Reader)> ReadNode(in NodeFields node, int place, GraphBody body)
    {
        List<(Slice, Slice)> read = [];
        HashSet<Slice>? attributes = null;
        ProtobufReader fields = file.Fields(node.Message);
        while (fields.Next())
        {
            if (fields.Is(NodeFields.Output, WireType.Bytes)) Define(body, fields.Content, place);
            if (!fields.Is(MessageSchema.NodeAttributes, WireType.Bytes)) continue;
            CountName();
            Slice name = Field(fields.Content, 1);
            if (!(attributes ??= new(_comparer)).Add(name)) throw file.Errors.AttributeRepeated(file.Shown(name), node.Shown(file));
            ProtobufReader attribute = file.Fields(fields.Content);
            while (attribute.Next())
                if (attribute.Wire == WireType.Bytes && attribute.Number is MessageSchema.AttributeGraph or MessageSchema.AttributeGraphs)
                    read.AddRange(Check(attribute.Content, MessageKind.Graph, isOutermost: false).ReadFromOutside);
        }
        return read;
    }

    private void CheckOperator(in NodeFields node)
    {
        _calls.Nodes++;
        if (functions.Called(node) is { } function)
        {
            _calls.Times[function] = _calls.Times.GetValueOrDefault(function) + 1;
            return;
        }
        string domain = file.Text(node.Domain, "The name of an operator domain");
        if (RuntimeSupport.Opset(domain) is null) throw file.Errors.DomainNotAllowed(node.Shown(file), ShownText.Name(domain));
        if (RuntimeSupport.ReadsFiles(domain, file.Text(node.Operator, "The name of an operator"))) throw file.Errors.ReadsFiles(node.Shown(file));
    }

    private void Define(GraphBody body, Slice name, int producer)
    {
        if (name.Length == 0) return;
        CountName();
        if (body.Producers.TryAdd(name, producer)) return;
        // An input's default value has the input's name.
        int other = body.Producers[name];
        if ((other, producer) is not ((GraphBody.AnInput, GraphBody.AConstant) or (GraphBody.AConstant, GraphBody.AnInput))) throw file.Errors.Twice(file.Shown(name));
        body.Producers[name] = GraphBody.AConstant;
    }

    private void CountName()
    {
        if (++_names > file.Limits.Names) throw file.Errors.NameCount(file.Limits.Names);
    }

    private Slice Field(Slice message, int number)
    {
        Slice found = default;
        ProtobufReader fields = file.Fields(message);
        while (fields.Next())
            if (fields.Is(number, WireType.Bytes)) found = fields.Content;
        return found;
    }
}
