using System.Diagnostics;
using MlSql.Models.Trees;

namespace MlSql.Scoring.Trees;

/// <summary>Scores one row after another from the root down: what an ensemble means. The kernels give the same bits faster.</summary>
internal static class TreeWalk
{
    // LightGBM's kZeroThreshold: a 32-bit 1e-35.
    private const double NearZero = 1e-35f;

    /// <summary>The leaf that a row falls into, by its position. <paramref name="row"/> holds the encoded columns, NaN for a missing one.</summary>
    public static int LeafOf(Tree tree, TreePrecision precision, ReadOnlySpan<double> row)
    {
        if (tree.Splits.IsEmpty) return 0;
        int node = 0;
        while (node >= 0)
        {
            TreeSplit split = tree.Splits[node];
            node = GoesLeft(split, tree, Rounded(precision, row[split.Column])) ? split.Left : split.Right;
        }
        return ~node;
    }

    /// <summary>Writes a row's raw scores, one an output.</summary>
    public static void Score(TreeStructure ensemble, ReadOnlySpan<double> row, Span<double> scores)
    {
        if (ensemble.Aggregate == TreeAggregate.Sum) ensemble.Bases.CopyTo(scores);
        else scores.Clear();
        foreach (Tree tree in ensemble.Trees) Add(ensemble, tree, row, scores);
    }

    /// <summary>Adds what a row's leaf of one tree holds.</summary>
    public static void Add(TreeStructure ensemble, Tree tree, ReadOnlySpan<double> row, Span<double> scores)
    {
        bool single = ensemble.Precision == TreePrecision.Single;
        int leaf = LeafOf(tree, ensemble.Precision, row), width = tree.Width;
        for (int i = 0; i < width; i++)
        {
            int output = width == 1 ? tree.Output : i;
            double sum = scores[output] + (tree.Linear.IsEmpty ? tree.Values[leaf * width + i] : Linear(tree.Linear[leaf], tree.Values[leaf], row));
            scores[output] = single ? (float)sum : sum;
        }
    }

    /// <summary>A value as it is compared.</summary>
    public static double Rounded(TreePrecision precision, double value) => precision == TreePrecision.Single ? (float)value : value;

    /// <summary>Where a rounded value goes.</summary>
    public static bool GoesLeft(in TreeSplit split, Tree tree, double value)
    {
        bool missing = split.Missing switch
        {
            MissingRule.NaN => double.IsNaN(value),
            MissingRule.ZeroOrNaN => double.IsNaN(value) || Math.Abs(value) <= NearZero,
            _ => false,
        };
        if (missing) return split.MissingLeft;
        if (double.IsNaN(value)) value = 0;
        return split.Test switch
        {
            SplitTest.AtMost => value <= split.Threshold,
            SplitTest.Below => value < split.Threshold,
            SplitTest.InSet => tree.Sets[(int)split.Threshold].Contains(value),
            SplitTest.EqualToAny => double.IsInteger(value) && tree.Sets[(int)split.Threshold].Contains(value),
            _ => throw new UnreachableException(split.Test.ToString()),
        };
    }

    private static double Linear(LinearLeaf leaf, double constant, ReadOnlySpan<double> row)
    {
        double sum = leaf.Constant;
        for (int i = 0; i < leaf.Columns.Length; i++)
        {
            double value = row[leaf.Columns[i]];
            if (double.IsNaN(value)) return constant;
            sum += leaf.Factors[i] * value;
        }
        return sum;
    }
}
