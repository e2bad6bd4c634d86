using MlSql.Models.Trees;

namespace MlSql.Scoring.Trees;

/// <summary>Comparisons in one form: a value goes left when it is at most a cut.</summary>
internal static class SplitCut
{
    /// <summary>The largest number of the precision that goes left; NaN where none does (below −∞). 0 stands for −0 too.</summary>
    public static double Of(in TreeSplit split, TreePrecision precision)
    {
        double cut = split.Threshold;
        if (split.Test == SplitTest.Below)
        {
            if (double.IsNegativeInfinity(cut)) return double.NaN;
            cut = Math.BitDecrement(cut);
        }
        // Adding 0 turns −0 into 0.
        return (precision == TreePrecision.Single ? Floor(cut) : cut) + 0.0;
    }

    /// <summary>The largest 32-bit number that is not above a 64-bit one: every 32-bit value compares with both alike.</summary>
    public static float Floor(double cut)
    {
        float nearest = (float)cut;
        return nearest > cut ? MathF.BitDecrement(nearest) : nearest;
    }
}
