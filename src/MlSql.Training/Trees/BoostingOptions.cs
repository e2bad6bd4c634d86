using System.Collections.Immutable;
using MlSql.Models.Estimators;

namespace MlSql.Training.Trees;

/// <summary>The options of boosted trees.</summary>
internal sealed record BoostingOptions
{
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

    public static ImmutableArray<OptionInfo> Table { get; } =
    [
        new("num_trees", OptionType.Integer, "100", "Trees (of each class, where there are more than two).") { Min = 1, Max = 100_000, Synonyms = ["max_iterations"] },
        new("learn_rate", OptionType.Number, "0.1", "What each tree's values are multiplied by.") { Min = 0, AboveMin = true, Max = 1 },
        new("max_leaves", OptionType.Integer, "31", "Leaves of a tree.") { Min = 2, Max = 65_536 },
        new("max_tree_depth", OptionType.Integer, "0", "Splits from the root to a leaf; 0 = no limit.") { Min = 0, Max = 1_000 },
        new("min_data_in_leaf", OptionType.Integer, "20", "Rows that a leaf has at least.") { Min = 0, Max = int.MaxValue },
        new("min_child_weight", OptionType.Number, "0.001", "Sum of hessians that a leaf has at least.") { Min = 0, Synonyms = ["min_tree_child_weight"] },
        new("min_split_gain", OptionType.Number, "0", "What a split gains at least.") { Min = 0, Synonyms = ["min_split_loss"] },
        new("l2_reg", OptionType.Number, "0", "L2 penalty on leaf values.") { Min = 0 },
        new("max_bins", OptionType.Integer, "255", "Bins of a column, missing values apart.") { Min = 2, Max = 255 },
    ];

    public static BoostingOptions Of(OptionValues values) => new()
    {
        Trees = (int)values.Integer("num_trees"),
        LearnRate = values.Number("learn_rate"),
        MaxLeaves = (int)values.Integer("max_leaves"),
        MaxDepth = (int)values.Integer("max_tree_depth"),
        MinDataInLeaf = (int)values.Integer("min_data_in_leaf"),
        MinChildWeight = values.Number("min_child_weight"),
        MinSplitGain = values.Number("min_split_gain"),
        L2 = values.Number("l2_reg"),
        MaxBins = (int)values.Integer("max_bins"),
    };
}
