using System.Collections.Immutable;

namespace MlSql.Models.Trees;

/// <summary>How the trees' values become one.</summary>
public enum TreeAggregate
{
    /// <summary>Their sum: boosting.</summary>
    Sum,

    /// <summary>Their mean: a forest. Raw scores are sums even then, as in LightGBM.</summary>
    Mean,
}

/// <summary>The numbers in which values are compared with thresholds and leaves are added: those of the tool that grew the trees.</summary>
public enum TreePrecision
{
    /// <summary>32 bits: a value is rounded before it is compared, and every sum is.</summary>
    Single,

    /// <summary>64 bits.</summary>
    Double,
}

/// <summary>How raw scores become the prediction. Named as in the tools' objectives; f is <see cref="TreeStructure.LinkFactor"/>.</summary>
public enum TreeLink
{
    /// <summary>The score itself: squared error, quantiles, ranking.</summary>
    Identity,

    /// <summary>1 / (1 + e^(−f · score)): of one score the probability of the positive class, of several each class against the rest.</summary>
    Logistic,

    /// <summary>e^score over the sum of all outputs' e^score.</summary>
    Softmax,

    /// <summary>The index of the largest score.</summary>
    LargestScore,

    /// <summary>e^score: Poisson, gamma, Tweedie.</summary>
    Exponential,

    /// <summary>sign(score) · score²: a regression on square roots.</summary>
    SignedSquare,

    /// <summary>log(1 + e^score).</summary>
    Softplus,

    /// <summary>1 where the score is above 0, else 0: hinge loss.</summary>
    Step,
}

/// <summary>
/// Trees over the encoded columns (see <see cref="Featurizers.RawFeaturizer"/>). A row's raw score of an output is the sum of what the trees' leaves hold for it, with its base where they are summed up;
/// a mean is taken, and the base added, before the link.
/// </summary>
/// <param name="Bases">One number an output; there are as many outputs as bases.</param>
/// <param name="Trees">The trees in the order in which their values are added.</param>
/// <param name="Aggregate">Whether the values are summed up or averaged; bases are added to either.</param>
/// <param name="Precision">What values are compared and added in.</param>
/// <param name="Link">What the scores become.</param>
/// <param name="LinkFactor">The factor of a <see cref="TreeLink.Logistic"/>; 1 otherwise.</param>
public sealed record TreeStructure(ImmutableArray<double> Bases, ImmutableArray<Tree> Trees, TreeAggregate Aggregate, TreePrecision Precision, TreeLink Link, double LinkFactor) : ModelStructure
{
    /// <summary>Scores a row.</summary>
    public int Outputs => Bases.Length;

    /// <summary>Numbers that the link makes of a row's scores.</summary>
    public int Predictions => Link == TreeLink.LargestScore ? 1 : Outputs;

    /// <summary>How many classes the predictions are probabilities of; 0 where they are none.</summary>
    public int Classes => Link switch
    {
        TreeLink.Logistic => Math.Max(2, Outputs),
        TreeLink.Softmax => Outputs,
        _ => 0,
    };

    /// <summary>Trees that add to an output.</summary>
    public int TreesOf(int output) => Trees.Count(tree => tree.Width > 1 || tree.Output == output);

    /// <inheritdoc/>
    public bool Equals(TreeStructure? other) => other is not null && Aggregate == other.Aggregate && Precision == other.Precision && Link == other.Link && LinkFactor.Equals(other.LinkFactor)
        && Bases.AsSpan().SequenceEqual(other.Bases.AsSpan()) && Trees.AsSpan().SequenceEqual(other.Trees.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Bases.Length, Trees.Length, Link);
}
