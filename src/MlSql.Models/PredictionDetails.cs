using MlSql.Models.Trees;

namespace MlSql.Models;

/// <summary>What can be asked of a booster beside its prediction.</summary>
[Flags]
public enum PredictionDetails
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The score before the link, one an output.</summary>
    Raw = 1,

    /// <summary>What each feature adds to the score, per output a block of features and the expected value.</summary>
    Contributions = 2,

    /// <summary>The number of the leaf that each tree sends the row to.</summary>
    Leaves = 4,

    /// <summary>All of them.</summary>
    All = Raw | Contributions | Leaves,
}

/// <summary>Which details a structure has.</summary>
public static class PredictionDetail
{
    /// <summary>The details in the order of their columns, each with the column's name.</summary>
    public static IEnumerable<(PredictionDetails Detail, string Name)> In(PredictionDetails details)
    {
        if (details.HasFlag(PredictionDetails.Raw)) yield return (PredictionDetails.Raw, "raw");
        if (details.HasFlag(PredictionDetails.Contributions)) yield return (PredictionDetails.Contributions, "contributions");
        if (details.HasFlag(PredictionDetails.Leaves)) yield return (PredictionDetails.Leaves, "leaves");
    }

    /// <summary>Those that a structure can give. Linear leaves, leaves of several values and trees deeper than <see cref="TreeDepth.MostExplained"/> have no contributions, a linear model has no leaves.</summary>
    public static PredictionDetails Of(ModelStructure structure) => structure switch
    {
        LinearStructure => PredictionDetails.Raw | PredictionDetails.Contributions,
        TreeStructure trees when trees.Trees.All(tree => tree.Linear.IsEmpty && tree.Width == 1) && TreeDepth.Of(trees) <= TreeDepth.MostExplained => PredictionDetails.All,
        TreeStructure => PredictionDetails.Raw | PredictionDetails.Leaves,
        _ => PredictionDetails.None,
    };
}
