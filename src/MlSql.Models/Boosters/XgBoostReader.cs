using System.Collections.Immutable;
using System.Globalization;
using MlSql.Columnar;
using MlSql.Models.Trees;

namespace MlSql.Models.Boosters;

/// <summary>
/// Reads XGBoost's JSON and UBJSON models (its documented schema; files of 1.3 and later). Lengths are never trusted; memory is a few times the bytes.
/// </summary>
public static class XgBoostReader
{
    /// <summary>True for bytes that begin as XGBoost's models do, of either form.</summary>
    public static bool Recognises(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> start = bytes[..Math.Min(bytes.Length, 64)];
        return start.StartsWith("{L\0\0\0\0\0\0\0\u0007learner"u8) || (start.StartsWith("{"u8) && start.IndexOf("\"learner\""u8) >= 0) || start.StartsWith("{i\u0007learner"u8);
    }

    /// <summary>Reads a model. <paramref name="file"/> names it in messages. Throws <see cref="CodedException"/> (MLS72xx).</summary>
    public static BoosterModel Read(ReadOnlySpan<byte> bytes, string file, CancellationToken cancel)
    {
        BoosterErrors errors = new(file, "XGBoost");
        bool text = bytes.Length > 1 && bytes[0] == '{' && bytes[1] is (byte)'"' or (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';
        XgBoostNode root = text ? XgBoostJson.Read(bytes, errors, cancel) : new UbjReader(bytes, errors, cancel).Read();
        XgBoostFields model = XgBoostFields.Of(root, "the model", errors), learner = model.Inner("learner");
        XgBoostFields parameters = learner.Inner("learner_model_param");
        int inputs = parameters.Integer("num_feature"), outputs = Math.Max(Math.Max(1, parameters.Integer("num_class")), parameters.Has("num_target") ? parameters.Integer("num_target") : 1);
        if (inputs < 0 || inputs > bytes.Length) throw errors.Malformed($"num_feature is {inputs}");
        if (outputs > bytes.Length) throw errors.Malformed($"there are {outputs} outputs");
        string objective = learner.Inner("objective").Text("name");
        (TreeLink link, Func<double, double> margin) = LinkOf(objective, errors);
        ImmutableArray<double> bases = [.. BasesOf(parameters.Text("base_score"), outputs, margin, errors)];
        XgBoostFields booster = learner.Inner("gradient_booster");
        ModelStructure structure = booster.Text("name") switch
        {
            "gbtree" => TreesOf(booster.Inner("model"), [], bases, link, new(bytes.Length, errors), errors, cancel),
            "dart" => TreesOf(booster.Inner("gbtree").Inner("model"), booster.Numbers("weight_drop"), bases, link, new(bytes.Length, errors), errors, cancel),
            "gblinear" => LinearOf(booster.Inner("model"), inputs, bases, link, errors),
            string other => throw errors.Unsupported($"its booster is {BoosterErrors.Shown(other)}", "MlSql knows gbtree, dart and gblinear"),
        };
        if (structure is TreeStructure trees && TreeCheck.FirstFault(trees, inputs) is { } fault) throw errors.Malformed(fault);
        string version = model.Has("version") ? " " + string.Join('.', model.Numbers("version", 3).Select(v => v.ToString(CultureInfo.InvariantCulture))) : "";
        return new("xgboost" + version, objective, NamesOf(learner, inputs, errors), structure);
    }

    private static TreeStructure TreesOf(XgBoostFields model, double[] weights, ImmutableArray<double> bases, TreeLink link, CategoryBudget budget, BoosterErrors errors, CancellationToken cancel)
    {
        List<XgBoostNode> items = model.Items("trees");
        double[] outputs = model.Numbers("tree_info", items.Count);
        if (weights.Length > 0 && weights.Length != items.Count) throw errors.Malformed($"{weights.Length} weights for {items.Count} trees");
        var trees = ImmutableArray.CreateBuilder<Tree>(items.Count);
        for (int i = 0; i < items.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            string path = FormattableString.Invariant($"tree {i}");
            if (!(outputs[i] >= 0 && outputs[i] < bases.Length && outputs[i] == (int)outputs[i])) throw errors.Malformed(FormattableString.Invariant($"{path} adds to output {outputs[i]}, which is not there"));
            trees.Add(XgBoostTree.Read(XgBoostFields.Of(items[i], path, errors), path, (int)outputs[i], weights.Length > 0 ? weights[i] : 1, budget, errors));
        }
        return new(bases, trees.MoveToImmutable(), TreeAggregate.Sum, TreePrecision.Single, link, 1);
    }

    // Weights by input and output, then the intercepts, in 32 bits; a missing value adds nothing.
    private static LinearStructure LinearOf(XgBoostFields model, int inputs, ImmutableArray<double> bases, TreeLink link, BoosterErrors errors)
    {
        if (bases.Length > 1) throw errors.Unsupported($"a linear booster of {bases.Length} outputs", "export it to ONNX");
        double[] weights = model.Numbers("weights", inputs + 1);
        return new([.. weights[..inputs].Select(w => (double)(float)w)], (float)weights[inputs] + bases[0], link switch
        {
            TreeLink.Identity => Link.Identity,
            TreeLink.Logistic => Link.Logistic,
            _ => throw errors.Unsupported($"a linear booster with the link {link}", "export it to ONNX"),
        });
    }

    private static ImmutableArray<string> NamesOf(XgBoostFields learner, int inputs, BoosterErrors errors)
    {
        string[] names = learner.Has("feature_names") ? [.. learner.Items("feature_names").Select(n => n is XgBoostNode.Text text ? text.Value : throw errors.Malformed("a feature's name is no text"))] : [];
        if (names.Length == 0) return [.. Enumerable.Range(0, inputs).Select(i => string.Create(CultureInfo.InvariantCulture, $"f{i}"))];
        if (names.Length != inputs) throw errors.Malformed($"{names.Length} names for {inputs} features");
        FeatureNames.CheckDistinct(names, errors);
        return [.. names];
    }

    // "5E-1", or since 3.0 one an output: "[5E-1,4.9E-1]". As raw scores, which a probability of 0 or 1 does not have.
    private static IEnumerable<double> BasesOf(string text, int outputs, Func<double, double> margin, BoosterErrors errors)
    {
        double[] scores = [.. text.Trim('[', ']').Split(',').Select(Base)];
        return scores.Length == outputs ? scores : scores.Length == 1 ? Enumerable.Repeat(scores[0], outputs) : throw errors.Malformed($"{scores.Length} base scores for {outputs} outputs");

        double Base(string score) =>
            double.TryParse(score, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && (float)margin(value) is var raw && float.IsFinite(raw) ? raw : throw errors.Malformed($"base_score is {BoosterErrors.Shown(text)}");
    }

    // PredTransform of each objective, and its ProbToMargin, which turns base_score into a raw score.
    private static (TreeLink Link, Func<double, double> Margin) LinkOf(string objective, BoosterErrors errors) => objective switch
    {
        "reg:squarederror" or "reg:linear" or "reg:squaredlogerror" or "reg:absoluteerror" or "reg:quantileerror" or "reg:pseudohubererror" or "rank:pairwise" or "rank:ndcg" or "rank:map" => (TreeLink.Identity, Same),
        "binary:logistic" or "reg:logistic" => (TreeLink.Logistic, LogOdds),
        "binary:logitraw" => (TreeLink.Identity, LogOdds),
        "binary:hinge" => (TreeLink.Step, Same),
        "count:poisson" or "reg:gamma" or "reg:tweedie" or "survival:cox" or "survival:aft" => (TreeLink.Exponential, Math.Log),
        "multi:softprob" => (TreeLink.Softmax, Same),
        "multi:softmax" => (TreeLink.LargestScore, Same),
        _ => throw errors.Unsupported($"its objective is {BoosterErrors.Shown(objective)}", "train it with one of XGBoost's own objectives"),
    };

    private static double Same(double score) => score;

    private static double LogOdds(double probability) => -Math.Log(1 / probability - 1);
}
