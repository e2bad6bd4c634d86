using System.Collections.Immutable;
using System.Globalization;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Featurizers;
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
            string input = InputName(model, featurizer);
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
        var rows = ImmutableArray.CreateBuilder<ImmutableArray<object?>>();
        foreach (var featurizer in model.Featurizers)
            rows.Add(["feature", InputName(model, featurizer), Kinds.Of(Leaf(model, featurizer)), Encoding(featurizer)]);
        var signature = model.Signature;
        string answer = signature.Classes is { } classes
            ? "one of " + string.Join(", ", classes.Values.Take(12)) + (classes.Values.Length > 12 ? $" and {classes.Values.Length - 12} more" : "")
            : "a number";
        rows.Add(["label", signature.Label, version.LabelType.ToString(), answer]);
        return new BoundRows(DescribeColumns, rows.ToImmutable());
    }

    private static string Encoding(Featurizer featurizer) => featurizer switch
    {
        NumericFeaturizer { Scale: 0 } f => string.Create(CultureInfo.InvariantCulture, $"constant {f.Mean:g6}: not used"),
        NumericFeaturizer f => string.Create(CultureInfo.InvariantCulture, $"standardised: mean {f.Mean:g6}, deviation {f.Scale:g6}; NULL = mean"),
        NumberListFeaturizer f => string.Create(CultureInfo.InvariantCulture, $"{f.Width} standardised positions"),
        CalendarFeaturizer => $"standardised {string.Join(", ", CalendarParts.Names)}; NULL = mean",
        OneHotFeaturizer f => string.Create(CultureInfo.InvariantCulture, $"one-hot: {f.Levels.Length} levels{(f.NullLevel ? " and NULL" : "")}; others = 0"),
        _ => throw new System.Diagnostics.UnreachableException(featurizer.GetType().Name),
    };

    private static string InputName(Model model, Featurizer featurizer)
    {
        var feature = model.Signature.Features[featurizer.Feature];
        string name = feature.Name;
        foreach (int field in featurizer.Path)
        {
            feature = ((StructFeature)feature.Type).Fields[field];
            name += "." + feature.Name;
        }
        return name;
    }

    private static FeatureType Leaf(Model model, Featurizer featurizer)
    {
        var type = model.Signature.Features[featurizer.Feature].Type;
        foreach (int field in featurizer.Path) type = ((StructFeature)type).Fields[field].Type;
        return type;
    }
}
