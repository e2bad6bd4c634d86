using System.Collections.Immutable;
using MlSql.Models.Featurizers;

namespace MlSql.Models;

/// <summary>How a score becomes the answer.</summary>
public enum Link
{
    /// <summary>The score is the value.</summary>
    Identity,

    /// <summary>1 / (1 + e^−score) is the probability of the positive class.</summary>
    Logistic,
}

/// <summary>What computes a score from encoded columns. A closed family.</summary>
public abstract record ModelStructure
{
    private protected ModelStructure() { }
}

/// <summary>Intercept + Σ weight · encoded column, then the link. One weight an encoded column, in the order of the featurizers.</summary>
public sealed record LinearStructure(ImmutableArray<double> Weights, double Intercept, Link Link) : ModelStructure
{
    /// <inheritdoc/>
    public bool Equals(LinearStructure? other) => other is not null && Intercept.Equals(other.Intercept) && Link == other.Link && Weights.AsSpan().SequenceEqual(other.Weights.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Weights.Length, Intercept);
}

/// <summary>A whole model: what goes in, how it is encoded, what is computed. A value; its bytes and their hash come from <see cref="ModelFormat"/>.</summary>
public sealed record Model(ModelSignature Signature, ImmutableArray<Featurizer> Featurizers, ModelStructure Structure)
{
    /// <summary>Encoded columns of all featurizers.</summary>
    public int EncodedWidth => Featurizers.Sum(f => f.Width);

    /// <inheritdoc/>
    public bool Equals(Model? other) => other is not null && Signature.Equals(other.Signature) && Structure.Equals(other.Structure) && Featurizers.AsSpan().SequenceEqual(other.Featurizers.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Signature, Structure);
}
