using MlSql.Models.Onnx.Protobuf;

namespace MlSql.Models.Onnx.Graphs;

/// <summary>The functions that a model brings: a runtime puts their nodes in the place of each call.</summary>
internal sealed class FunctionTable
{
    private readonly ModelFile _file;
    private readonly Dictionary<(Slice Domain, Slice Name, Slice Overload), int> _places;
    private readonly List<Function> _functions = [];

    public FunctionTable(ModelFile file, List<Slice> messages)
    {
        _file = file;
        _places = new(new KeyComparer(new(file.Bytes)));
        foreach (Slice message in messages)
        {
            Slice name = default, domain = default, overload = default;
            ProtobufReader fields = file.Fields(message);
            while (fields.Next())
            {
                if (fields.Wire != WireType.Bytes) continue;
                switch (fields.Number)
                {
                    case 1: name = fields.Content; break;
                    case 9: OpsetFields.Read(file, fields.Content); break;
                    case 10: domain = fields.Content; break;
                    case 13: overload = fields.Content; break;
                }
            }
            if (!_places.TryAdd((domain, name, overload), _functions.Count)) throw file.Errors.Twice(file.Shown(name));
            _functions.Add(new(message, name));
        }
    }

    public IReadOnlyList<Function> All => _functions;

    /// <summary>The function that a node calls; null when it is an operator.</summary>
    public Function? Called(in NodeFields node) =>
        _functions.Count > 0 && _places.TryGetValue((node.Domain, node.Operator, node.Overload), out int place) ? _functions[place] : null;

    /// <summary>How many nodes stand there when every call is replaced; refuses functions that call themselves and too many nodes.</summary>
    public long Expanded(Calls calls, int depth = 0)
    {
        if (depth > _file.Limits.Depth) throw _file.Errors.Nesting("Functions", _file.Limits.Depth);
        long nodes = calls.Nodes;
        foreach ((Function function, long times) in calls.Times)
        {
            if (function.IsOpen) throw _file.Errors.FunctionCallsItself(_file.Shown(function.Name));
            if (function.Expanded is null)
            {
                function.IsOpen = true;
                function.Expanded = Expanded(function.Calls, depth + 1);
                function.IsOpen = false;
            }
            // Both factors are at most the limit on nodes, so that the product fits.
            nodes += times * function.Expanded.Value;
            if (nodes > _file.Limits.Nodes) throw _file.Errors.NodeCount(_file.Limits.Nodes);
        }
        return nodes;
    }

    /// <summary>A FunctionProto.</summary>
    internal sealed class Function(Slice message, Slice name)
    {
        public Slice Message { get; } = message;

        public Slice Name { get; } = name;

        public Calls Calls { get; } = new();

        public long? Expanded { get; set; }

        public bool IsOpen { get; set; }
    }

    /// <summary>What stands in a graph or function and all graphs within.</summary>
    internal sealed class Calls
    {
        public long Nodes { get; set; }

        public Dictionary<Function, long> Times { get; } = [];
    }

    private sealed class KeyComparer(NameComparer names) : IEqualityComparer<(Slice Domain, Slice Name, Slice Overload)>
    {
        public bool Equals((Slice Domain, Slice Name, Slice Overload) x, (Slice Domain, Slice Name, Slice Overload) y) =>
            names.Equals(x.Domain, y.Domain) && names.Equals(x.Name, y.Name) && names.Equals(x.Overload, y.Overload);

        public int GetHashCode((Slice Domain, Slice Name, Slice Overload) key) =>
            HashCode.Combine(names.GetHashCode(key.Domain), names.GetHashCode(key.Name), names.GetHashCode(key.Overload));
    }
}
