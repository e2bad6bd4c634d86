using System.Collections.Immutable;

namespace MlSql.Models.Onnx;

/// <summary>What a graph declares of an input or output. A closed family.</summary>
public abstract record GraphValueType
{
    private protected GraphValueType() { }
}

/// <summary>A tensor. <paramref name="Shape"/> has a size a dimension, null where it is free (a name, or nothing); it is default when the graph declares no shape at all. Declared shapes of outputs are not to be believed.</summary>
public sealed record TensorValueType(TensorElement Element, ImmutableArray<long?> Shape) : GraphValueType
{
    /// <inheritdoc/>
    public bool Equals(TensorValueType? other) =>
        other is not null && Element == other.Element && Shape.IsDefault == other.Shape.IsDefault && (Shape.IsDefault || Shape.AsSpan().SequenceEqual(other.Shape.AsSpan()));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Element, Shape.IsDefault ? -1 : Shape.Length);
}

/// <summary>A list of values of one type.</summary>
public sealed record SequenceValueType(GraphValueType Element) : GraphValueType;

/// <summary>Pairs of key and value.</summary>
public sealed record MapValueType(TensorElement Key, GraphValueType Value) : GraphValueType;

/// <summary>A named input or output of a graph.</summary>
public sealed record GraphValue(string Name, GraphValueType Type);
