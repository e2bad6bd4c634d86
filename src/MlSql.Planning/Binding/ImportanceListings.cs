using System.Collections.Immutable;
using System.Globalization;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Featurizers;
using MlSql.Models.Onnx;
using MlSql.Models.Store;
using MlSql.Models.Trees;
using MlSql.Planning.Plans;

namespace MlSql.Planning.Binding;

/// <summary>What a model's training and structure say of it as rows: ML.TRAINING_INFO, ML.FEATURE_IMPORTANCE, EXPLAIN MODEL without rows. A feature is an input: a struct's field by itself, a list or a date as a whole.</summary>
internal static class ImportanceListings
{
    private static readonly DataType Text = new StringType();
    private static readonly DataType Number = new FloatType(64);
    private static readonly DataType Count = new IntegerType(64, true);

    /// <summary>Columns of ML.TRAINING_INFO.</summary>
    public static Schema TrainingColumns { get; } = new(
    [
        new Field("training_run", Count), new Field("iteration", Count), new Field("loss", Number), new Field("eval_loss", Number), new Field("learning_rate", Number), new Field("duration_ms", Count),
    ]);

    /// <summary>Columns of ML.FEATURE_IMPORTANCE.</summary>
    public static Schema SplitColumns { get; } = new([new Field("feature", Text), new Field("importance_weight", Number), new Field("importance_gain", Number), new Field("importance_cover", Number)]);

    /// <summary>Columns of EXPLAIN MODEL.</summary>
    public static Schema ImportanceColumns { get; } = new(
    [
        new Field("role", Text), new Field("name", Text), new Field("importance", Number), new Field("share", Number), new Field("splits", Count), new Field("detail", Text),
    ]);

    /// <summary>A row an iteration that was kept.</summary>
    public static BoundRows Training(VersionDetails details)
    {
        // Only boosting takes steps of a size that was chosen.
        object? rate = details.Options.Values.TryGetValue("learn_rate", out string? text) ? double.Parse(text, CultureInfo.InvariantCulture) : null;
        return new(TrainingColumns, [.. details.Iterations.Select(i => ImmutableArray.Create<object?>(0L, (long)i.Iteration, i.Loss, i.EvalLoss, rate, (long)Math.Round(i.Milliseconds)))]);
    }

    /// <summary>The trees of a model over the encoded columns of featurizers; null where it has none. Those of a graph have neither gains nor covers.</summary>
    public static (TreeStructure Trees, ImmutableArray<Featurizer> Featurizers, bool Measured)? Trees(Model model) => model.Structure switch
    {
        TreeStructure trees => (trees, model.Featurizers, true),
        GraphStructure { Recognised: { } graph } => (graph.Structure, graph.Featurizers, false),
        _ => null,
    };

    /// <summary>Splits of each feature, with their mean gain and cover; a graph that is trees has none of the latter.</summary>
    public static BoundRows Splits(ModelSignature signature, TreeStructure trees, ImmutableArray<Featurizer> featurizers, bool measured) => new(SplitColumns,
    [
        .. ByInput(signature, trees, featurizers).Select(f => ImmutableArray.Create<object?>(f.Name, (double)f.Totals.Splits, measured ? (object)Mean(f.Totals.Gain, f.Totals.Splits) : null, measured ? (object)Mean(f.Totals.Cover, f.Totals.Splits) : null)),
    ]);

    /// <summary>The structure, then the features by the sum of their splits' gains, or by their splits where there are no gains.</summary>
    public static BoundRows Importance(ModelSignature signature, TreeStructure trees, ImmutableArray<Featurizer> featurizers, bool measured)
    {
        var features = ByInput(signature, trees, featurizers);
        string meaning = measured ? "importance = sum of the gains of a feature's splits" : "importance = splits of a feature; the file keeps no gains";
        return Table(
            ["structure", "trees", null, null, features.Sum(f => f.Totals.Splits), $"{ModelListings.Shape(trees)}; {meaning}"],
            [.. features.Select(f => new FeatureImportance(f.Name, measured ? f.Totals.Gain : f.Totals.Splits, f.Totals.Splits, ModelListings.Encoding(f.Featurizer)))]);
    }

    /// <summary>The structure, then the features by how far one deviation of theirs moves the score: |weight|, the sum of them for lists and dates, half the distance between the outermost levels of a text.</summary>
    public static BoundRows Importance(Model model, LinearStructure linear)
    {
        var features = ImmutableArray.CreateBuilder<FeatureImportance>();
        int at = 0;
        foreach (var featurizer in model.Featurizers)
        {
            var weights = linear.Weights.AsSpan(at, featurizer.Width);
            at += featurizer.Width;
            features.Add(new(model.Signature.InputOf(featurizer), Size(featurizer, weights), null, ModelListings.Encoding(featurizer)));
        }
        string meaning = model.Signature.Task == ModelTask.Booster ? "importance = |weight| of the input as it is" : "importance = |weight| of the standardised input";
        return Table(
            ["structure", "linear", null, null, null, string.Create(CultureInfo.InvariantCulture, $"{linear.Weights.Length:N0} weights and an intercept of {linear.Intercept:g6}, {linear.Link.ToString().ToLowerInvariant()} link; {meaning}")],
            features.ToImmutable());
    }

    private static double Size(Featurizer featurizer, ReadOnlySpan<double> weights)
    {
        double sum = 0, least = double.PositiveInfinity, most = double.NegativeInfinity;
        foreach (double weight in weights) (sum, least, most) = (sum + Math.Abs(weight), Math.Min(least, weight), Math.Max(most, weight));
        return featurizer is OneHotFeaturizer ? weights.IsEmpty ? 0 : (most - least) / 2 : sum;
    }

    private static ImmutableArray<(string Name, Featurizer Featurizer, SplitTotals Totals)> ByInput(ModelSignature signature, TreeStructure trees, ImmutableArray<Featurizer> featurizers)
    {
        var columns = SplitTotals.Of(trees, featurizers.Sum(f => f.Width));
        var inputs = ImmutableArray.CreateBuilder<(string, Featurizer, SplitTotals)>();
        int at = 0;
        foreach (var featurizer in featurizers)
        {
            var totals = new SplitTotals();
            for (int end = at + featurizer.Width; at < end; at++) totals += columns[at];
            inputs.Add((signature.InputOf(featurizer), featurizer, totals));
        }
        return inputs.ToImmutable();
    }

    private static BoundRows Table(ImmutableArray<object?> head, ImmutableArray<FeatureImportance> features) => new(ImportanceColumns, [head, .. FeatureImportance.Ranked(features)]);

    private static double Mean(double sum, long count) => count == 0 ? 0 : sum / count;
}
