using MlSql.Models.Trees;

namespace MlSql.Models.Onnx.Trees;

/// <summary>What an inner node asks; ONNX-ML's modes in the order of its version 5, and leaves.</summary>
internal enum BranchMode : byte
{
    AtMost,
    Below,
    AtLeast,
    Above,
    Equal,
    NotEqual,
    Member,
    Leaf,
}

/// <summary>
/// The nodes of an ensemble operator, whichever version wrote them: arrays by node, children as indexes, leaves among the nodes. Children may be shared and, where nobody checked, run in a circle.
/// </summary>
internal sealed class Ensemble
{
    public required BranchMode[] Modes { get; init; }

    /// <summary>Columns of the input; of leaves anything.</summary>
    public required long[] Features { get; init; }

    /// <summary>What is compared with; of leaves anything.</summary>
    public required double[] Thresholds { get; init; }

    /// <summary>The sets of members by node; none for another mode.</summary>
    public Dictionary<int, double[]> Members { get; init; } = [];

    public required bool[] MissingTrue { get; init; }

    public required int[] WhenTrue { get; init; }

    public required int[] WhenFalse { get; init; }

    /// <summary>First nodes in the order in which the trees' values are added.</summary>
    public required int[] Roots { get; init; }

    /// <summary>What leaves add, by node: each target at most once.</summary>
    public required Dictionary<int, List<(int Target, double Weight)>> Weights { get; init; }

    /// <summary>Targets of a regressor, classes of a classifier.</summary>
    public required int Targets { get; init; }

    public required bool Averages { get; init; }

    public required double[] Bases { get; init; }

    public required PostTransform Transform { get; init; }

    /// <summary>The classes of a classifier; null for a regressor.</summary>
    public ClassLabels? Classes { get; init; }

    /// <summary>What is compared and added in.</summary>
    public required TreePrecision Precision { get; init; }

    /// <summary>What the values come out as.</summary>
    public required TreePrecision Result { get; init; }

    public int Count => Modes.Length;
}
