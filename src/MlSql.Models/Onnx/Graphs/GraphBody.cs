using MlSql.Models.Onnx.Protobuf;

namespace MlSql.Models.Onnx.Graphs;

/// <summary>The nodes of a graph or function and what gives each name in it a value.</summary>
internal sealed class GraphBody(NameComparer comparer)
{
    /// <summary>Stands for a value that no node produces.</summary>
    public const int AnInput = -1;

    /// <inheritdoc cref="AnInput"/>
    public const int AConstant = -2;

    public List<Slice> Nodes { get; } = [];

    /// <summary>ValueInfoProtos of a graph's inputs; none for a function.</summary>
    public List<Slice> Inputs { get; } = [];

    /// <summary>Names.</summary>
    public List<Slice> Outputs { get; } = [];

    /// <summary>ValueInfoProtos of a graph's outputs; none for a function.</summary>
    public List<Slice> OutputValues { get; } = [];

    /// <summary>By name, the node's place in <see cref="Nodes"/>, or one of the two constants above.</summary>
    public Dictionary<Slice, int> Producers { get; } = new(comparer);

    /// <summary>By node, the names that graphs within it read from outside, each with the node that reads it.</summary>
    public Dictionary<int, List<(Slice Name, Slice Reader)>> ReadWithin { get; } = [];
}
