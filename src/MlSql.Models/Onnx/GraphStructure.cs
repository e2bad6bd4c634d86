using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Models.Onnx.Trees;

namespace MlSql.Models.Onnx;

/// <summary>A graph that ONNX Runtime computes; the features go into its tensors unencoded.</summary>
/// <param name="Graph">The ONNX model, self-contained.</param>
/// <param name="Inputs">Every tensor that the graph reads.</param>
/// <param name="Outputs">Every output, in the graph's order.</param>
/// <param name="Batch">The number of rows that the graph takes at once where it is fixed; null for any.</param>
/// <param name="RowsAreIndependent">False when the rows of a batch influence each other's results.</param>
/// <param name="ClassOrder">For a classifier: for each class of the signature the position of its probability in the second output; empty otherwise.</param>
public sealed record GraphStructure(
    ImmutableArray<byte> Graph, ImmutableArray<GraphInput> Inputs, ImmutableArray<GraphOutput> Outputs, int? Batch, bool RowsAreIndependent, ImmutableArray<int> ClassOrder) : ModelStructure
{
    /// <summary>Whether the graph is trees that kernels of ours compute, or why not; null while nobody has looked. It follows from the graph, and is no part of the value.</summary>
    public Recognition? Recognition { get; init; }

    /// <summary>What computes the graph in place of a runtime; null where a runtime has to.</summary>
    public RecognisedGraph? Recognised => Recognition?.Graph;

    /// <inheritdoc/>
    public bool Equals(GraphStructure? other) => other is not null && Batch == other.Batch && RowsAreIndependent == other.RowsAreIndependent && Graph.AsSpan().SequenceEqual(other.Graph.AsSpan())
        && Inputs.AsSpan().SequenceEqual(other.Inputs.AsSpan()) && Outputs.AsSpan().SequenceEqual(other.Outputs.AsSpan()) && ClassOrder.AsSpan().SequenceEqual(other.ClassOrder.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Graph.Length, Inputs.Length, Outputs.Length);
}

/// <summary>
/// One tensor that a graph reads: rows first, then <paramref name="Shape"/> (empty: a tensor of rank 1). It is filled row-major from <paramref name="Features"/>, indexes into the signature: as many as the shape has
/// elements, or one list feature of that length.
/// </summary>
public sealed record GraphInput(string Name, TensorElement Element, ImmutableArray<int> Shape, ImmutableArray<int> Features)
{
    /// <summary>Elements a row.</summary>
    public int Width => Shape.Aggregate(1, (product, size) => checked(product * size));

    /// <inheritdoc/>
    public bool Equals(GraphInput? other) => other is not null && Name == other.Name && Element == other.Element && Shape.AsSpan().SequenceEqual(other.Shape.AsSpan()) && Features.AsSpan().SequenceEqual(other.Features.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Element, Features.Length);
}

/// <summary>One output of a graph, under the column that it gets.</summary>
/// <param name="Name">The graph's name.</param>
/// <param name="Column">The column's name.</param>
/// <param name="Type">A scalar for one value a row, a LIST for several (row-major), a MAP, or a LIST of LISTs for a sequence of tensors.</param>
/// <param name="BatchWide">True for a value without rows, which stands on every row.</param>
/// <param name="Width">Values a row of a scalar (1) or a LIST where that was seen and must stay so; null where it may change (maps, lists of lists, a graph that could not be tried).</param>
public sealed record GraphOutput(string Name, string Column, DataType Type, bool BatchWide, int? Width);
