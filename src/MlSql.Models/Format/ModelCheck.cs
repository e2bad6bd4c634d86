using System.Collections.Immutable;
using System.Text;
using MlSql.Models.Featurizers;
using MlSql.Models.Onnx;
using MlSql.Models.Trees;

namespace MlSql.Models.Format;

/// <summary>What must hold between the parts of a model, so that nobody who scores it meets an index out of range.</summary>
internal static class ModelCheck
{
    /// <summary>The first contradiction, or null.</summary>
    public static string? FirstFault(Model model)
    {
        ModelSignature signature = model.Signature;
        if (!Enum.IsDefined(signature.Task)) return $"unknown task {signature.Task}";
        if (signature.Task != ModelTask.Booster && signature.Task == ModelTask.Classification != signature.Classes is not null) return "a classifier has classes, other models have none";
        if (signature.Classes is { } classes && FaultOf(classes) is { } classFault) return classFault;
        if (FaultOf(signature.Features, 0) is { } featureFault) return featureFault;

        long width = 0;
        foreach (Featurizer featurizer in model.Featurizers)
        {
            if (FaultOf(featurizer, signature.Features) is { } fault) return fault;
            width += featurizer.Width;
        }
        return model.Structure switch
        {
            LinearStructure when signature.Task == ModelTask.Graph => "a linear model without a task",
            LinearStructure linear => linear.Weights.Length != width ? $"{linear.Weights.Length} weights for {width} encoded columns" : FaultOf(linear.Link == Link.Logistic ? 2 : 0, signature),
            GraphStructure when signature.Task == ModelTask.Booster => "a graph in place of a booster",
            GraphStructure graph => FaultOf(graph, signature),
            TreeStructure when signature.Task == ModelTask.Graph => "trees without a task",
            TreeStructure { Link: TreeLink.Logistic, Outputs: > 1 } when signature.Task == ModelTask.Classification => "classes one against the rest",
            TreeStructure trees => TreeCheck.FirstFault(trees, width) ?? FaultOf(trees.Classes, signature),
            _ => $"unknown structure {model.Structure.GetType().Name}",
        };
    }

    // A classifier's scores must become as many probabilities as it has classes.
    private static string? FaultOf(int classes, ModelSignature signature) => (signature.Task, signature.Classes) switch
    {
        (ModelTask.Regression, _) or (ModelTask.Booster, null) => null,
        var (_, found) => found!.Values.Length == classes ? null : $"{found.Values.Length} classes for a structure that tells {classes} apart",
    };

    private static string? FaultOf(GraphStructure graph, ModelSignature signature)
    {
        if (graph.Outputs.IsEmpty) return "a graph without outputs";
        foreach (GraphInput input in graph.Inputs)
        {
            long width = 1;
            foreach (int size in input.Shape)
                if (size <= 0 || (width *= size) > int.MaxValue) return $"input {input.Name} has a shape that cannot be";
            foreach (int feature in input.Features)
                if ((uint)feature >= (uint)signature.Features.Length) return $"input {input.Name} reads feature {feature}, which is not there";
            bool list = input.Features is [var only] && signature.Features[only].Type is TensorListFeature { Length: var length } && length == width;
            if (!list && (input.Features.Length != width || input.Features.Any(f => signature.Features[f].Type is not TensorFeature))) return $"input {input.Name} has {input.Features.Length} features for {width} elements";
        }
        if (signature.Classes is not { } classes) return graph.ClassOrder.IsEmpty ? null : "an order of classes without classes";
        bool permutation = graph.ClassOrder.Length == classes.Values.Length && graph.ClassOrder.Order().SequenceEqual(Enumerable.Range(0, graph.ClassOrder.Length));
        return permutation && graph.Outputs.Length >= 2 ? null : "the classes do not fit the graph's outputs";
    }

    private static string? FaultOf(ClassLabels classes)
    {
        if (!Enum.IsDefined(classes.Kind)) return $"unknown kind of classes {classes.Kind}";
        if (classes.Values.IsEmpty) return "a classifier without a class";
        return classes.Kind == ClassKind.Text && !Ascending(classes.Values) ? "the classes are not in ascending order" : null;
    }

    private static string? FaultOf(ImmutableArray<Feature> features, int depth)
    {
        if (depth > SignatureForm.MaxDepth) return $"structs lie deeper than {SignatureForm.MaxDepth} in each other";
        foreach (Feature feature in features)
        {
            if (feature.Type is NumberListFeature { Length: < 0 }) return $"feature {feature.Name} is a list of negative length";
            if (feature.Type is StructFeature structure && FaultOf(structure.Fields, depth + 1) is { } fault) return fault;
        }
        return null;
    }

    private static string? FaultOf(Featurizer featurizer, ImmutableArray<Feature> features)
    {
        if (InputOf(featurizer, features) is not { } type) return $"a featurizer reads feature {featurizer.Feature}, which is not there";
        return featurizer switch
        {
            NumericFeaturizer => type is NumberFeature or BooleanFeature ? null : Mismatch(featurizer, type),
            OneHotFeaturizer oneHot => type is not TextFeature ? Mismatch(featurizer, type) : Ascending(oneHot.Levels) ? null : "the levels are not in ascending order",
            NumberListFeaturizer list => type is NumberListFeature { Length: var length } && length == list.Means.Length && length == list.Scales.Length ? null : Mismatch(featurizer, type),
            CalendarFeaturizer calendar => type is DateFeature or InstantFeature or LocalTimeFeature && calendar.Means.Length == CalendarParts.Count && calendar.Scales.Length == CalendarParts.Count ? null : Mismatch(featurizer, type),
            RawFeaturizer raw => Columns(type) is { } columns ? columns == raw.Columns ? null : $"{raw.Columns} columns of a feature that has {columns}" : Mismatch(featurizer, type),
            LevelFeaturizer level => type is not TextFeature ? Mismatch(featurizer, type) : Ascending(level.Levels) ? null : "the levels are not in ascending order",
            _ => $"unknown featurizer {featurizer.GetType().Name}",
        };
    }

    // Columns that a feature's raw values make; null for what has none.
    private static int? Columns(FeatureType type) => type switch
    {
        NumberFeature or BooleanFeature => 1,
        NumberListFeature list => list.Length,
        DateFeature or InstantFeature or LocalTimeFeature => CalendarParts.Count,
        _ => null,
    };

    private static string Mismatch(Featurizer featurizer, FeatureType type) => $"a {featurizer.GetType().Name} does not fit a {type.GetType().Name}";

    private static FeatureType? InputOf(Featurizer featurizer, ImmutableArray<Feature> features)
    {
        if ((uint)featurizer.Feature >= (uint)features.Length) return null;
        FeatureType type = features[featurizer.Feature].Type;
        foreach (int field in featurizer.Path)
        {
            if (type is not StructFeature structure || (uint)field >= (uint)structure.Fields.Length) return null;
            type = structure.Fields[field].Type;
        }
        return type;
    }

    private static bool Ascending(ImmutableArray<string> texts)
    {
        for (int i = 1; i < texts.Length; i++)
            if (CompareUtf8(texts[i - 1], texts[i]) >= 0) return false;
        return true;
    }

    // UTF-8 bytes sort as code points do; UTF-16 units do not, as surrogates lie below U+E000.
    private static int CompareUtf8(string left, string right)
    {
        StringRuneEnumerator a = left.EnumerateRunes(), b = right.EnumerateRunes();
        while (true)
        {
            bool more = a.MoveNext();
            if (more != b.MoveNext()) return more ? 1 : -1;
            if (!more) return 0;
            if (a.Current != b.Current) return a.Current.CompareTo(b.Current);
        }
    }
}
