using System.Collections.Immutable;
using System.Globalization;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Featurizers;
using MlSql.Models.Onnx;
using MlSql.Models.Trees;
using MlSql.Planning.Plans;

namespace MlSql.Planning.Binding;

/// <summary>What a model says about itself as rows: ML.WEIGHTS, ML.FEATURE_INFO, DESCRIBE MODEL.</summary>
internal static class ModelListings
{
    private static readonly DataType Text = new StringType();
    private static readonly DataType Number = new FloatType(64);
    private static readonly DataType Count = new IntegerType(64, true);

    /// <summary>Columns of ML.WEIGHTS.</summary>
    public static Schema WeightColumns { get; } = new(
    [
        new Field("processed_input", Text),
        new Field("weight", Number),
        new Field("category_weights", new ListType(new StructType([new Field("category", Text), new Field("weight", Number)]))),
    ]);

    /// <summary>Columns of ML.FEATURE_INFO.</summary>
    public static Schema FeatureInfoColumns { get; } = new(
    [
        new Field("input", Text), new Field("min", Number), new Field("max", Number), new Field("mean", Number), new Field("median", Number),
        new Field("stddev", Number), new Field("category_count", Count), new Field("null_count", Count), new Field("dimension", Count),
    ]);

    /// <summary>Columns of DESCRIBE MODEL.</summary>
    public static Schema DescribeColumns { get; } = new([new Field("role", Text), new Field("name", Text), new Field("type", Text), new Field("encoding", Text)]);

    /// <summary>The weights of a linear model, in units of the inputs, or of their standard deviations.</summary>
    public static BoundRows Weights(Model model, bool standardized)
    {
        var linear = (LinearStructure)model.Structure;
        var rows = ImmutableArray.CreateBuilder<ImmutableArray<object?>>();
        double intercept = linear.Intercept;
        int at = 0;
        foreach (var featurizer in model.Featurizers)
        {
            string input = model.Signature.InputOf(featurizer);
            var weights = linear.Weights.AsSpan(at, featurizer.Width);
            at += featurizer.Width;
            switch (featurizer)
            {
                case NumericFeaturizer f:
                    rows.Add([input, Unscaled(weights[0], f.Mean, f.Scale), null]);
                    break;
                case NumberListFeaturizer f:
                    for (int i = 0; i < f.Width; i++) rows.Add([string.Create(CultureInfo.InvariantCulture, $"{input}[{i + 1}]"), Unscaled(weights[i], f.Means[i], f.Scales[i]), null]);
                    break;
                case CalendarFeaturizer f:
                    for (int i = 0; i < f.Width; i++) rows.Add([$"{input}.{CalendarParts.Names[i]}", Unscaled(weights[i], f.Means[i], f.Scales[i]), null]);
                    break;
                case OneHotFeaturizer f:
                    var categories = new List<(string?, double)>();
                    for (int i = 0; i < f.Width; i++) categories.Add((i < f.Levels.Length ? f.Levels[i] : null, weights[i]));
                    rows.Add([input, null, categories]);
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException(featurizer.GetType().Name);
            }
        }
        rows.Add(["__INTERCEPT__", intercept, null]);
        return new BoundRows(WeightColumns, rows.ToImmutable());

        double Unscaled(double weight, double mean, double scale)
        {
            if (standardized) return weight;
            if (scale == 0) return 0;
            intercept -= weight * mean / scale;
            return weight / scale;
        }
    }

    /// <summary>What the training columns held.</summary>
    public static BoundRows FeatureInfo(ImmutableArray<FeatureStatistics> statistics) =>
        new(FeatureInfoColumns, [.. statistics.Select(s => ImmutableArray.Create<object?>(s.Input, s.Min, s.Max, s.Mean, s.Median, s.Deviation, s.Categories, s.Nulls, s.Dimension))]);

    /// <summary>Features, how each is encoded, and the label.</summary>
    public static BoundRows Describe(ModelVersion version)
    {
        var model = version.Model;
        if (model.Structure is GraphStructure graph) return Describe(version, graph);
        var rows = ImmutableArray.CreateBuilder<ImmutableArray<object?>>();
        foreach (var featurizer in model.Featurizers)
            rows.Add(["feature", model.Signature.InputOf(featurizer), Kinds.Of(Leaf(model, featurizer)), Encoding(featurizer)]);
        var signature = model.Signature;
        string answer = signature.Classes is { } classes ? OneOf(classes) : "a number";
        if (signature.Task == ModelTask.Booster) rows.Add(["output", signature.Label, BoosterTypes.Prediction(model).ToString(), signature.Classes is null ? "the prediction" : "probabilities of " + Some(signature.Classes)]);
        else rows.Add(["label", signature.Label, version.LabelType.ToString(), answer]);
        if (model.Structure is TreeStructure trees) rows.Add(["structure", "trees", "", Shape(trees)]);
        if (version.Source is { } source) rows.Add(["source", source, "file", "imported"]);
        return new BoundRows(DescribeColumns, rows.ToImmutable());
    }

    private static BoundRows Describe(ModelVersion version, GraphStructure graph)
    {
        var signature = version.Model.Signature;
        var rows = ImmutableArray.CreateBuilder<ImmutableArray<object?>>();
        var uses = new List<string>[signature.Features.Length];
        foreach (var input in graph.Inputs)
        {
            string tensor = TensorText(input.Name, input.Element, input.Shape.Select(d => (long?)d).Prepend(graph.Batch));
            for (int i = 0; i < input.Features.Length; i++)
                (uses[input.Features[i]] ??= []).Add(input.Features.Length == 1 ? tensor : string.Create(CultureInfo.InvariantCulture, $"{tensor}, element {i + 1}"));
        }
        for (int i = 0; i < uses.Length; i++) rows.Add(["feature", signature.Features[i].Name, Kinds.Of(signature.Features[i].Type), string.Join("; ", uses[i] ?? [])]);
        foreach (var output in graph.Outputs) rows.Add(["output", output.Column, output.Type.ToString(), output.Name + (output.BatchWide ? "; one value for the batch" : "")]);
        if (signature.Classes is { } classes) rows.Add(["classes", graph.Outputs[0].Column, graph.Outputs[0].Type.ToString(), OneOf(classes)]);
        if (!graph.RowsAreIndependent) rows.Add(["note", "rows", "", "the rows of a batch influence each other's results"]);
        rows.Add(["source", version.Source ?? "", "ONNX", string.Create(CultureInfo.InvariantCulture, $"{graph.Graph.Length:N0} bytes")]);
        rows.Add(["hash", version.ContentHash, "SHA-256", "of the model with its signature"]);
        return new BoundRows(DescribeColumns, rows.ToImmutable());
    }

    /// <summary>An ensemble in a few words.</summary>
    public static string Shape(TreeStructure trees) => string.Create(CultureInfo.InvariantCulture,
        $"{trees.Trees.Length:N0} trees, up to {trees.Trees.Select(t => t.Leaves.Length).DefaultIfEmpty().Max():N0} leaves, {TreeDepth.Of(trees)} deep; {trees.Aggregate.ToString().ToLowerInvariant()}, {trees.Link.ToString().ToLowerInvariant()} link");

    private static string TensorText(string name, TensorElement element, IEnumerable<long?> sizes) =>
        $"{name}: {element.ToString().ToLowerInvariant()}[{string.Join(", ", sizes.Select(size => size?.ToString(CultureInfo.InvariantCulture) ?? "N"))}]";

    private static string OneOf(ClassLabels classes) => "one of " + Some(classes);

    private static string Some(ClassLabels classes) =>
        string.Join(", ", classes.Values.Take(12)) + (classes.Values.Length > 12 ? $" and {classes.Values.Length - 12} more" : "");

    /// <summary>How an input becomes numbers.</summary>
    public static string Encoding(Featurizer featurizer) => featurizer switch
    {
        NumericFeaturizer { Scale: 0 } f => string.Create(CultureInfo.InvariantCulture, $"constant {f.Mean:g6}: not used"),
        NumericFeaturizer f => string.Create(CultureInfo.InvariantCulture, $"standardised: mean {f.Mean:g6}, deviation {f.Scale:g6}; NULL = mean"),
        NumberListFeaturizer f => string.Create(CultureInfo.InvariantCulture, $"{f.Width} standardised positions"),
        CalendarFeaturizer => $"standardised {string.Join(", ", CalendarParts.Names)}; NULL = mean",
        RawFeaturizer { Columns: 1 } => "as it is; NULL = missing",
        RawFeaturizer f => string.Create(CultureInfo.InvariantCulture, $"{f.Columns} numbers as they are; NULL = missing"),
        LevelFeaturizer f => string.Create(CultureInfo.InvariantCulture, $"one of {f.Levels.Length} levels; NULL = missing"),
        OneHotFeaturizer f => string.Create(CultureInfo.InvariantCulture, $"one-hot: {f.Levels.Length} levels{(f.NullLevel ? " and NULL" : "")}; others = 0"),
        _ => throw new System.Diagnostics.UnreachableException(featurizer.GetType().Name),
    };

    private static FeatureType Leaf(Model model, Featurizer featurizer)
    {
        var type = model.Signature.Features[featurizer.Feature].Type;
        foreach (int field in featurizer.Path) type = ((StructFeature)type).Fields[field].Type;
        return type;
    }
}
