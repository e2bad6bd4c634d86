using System.Collections.Immutable;
using MlSql.Models.Estimators;

namespace MlSql.Training.Trees;

/// <summary>The options of boosted trees.</summary>
internal sealed record BoostingOptions
{
    /// <summary>The option of <see cref="Directions"/>.</summary>
    public const string Monotone = "monotone";

    /// <summary>What is minimised; "auto" stands for the estimator's and the labels' own.</summary>
    public string Objective { get; init; } = "auto";

    /// <summary>The quantile that is aimed at.</summary>
    public double Alpha { get; init; } = 0.5;

    public int Trees { get; init; } = 100;

    public double LearnRate { get; init; } = 0.1;

    public int MaxLeaves { get; init; } = 31;

    /// <summary>0 = without limit.</summary>
    public int MaxDepth { get; init; }

    public int MinDataInLeaf { get; init; } = 20;

    public double MinChildWeight { get; init; } = 1e-3;

    public double MinSplitGain { get; init; }

    public double L2 { get; init; }

    public int MaxBins { get; init; } = 255;

    /// <summary>The share of rows that each tree sees.</summary>
    public double Subsample { get; init; } = 1;

    /// <summary>The share of encoded columns that each tree sees.</summary>
    public double ColumnSample { get; init; } = 1;

    /// <summary>Which way the score may go with a column; null where none is said.</summary>
    public MonotoneDirections? Directions { get; init; }

    /// <summary>The options of the estimator whose objectives are these.</summary>
    public static ImmutableArray<OptionInfo> Table(params ImmutableArray<string> objectives) =>
    [
        new("objective", OptionType.Word, "auto", $"What is minimised: {string.Join(", ", objectives)}; auto takes the usual one.") { Words = ["auto", .. objectives] },
        .. objectives.Contains("quantile") ? [new OptionInfo("alpha", OptionType.Number, "0.5", "The quantile that objective = 'quantile' aims at.") { Min = 0, AboveMin = true, Max = 1 }] : ImmutableArray<OptionInfo>.Empty,
        new("num_trees", OptionType.Integer, "100", "Trees (of each class, where there are more than two).") { Min = 1, Max = 100_000, Synonyms = ["max_iterations"] },
        new("learn_rate", OptionType.Number, "0.1", "What each tree's values are multiplied by.") { Min = 0, AboveMin = true, Max = 1 },
        new("max_leaves", OptionType.Integer, "31", "Leaves of a tree.") { Min = 2, Max = 65_536 },
        new("max_tree_depth", OptionType.Integer, "0", "Splits from the root to a leaf; 0 = no limit.") { Min = 0, Max = 1_000 },
        new("min_data_in_leaf", OptionType.Integer, "20", "Rows that a leaf has at least.") { Min = 0, Max = int.MaxValue },
        new("min_child_weight", OptionType.Number, "0.001", "Sum of second derivatives that a leaf has at least.") { Min = 0, Synonyms = ["min_tree_child_weight"] },
        new("min_split_gain", OptionType.Number, "0", "What a split gains at least.") { Min = 0, Synonyms = ["min_split_loss"] },
        new("l2_reg", OptionType.Number, "0", "L2 penalty on leaf values.") { Min = 0 },
        new("max_bins", OptionType.Integer, "255", "Bins of a column, missing values apart.") { Min = 2, Max = 255 },
        new("subsample", OptionType.Number, "1", "The share of rows that each tree sees.") { Min = 0, AboveMin = true, Max = 1 },
        new("colsample_bytree", OptionType.Number, "1", "The share of columns that each tree sees.") { Min = 0, AboveMin = true, Max = 1 },
        new(Monotone, OptionType.Directions, "", "feature => 1: the score does not fall as the feature grows; -1: it does not rise.") { Synonyms = ["monotone_constraints"] },
    ];

    /// <summary>BigQuery's defaults, where they are not ours: they are XGBoost's, in which the depth alone limits a tree.</summary>
    public static ImmutableSortedDictionary<string, string> OfModelType { get; } = new Dictionary<string, string>
    {
        ["num_trees"] = "20",
        ["learn_rate"] = "0.3",
        ["max_tree_depth"] = "6",
        ["max_leaves"] = "65536",
        ["min_data_in_leaf"] = "0",
        ["min_child_weight"] = "1",
        ["l2_reg"] = "1",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>What BigQuery has beside: taken where it asks for what is done anyway.</summary>
    public static ImmutableSortedDictionary<string, ImmutableArray<string>> Fixed { get; } = new Dictionary<string, ImmutableArray<string>>
    {
        ["booster_type"] = ["gbtree"],
        ["num_parallel_tree"] = ["1"],
        ["tree_method"] = ["auto", "hist"],
        ["colsample_bylevel"] = ["1"],
        ["colsample_bynode"] = ["1"],
        ["l1_reg"] = ["0"],
        ["early_stop"] = ["false"],
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public static BoostingOptions Of(OptionValues values) => new()
    {
        Objective = values.Values["objective"],
        Alpha = values.Values.ContainsKey("alpha") ? values.Number("alpha") : 0.5,
        Trees = (int)values.Integer("num_trees"),
        LearnRate = values.Number("learn_rate"),
        MaxLeaves = (int)values.Integer("max_leaves"),
        MaxDepth = (int)values.Integer("max_tree_depth"),
        MinDataInLeaf = (int)values.Integer("min_data_in_leaf"),
        MinChildWeight = values.Number("min_child_weight"),
        MinSplitGain = values.Number("min_split_gain"),
        L2 = values.Number("l2_reg"),
        MaxBins = (int)values.Integer("max_bins"),
        Subsample = values.Number("subsample"),
        ColumnSample = values.Number("colsample_bytree"),
    };
}
