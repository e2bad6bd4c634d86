using System.Collections.Immutable;
using MlSql.Models.Featurizers;
using MlSql.Models.Onnx;

namespace MlSql.Models;

/// <summary>
/// What a feature is, whatever width an engine gives it (INTEGER or BIGINT are both numbers): models bind by name and kind. A closed family.
/// </summary>
public abstract record FeatureType
{
    private protected FeatureType() { }
}

/// <summary>Any integer, decimal or floating-point number; scored as a double.</summary>
public sealed record NumberFeature : FeatureType;

/// <summary>True or false; scored as 1 or 0.</summary>
public sealed record BooleanFeature : FeatureType;

/// <summary>Text or an enum's text.</summary>
public sealed record TextFeature : FeatureType;

/// <summary>A calendar day.</summary>
public sealed record DateFeature : FeatureType;

/// <summary>A point in time: a zoned timestamp, taken apart in UTC.</summary>
public sealed record InstantFeature : FeatureType;

/// <summary>A timestamp without a zone, taken apart as it stands.</summary>
public sealed record LocalTimeFeature : FeatureType;

/// <summary>A list of numbers, always of the same length.</summary>
public sealed record NumberListFeature(int Length) : FeatureType;

/// <summary>A value that becomes one element of a tensor of an imported graph.</summary>
public sealed record TensorFeature(TensorElement Element) : FeatureType;

/// <summary>A list of values that become elements of a tensor of an imported graph, always of the same length.</summary>
public sealed record TensorListFeature(TensorElement Element, int Length) : FeatureType;

/// <summary>A struct, each of whose fields is a feature; bound by field name.</summary>
public sealed record StructFeature(ImmutableArray<Feature> Fields) : FeatureType
{
    /// <inheritdoc/>
    public bool Equals(StructFeature? other) => other is not null && Fields.AsSpan().SequenceEqual(other.Fields.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Fields.Length;
}

/// <summary>An input of a model, bound by name and type.</summary>
public sealed record Feature(string Name, FeatureType Type);

/// <summary>What a model answers.</summary>
public enum ModelTask
{
    /// <summary>A number.</summary>
    Regression,

    /// <summary>One of the classes.</summary>
    Classification,

    /// <summary>The outputs of an imported graph, as they are.</summary>
    Graph,

    /// <summary>What LightGBM's or XGBoost's own predict gives: a number, or one an output of the model.</summary>
    Booster,
}

/// <summary>What kind of value the classes are.</summary>
public enum ClassKind
{
    /// <summary>Texts, sorted by their UTF-8 bytes.</summary>
    Text,

    /// <summary>Whole numbers, ascending.</summary>
    Integer,

    /// <summary>Other numbers, ascending.</summary>
    Real,

    /// <summary>False, true.</summary>
    Boolean,
}

/// <summary>
/// The classes of a classifier in ascending order; the last of two is the positive one. Values as text: integers and reals in invariant round-trip form, booleans as "false", "true".
/// </summary>
public sealed record ClassLabels(ClassKind Kind, ImmutableArray<string> Values)
{
    /// <inheritdoc/>
    public bool Equals(ClassLabels? other) => other is not null && Kind == other.Kind && Values.AsSpan().SequenceEqual(other.Values.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Values.Length);
}

/// <summary>
/// Inputs and answer of a model. <paramref name="Classes"/> are those of a classifier, and of a booster whose predictions are probabilities; null otherwise.
/// <paramref name="Label"/> is the label's column, or the first output column of an imported model.
/// </summary>
public sealed record ModelSignature(ImmutableArray<Feature> Features, string Label, ModelTask Task, ClassLabels? Classes)
{
    /// <summary>Whether the answer is one of more than two classes.</summary>
    public bool IsMulticlass => Classes is { Values.Length: > 2 };

    /// <summary>Whether so many arguments are the elements of the sole feature, a tensor's list.</summary>
    public bool IsGivenByElement(int arguments) => arguments > 1 && Features is [{ Type: TensorListFeature { Length: var length } }] && length == arguments;

    /// <summary>What a featurizer reads: a feature's name, or that of a field within it as struct.field.</summary>
    public string InputOf(Featurizer featurizer)
    {
        var feature = Features[featurizer.Feature];
        string name = feature.Name;
        foreach (int field in featurizer.Path)
        {
            feature = ((StructFeature)feature.Type).Fields[field];
            name += "." + feature.Name;
        }
        return name;
    }

    /// <summary>What so many arguments stand for: the features, or the elements of the sole one.</summary>
    public ImmutableArray<Feature> FeaturesOf(int arguments) =>
        IsGivenByElement(arguments) ? [.. Enumerable.Repeat(Features[0] with { Type = new TensorFeature(((TensorListFeature)Features[0].Type).Element) }, arguments)] : Features;

    /// <inheritdoc/>
    public bool Equals(ModelSignature? other) =>
        other is not null && Label == other.Label && Task == other.Task && Equals(Classes, other.Classes) && Features.AsSpan().SequenceEqual(other.Features.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Label, Task, Features.Length);
}
