using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using MlSql.Models.Featurizers;

namespace MlSql.Models.Onnx.Export;

/// <summary>A feature, or a field within a struct feature, as an input of the graph.</summary>
/// <param name="Name">The feature's name, and its fields' after dots.</param>
/// <param name="Feature">Index in the signature.</param>
/// <param name="Path">Field indexes below it.</param>
/// <param name="Type">Never a struct.</param>
internal sealed record FeatureInput(string Name, int Feature, ImmutableArray<int> Path, FeatureType Type)
{
    public bool IsReadBy(Featurizer featurizer) => featurizer.Feature == Feature && featurizer.Path.AsSpan().SequenceEqual(Path.AsSpan());
}

/// <summary>The inputs of a model's graph: one for each feature, structs taken apart.</summary>
internal static class GraphInputs
{
    /// <summary>The features in the signature's order, used by the model or not, so that every graph takes what its model takes.</summary>
    public static ImmutableArray<FeatureInput> Of(ModelSignature signature)
    {
        var inputs = ImmutableArray.CreateBuilder<FeatureInput>();
        for (int i = 0; i < signature.Features.Length; i++) Gather(inputs, signature.Features[i].Name, i, [], signature.Features[i].Type);
        return inputs.ToImmutable();
    }

    /// <summary>Declares the inputs. MLS7103 for a name that comes twice, MLS7104 for a model without features, MLS7105 for an empty name.</summary>
    public static void Declare(GraphWriter graph, ImmutableArray<FeatureInput> inputs)
    {
        if (inputs.IsEmpty) throw ExportErrors.WithoutFeatures();
        foreach (var input in inputs)
        {
            if (input.Name.Length == 0) throw ExportErrors.EmptyName(input.Feature);
            var (element, width, description) = TensorOf(input.Type);
            if (!graph.Input(input.Name, element, width, description)) throw ExportErrors.NameTwice(input.Name);
        }
    }

    /// <summary>What the input is in one word, for the file's metadata.</summary>
    public static string KindOf(FeatureType type) => type switch
    {
        NumberFeature => "number",
        BooleanFeature => "boolean",
        TextFeature => "string",
        DateFeature => "date",
        InstantFeature => "instant",
        LocalTimeFeature => "local time",
        NumberListFeature => "list",
        _ => throw new UnreachableException(type.GetType().Name),
    };

    private static void Gather(ImmutableArray<FeatureInput>.Builder inputs, string name, int feature, ImmutableArray<int> path, FeatureType type)
    {
        if (type is not StructFeature structure)
        {
            inputs.Add(new(name, feature, path, type));
            return;
        }
        for (int i = 0; i < structure.Fields.Length; i++) Gather(inputs, name + "." + structure.Fields[i].Name, feature, path.Add(i), structure.Fields[i].Type);
    }

    private static (TensorElement Element, long Width, string Description) TensorOf(FeatureType type) => type switch
    {
        NumberFeature => (TensorElement.Double, 1, "a number; NaN is NULL"),
        BooleanFeature => (TensorElement.Boolean, 1, "true or false; it cannot be NULL"),
        TextFeature => (TensorElement.Text, 1, "UTF-8 text; the empty text is NULL"),
        DateFeature => (TensorElement.Int64, 1, "days since 1970-01-01; the smallest int64 is NULL, as is all beyond 32 bits"),
        InstantFeature => (TensorElement.Int64, 1, "microseconds since 1970-01-01 00:00 UTC; the smallest int64 is NULL"),
        LocalTimeFeature => (TensorElement.Int64, 1, "microseconds since 1970-01-01 00:00 of the same clock; the smallest int64 is NULL"),
        NumberListFeature list => (TensorElement.Double, list.Length, string.Create(CultureInfo.InvariantCulture, $"a list of {list.Length} numbers; NaN is NULL, a NULL list is all NaN")),
        _ => throw new UnreachableException(type.GetType().Name),
    };
}
