namespace MlSql.Training.Trees;

/// <summary>A way to divide a leaf's rows: bins up to <paramref name="Bin"/> of the column go left.</summary>
internal readonly record struct SplitChoice(double Gain, int Column, int Bin, bool MissingLeft)
{
    public static SplitChoice None { get; } = new(0, -1, 0, false);
}

/// <summary>Sums of one leaf, in packed units.</summary>
internal readonly record struct LeafSums(long Gradient, long Hessian, int Rows);

/// <summary>
/// Finds the best split of a leaf: gain = GL²/(HL + λ) + GR²/(HR + λ) − G²/(H + λ) (Chen, Guestrin: XGBoost, 2016, equation 7, without the half), over the sums of a column's bins in their order, missing values tried on either side.
/// Sums are whole numbers, so that what is found does not depend on how rows were divided; of equal gains the first counts.
/// </summary>
internal sealed class SplitSearch(BoostingOptions options, double gradientUnit, double hessianUnit)
{
    /// <summary>The best split by one column; <paramref name="gradients"/> and <paramref name="hessians"/> are its bins.</summary>
    public SplitChoice Of(int column, BinnedColumn bins, ReadOnlySpan<long> gradients, ReadOnlySpan<long> hessians, in LeafSums leaf, SplitChoice best)
    {
        long missingGradient = gradients[BinnedColumn.Missing], missingHessian = hessians[BinnedColumn.Missing];
        best = Scan(column, bins, gradients, hessians, leaf, 0, 0, missingLeft: false, best);
        return missingHessian != 0 || missingGradient != 0 ? Scan(column, bins, gradients, hessians, leaf, missingGradient, missingHessian, missingLeft: true, best) : best;
    }

    private SplitChoice Scan(int column, BinnedColumn bins, ReadOnlySpan<long> gradients, ReadOnlySpan<long> hessians, in LeafSums leaf, long gradient, long hessian, bool missingLeft, SplitChoice best)
    {
        double g = leaf.Gradient * gradientUnit, h = leaf.Hessian * hessianUnit, l2 = options.L2;
        double before = Score(g, h, l2), rowsOfHessian = leaf.Hessian == 0 ? 0 : (double)leaf.Rows / leaf.Hessian;
        int last = bins.Bins - 1;
        for (int bin = 0; bin < last || (bin == last && !missingLeft && hessians[BinnedColumn.Missing] != 0); bin++)
        {
            gradient += gradients[bin];
            hessian += hessians[bin];
            double left = hessian * hessianUnit, right = (leaf.Hessian - hessian) * hessianUnit;
            // As in LightGBM, rows of a side are taken from its share of the hessian.
            if (left < options.MinChildWeight || Math.Round(hessian * rowsOfHessian) < options.MinDataInLeaf) continue;
            if (right < options.MinChildWeight || Math.Round((leaf.Hessian - hessian) * rowsOfHessian) < options.MinDataInLeaf) break;
            double gain = Score(gradient * gradientUnit, left, l2) + Score((leaf.Gradient - gradient) * gradientUnit, right, l2) - before;
            if (gain > best.Gain && gain > options.MinSplitGain) best = new(gain, column, bin, missingLeft);
        }
        return best;
    }

    private static double Score(double gradient, double hessian, double l2) => hessian + l2 > 0 ? gradient * gradient / (hessian + l2) : 0;
}
