using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using MlSql.Models.Featurizers;
using MlSql.Models.Trees;

namespace MlSql.Models.Onnx.Trees;

/// <summary>An ONNX graph that is a tree ensemble behind columns of its own: the same answers as the graph, without a runtime.</summary>
/// <param name="Features">The graph's features in the signature's order, as what they are to trees: numbers, lists of numbers, booleans, texts.</param>
/// <param name="Required">Ascending indexes of the features whose NULL makes a row's outputs NULL, because their tensors cannot hold one.</param>
/// <param name="Featurizers">What makes the encoded columns: those features only that a split reads.</param>
/// <param name="Structure">The trees over the encoded columns. Their bases are 0 and their link is the identity: see <paramref name="Rule"/>.</param>
/// <param name="Rule">What the trees' sums become.</param>
/// <param name="Outputs">One an output of the graph's structure, in its order.</param>
public sealed record RecognisedGraph(
    ImmutableArray<Feature> Features, ImmutableArray<int> Required, ImmutableArray<Featurizer> Featurizers, TreeStructure Structure, ScoreRule Rule, ImmutableArray<RecognisedOutput> Outputs)
{
    /// <summary>Encoded columns.</summary>
    public int EncodedWidth => Featurizers.Sum(f => f.Width);
}

/// <summary>What an output of a recognised graph holds. A closed family.</summary>
public abstract record RecognisedOutput(string Name);

/// <summary>Each row's class.</summary>
/// <param name="Name">The graph's name.</param>
/// <param name="Element">What a class is.</param>
/// <param name="Classes">The classes in the order of the ensemble.</param>
public sealed record LabelOutput(string Name, TensorElement Element, ImmutableArray<string> Classes) : RecognisedOutput(Name)
{
    /// <inheritdoc/>
    public bool Equals(LabelOutput? other) => base.Equals(other) && Element == other!.Element && Classes.AsSpan().SequenceEqual(other.Classes.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Element, Classes.Length);
}

/// <summary>Some or all of the rule's values.</summary>
/// <param name="Name">The graph's name.</param>
/// <param name="Element">Float or double.</param>
/// <param name="Values">Which of the values, in the output's order.</param>
/// <param name="Steps">What becomes of each; the values come as the ensemble gives them, rounded to 32 bits unless it gives doubles.</param>
/// <param name="Keys">The keys of a ZipMap's maps, one a value; null for a tensor.</param>
public sealed record ValuesOutput(string Name, TensorElement Element, ImmutableArray<int> Values, ImmutableArray<ElementStep> Steps, ClassLabels? Keys) : RecognisedOutput(Name)
{
    /// <inheritdoc/>
    public bool Equals(ValuesOutput? other) => base.Equals(other) && Element == other!.Element && Values.AsSpan().SequenceEqual(other.Values.AsSpan()) && Steps.AsSpan().SequenceEqual(other.Steps.AsSpan()) && Equals(Keys, other.Keys);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Element, Values.Length);
}

/// <summary>A recognised graph, or why it is none.</summary>
public sealed record Recognition
{
    private Recognition() { }

    /// <summary>The graph; null where there is a reason.</summary>
    public RecognisedGraph? Graph { get; private init; }

    /// <summary>Why ONNX Runtime has to run it, in words that complete "not recognised: "; null where there is a graph.</summary>
    public string? Reason { get; private init; }

    /// <summary>True for a recognised graph.</summary>
    [MemberNotNullWhen(true, nameof(Graph))]
    [MemberNotNullWhen(false, nameof(Reason))]
    public bool Succeeded => Graph is not null;

    internal static Recognition Of(RecognisedGraph graph) => new() { Graph = graph };

    internal static Recognition Refused(string reason) => new() { Reason = reason };
}

/// <summary>Ends a recognition; the message is the reason.</summary>
internal sealed class UnrecognisedException(string reason) : Exception(reason);
