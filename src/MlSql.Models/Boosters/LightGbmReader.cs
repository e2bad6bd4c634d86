using System.Collections.Immutable;
using System.Globalization;
using MlSql.Columnar;
using MlSql.Models.Trees;

namespace MlSql.Models.Boosters;

/// <summary>
/// Reads LightGBM's text format (gbdt_model_text.cpp and tree.cpp of LightGBM 2 to 4: "version=v2" to "v4"). Lengths are never trusted; time and memory are linear in the bytes.
/// </summary>
public static class LightGbmReader
{
    private const int CategoricalBit = 1;
    private const int DefaultLeftBit = 2;

    /// <summary>True for bytes that begin as LightGBM's text does.</summary>
    public static bool Recognises(ReadOnlySpan<byte> bytes) => bytes.StartsWith("tree\n"u8) || bytes.StartsWith("tree\r\n"u8);

    /// <summary>Reads a model. <paramref name="file"/> names it in messages. Throws <see cref="CodedException"/> (MLS72xx).</summary>
    public static BoosterModel Read(ReadOnlyMemory<byte> bytes, string file, CancellationToken cancel)
    {
        BoosterErrors errors = new(file, "LightGBM");
        LightGbmSection header = new(bytes, "the header", errors);
        // The first tree's name ends the header.
        bool hasTrees = false;
        int at = header.Read(0, key => (hasTrees = key == "Tree") || key == "end of trees");
        if (at < 0) throw errors.Cut("there is no line \"end of trees\"");
        string version = header.Has("version") ? header.Text("version") : "";
        if (version is not ("" or "v2" or "v3" or "v4")) throw errors.Unsupported($"its format is {BoosterErrors.Shown(version)}", "MlSql knows v2, v3 and v4");
        int outputs = header.Integer("num_tree_per_iteration");
        if (outputs < 1) throw errors.Malformed($"num_tree_per_iteration is {outputs}");
        string[] features = header.Words("feature_names");
        if (features.Length != header.Integer("max_feature_idx") + 1L) throw errors.Malformed($"{features.Length} feature_names for max_feature_idx {header.Integer("max_feature_idx")}");
        FeatureNames.CheckDistinct(features, errors);
        int announced = header.Has("tree_sizes") ? header.Integers("tree_sizes", null).Length : -1;

        if (hasTrees && announced == 0) throw errors.Cut("trees follow where tree_sizes announces none");

        var trees = ImmutableArray.CreateBuilder<Tree>();
        while (hasTrees)
        {
            cancel.ThrowIfCancellationRequested();
            LightGbmSection section = new(bytes, FormattableString.Invariant($"tree {trees.Count}"), errors);
            bool last = false;
            at = section.Read(at, key => (last = key == "end of trees") || key == "Tree");
            if (at < 0) throw errors.Cut($"there is no line \"end of trees\" behind {section.Name}");
            trees.Add(TreeOf(section, trees.Count % outputs, errors));
            if (last) break;
        }
        if (announced >= 0 && trees.Count != announced) throw errors.Cut($"{trees.Count} trees where tree_sizes announces {announced}");
        // No trees divide among any number of outputs.
        if (trees.Count % outputs != 0 || outputs > bytes.Length) throw errors.Cut($"{trees.Count} trees do not divide among {outputs} outputs");

        string objective = header.Has("objective") ? header.Text("objective") : "none";
        (TreeLink link, double factor) = LinkOf(objective, outputs, errors);
        TreeStructure structure = new(
            [.. new double[outputs]], trees.ToImmutable(), header.Has("average_output") ? TreeAggregate.Mean : TreeAggregate.Sum, TreePrecision.Double, link, factor);
        return TreeCheck.FirstFault(structure, features.Length) is { } fault
            ? throw errors.Malformed(fault)
            : new($"lightgbm {version}".TrimEnd(), objective, [.. features], structure);
    }

    private static Tree TreeOf(LightGbmSection section, int output, BoosterErrors errors)
    {
        int leaves = section.Integer("num_leaves");
        if (leaves < 1) throw errors.Malformed($"{section.Name} has {leaves} leaves");
        double[] values = section.Reals("leaf_value", leaves);
        ImmutableArray<TreeSplit> splits = leaves == 1 ? [] : SplitsOf(section, leaves - 1, errors);
        // Trees of one leaf come without counts.
        int[] counts = leaves == 1 ? [1] : section.Integers("leaf_count", leaves);
        return new(
            splits,
            [.. counts.Select((count, leaf) => new TreeLeaf(leaf, count))],
            [.. values],
            output,
            leaves > 1 && section.Integer("num_cat") > 0 ? SetsOf(section, errors) : [],
            section.Has("is_linear") && section.Integer("is_linear") == 1 ? LinearOf(section, leaves, errors) : []);
    }

    private static ImmutableArray<TreeSplit> SplitsOf(LightGbmSection section, int count, BoosterErrors errors)
    {
        int[] columns = section.Integers("split_feature", count), types = section.Integers("decision_type", count);
        int[] left = section.Integers("left_child", count), right = section.Integers("right_child", count), covers = section.Integers("internal_count", count);
        double[] gains = section.Reals("split_gain", count), thresholds = section.Reals("threshold", count);
        var splits = ImmutableArray.CreateBuilder<TreeSplit>(count);
        for (int i = 0; i < count; i++)
        {
            int type = types[i];
            // A NaN is in no set, so it goes right.
            splits.Add((type & CategoricalBit) != 0
                ? new(columns[i], SplitTest.InSet, thresholds[i], MissingRule.NaN, false, left[i], right[i], gains[i], covers[i])
                : new(columns[i], SplitTest.AtMost, thresholds[i], MissingOf(type >> 2 & 3), (type & DefaultLeftBit) != 0, left[i], right[i], gains[i], covers[i]));
        }
        return splits.MoveToImmutable();

        MissingRule MissingOf(int kind) => kind switch
        {
            0 => MissingRule.None,
            1 => MissingRule.ZeroOrNaN,
            2 => MissingRule.NaN,
            _ => throw errors.Malformed($"{section.Name} has an unknown decision_type"),
        };
    }

    private static ImmutableArray<CategorySet> SetsOf(LightGbmSection section, BoosterErrors errors)
    {
        int[] bounds = section.Integers("cat_boundaries", null);
        uint[] words = section.Words32("cat_threshold");
        var sets = ImmutableArray.CreateBuilder<CategorySet>(Math.Max(0, bounds.Length - 1));
        for (int i = 1; i < bounds.Length; i++)
        {
            (int from, int to) = (bounds[i - 1], bounds[i]);
            if (from < 0 || to < from || to > words.Length) throw errors.Malformed($"{section.Name}: cat_boundaries do not fit cat_threshold");
            ulong[] set = new ulong[(to - from + 1) / 2];
            for (int w = from; w < to; w++) set[(w - from) / 2] |= (ulong)words[w] << 32 * ((w - from) % 2);
            sets.Add(new([.. set]));
        }
        return sets.ToImmutable();
    }

    private static ImmutableArray<LinearLeaf> LinearOf(LightGbmSection section, int leaves, BoosterErrors errors)
    {
        double[] constants = section.Reals("leaf_const", leaves);
        int[] counts = section.Integers("num_features", leaves);
        int[] columns = section.Integers("leaf_features", null);
        double[] factors = section.Reals("leaf_coeff", columns.Length);
        var linear = ImmutableArray.CreateBuilder<LinearLeaf>(leaves);
        int at = 0;
        for (int leaf = 0; leaf < leaves; leaf++)
        {
            int count = counts[leaf];
            if (count < 0 || count > columns.Length - at) throw errors.Malformed($"{section.Name}: num_features do not fit leaf_features");
            linear.Add(new(constants[leaf], [.. columns.AsSpan(at, count)], [.. factors.AsSpan(at, count)]));
            at += count;
        }
        return linear.MoveToImmutable();
    }

    // The objectives' ConvertOutput.
    private static (TreeLink Link, double Factor) LinkOf(string objective, int outputs, BoosterErrors errors)
    {
        string[] words = objective.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        double sigmoid = 1;
        foreach (string word in words)
            if (word.StartsWith("sigmoid:", StringComparison.Ordinal) && !(double.TryParse(word["sigmoid:".Length..], NumberStyles.Float, CultureInfo.InvariantCulture, out sigmoid) && sigmoid > 0 && double.IsFinite(sigmoid)))
                throw errors.Malformed("the objective's sigmoid is no number above 0");
        return words.FirstOrDefault() switch
        {
            "regression" when words.Contains("sqrt") => (TreeLink.SignedSquare, 1),
            null or "none" or "custom" or "regression" or "regression_l1" or "huber" or "fair" or "quantile" or "mape" or "lambdarank" or "rank_xendcg" => (TreeLink.Identity, 1),
            "poisson" or "gamma" or "tweedie" => (TreeLink.Exponential, 1),
            "binary" or "multiclassova" => (TreeLink.Logistic, sigmoid),
            "multiclass" when outputs > 1 => (TreeLink.Softmax, 1),
            "cross_entropy" => (TreeLink.Logistic, 1),
            "cross_entropy_lambda" => (TreeLink.Softplus, 1),
            string other => throw errors.Unsupported($"its objective is {BoosterErrors.Shown(other)}", "train it with one of LightGBM's own objectives"),
        };
    }
}
