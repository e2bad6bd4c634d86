namespace MlSql.Models.Onnx;

/// <summary>What the reader takes at most of one model; more is refused before anything of that size is made.</summary>
public sealed record OnnxLimits
{
    /// <summary>Bytes of the file, and of the model with its side files within.</summary>
    public int FileBytes { get; init; } = Array.MaxLength;

    /// <summary>Nodes in the graph, all graphs within and all functions, each function counted as often as it is called.</summary>
    public int Nodes { get; init; } = 200_000;

    /// <summary>Names of tensors and attributes.</summary>
    public int Names { get; init; } = 2_000_000;

    /// <summary>Bytes that all constant tensors declare together.</summary>
    public long TensorBytes { get; init; } = 4L << 30;

    /// <summary>Graphs within graphs, functions that call functions, types within types.</summary>
    public int Depth { get; init; } = 64;

    /// <summary>Dimensions of a tensor.</summary>
    public int Rank { get; init; } = 8;
}
