using MlSql.Training.Kernels;

namespace MlSql.Training.Trees;

/// <summary>
/// Finds the best split of a leaf: gain = GL²/(HL + λ) + GR²/(HR + λ) − G²/(H + λ) (Chen, Guestrin: XGBoost, 2016, equation 7, without the half) over the sums of a column's bins. Missing values are tried on either side.
/// Sums are whole numbers, so that what is found does not depend on how rows were divided; of equal gains the first counts.
/// </summary>
internal sealed class SplitSearch(BoostingOptions options, double gradientUnit, double hessianUnit)
{
    // Of categories, as in LightGBM: a prior on each category's mean, a penalty on sets of them, and most categories on one side.
    private const double CategorySmoothing = 10;
    private const double CategoryPenalty = 10;
    private const int MaxCategories = 32;
    private const int MaxOneAgainstRest = 4;

    /// <summary>The best of a column's splits and <paramref name="best"/>; <paramref name="kernel"/> is what <see cref="KernelOf"/> gave for the leaf.</summary>
    public SplitChoice Of(int column, BinnedColumn bins, in BinSums sums, in LeafSums leaf, in ValueBounds bounds, in GainKernel? kernel, SplitChoice best) =>
        bins.IsCategorical ? OfCategories(column, bins, sums, leaf, bounds, best)
        : kernel is { } ofNumbers && sums.Rows.IsEmpty ? OfNumbers(ofNumbers, column, bins, sums, best)
        : OfNumbers(column, bins, sums, leaf, bounds, best);

    /// <summary>What tries many cuts of a leaf at once; null where values are bound, so that each cut must be looked at.</summary>
    public GainKernel? KernelOf(in LeafSums leaf, in ValueBounds bounds)
    {
        if (options.Directions is not null || !bounds.IsOpen) return null;
        double rowsOfHessian = RowsOfHessian(leaf);
        // Both conditions turn once as the left side grows.
        long leastLeft = 0, end = leaf.Hessian + 1;
        while (leastLeft < end)
        {
            long middle = leastLeft + (end - leastLeft) / 2;
            if (IsLeftTooSmall(middle, Math.Round(middle * rowsOfHessian))) leastLeft = middle + 1;
            else end = middle;
        }
        long tooMuch = 0;
        end = leaf.Hessian + 1;
        while (tooMuch < end)
        {
            long middle = tooMuch + (end - tooMuch) / 2;
            if (IsRightTooSmall(middle, Math.Round(middle * rowsOfHessian), leaf)) end = middle;
            else tooMuch = middle + 1;
        }
        return new(leaf.Gradient, leaf.Hessian, gradientUnit, hessianUnit, options.L2, Score(leaf.Gradient, leaf.Hessian, options.L2, bounds), leastLeft, tooMuch - 1);
    }

    /// <summary>The bounds of both sides of a split.</summary>
    public (ValueBounds Left, ValueBounds Right) BoundsOf(SplitChoice choice, in ValueBounds bounds, in LeafSums left, in LeafSums right) =>
        bounds.Divide(options.Directions?.Of(choice.Column, choice.Bin) ?? 0, ValueOf(left.Gradient, left.Hessian, bounds), ValueOf(right.Gradient, right.Hessian, bounds));

    private SplitChoice OfNumbers(in GainKernel kernel, int column, BinnedColumn bins, in BinSums sums, SplitChoice best)
    {
        bool missing = sums.HasMissing;
        double gain = Math.Max(best.Gain, options.MinSplitGain);
        int right = kernel.Best(sums.Gradients, sums.Hessians, bins.Bins - (missing ? 0 : 1), 0, 0, ref gain);
        int left = missing ? kernel.Best(sums.Gradients, sums.Hessians, bins.Bins - 1, sums.Gradients[BinnedColumn.Missing], sums.Hessians[BinnedColumn.Missing], ref gain) : -1;
        return left >= 0 ? new(gain, column, left, MissingLeft: true, null) : right >= 0 ? new(gain, column, right, MissingLeft: false, null) : best;
    }

    private SplitChoice OfNumbers(int column, BinnedColumn bins, in BinSums sums, in LeafSums leaf, in ValueBounds bounds, SplitChoice best)
    {
        bool missing = sums.HasMissing;
        best = Scan(column, bins.Bins - (missing ? 0 : 1), sums, leaf, bounds, missingLeft: false, best);
        return missing ? Scan(column, bins.Bins - 1, sums, leaf, bounds, missingLeft: true, best) : best;
    }

    private SplitChoice Scan(int column, int end, in BinSums sums, in LeafSums leaf, in ValueBounds bounds, bool missingLeft, SplitChoice best)
    {
        Side left = new(sums, leaf);
        if (missingLeft) left.Add(BinnedColumn.Missing);
        double before = Score(leaf.Gradient, leaf.Hessian, options.L2, bounds);
        for (int bin = 0; bin < end; bin++)
        {
            left.Add(bin);
            switch (Check(left, leaf))
            {
                case Verdict.LeftTooSmall: continue;
                case Verdict.RightTooSmall: return best;
            }
            double gain = Gain(left, leaf, options.L2, before, bounds);
            if (gain > best.Gain && gain > options.MinSplitGain && !IsAgainst(options.Directions?.Of(column, bin) ?? 0, left, leaf, bounds)) best = new(gain, column, bin, missingLeft, null);
        }
        return best;
    }

    // Categories in the order of their means: some best division cuts that order once (Fisher: On grouping for maximum homogeneity, 1958).
    private SplitChoice OfCategories(int column, BinnedColumn bins, in BinSums sums, in LeafSums leaf, in ValueBounds bounds, SplitChoice best)
    {
        List<(double Mean, byte Bin)> found = [];
        for (int bin = 0; bin <= BinnedColumn.Missing; bin++)
        {
            if ((bin >= bins.Bins && bin != BinnedColumn.Missing) || sums.Hessians[bin] == 0) continue;
            found.Add((sums.Gradients[bin] * gradientUnit / (sums.Hessians[bin] * hessianUnit + CategorySmoothing), (byte)bin));
        }
        if (found.Count < 2 && sums.Hessians[BinnedColumn.Rest] == 0) return best;
        double before = Score(leaf.Gradient, leaf.Hessian, options.L2, bounds);
        if (found.Count <= MaxOneAgainstRest)
        {
            foreach ((_, byte bin) in found)
            {
                Side left = new(sums, leaf);
                left.Add(bin);
                if (Check(left, leaf) != Verdict.Fits) continue;
                double gain = Gain(left, leaf, options.L2, before, bounds);
                if (gain > best.Gain && gain > options.MinSplitGain) best = Chosen(gain, column, [bin]);
            }
            return best;
        }
        found.Sort();
        for (int direction = 0; direction < 2; direction++)
        {
            Side left = new(sums, leaf);
            for (int i = 0; i < found.Count - 1 && i < MaxCategories; i++)
            {
                left.Add(found[i].Bin);
                Verdict verdict = Check(left, leaf);
                if (verdict == Verdict.LeftTooSmall) continue;
                if (verdict == Verdict.RightTooSmall) break;
                double gain = Gain(left, leaf, options.L2 + CategoryPenalty, before, bounds);
                if (gain > best.Gain && gain > options.MinSplitGain) best = Chosen(gain, column, [.. found.Take(i + 1).Select(f => f.Bin)]);
            }
            found.Reverse();
        }
        return best;
    }

    private static SplitChoice Chosen(double gain, int column, byte[] lefts) =>
        new(gain, column, 0, lefts.Contains(BinnedColumn.Missing), [.. lefts.Where(bin => bin != BinnedColumn.Missing).Order()]);

    private Verdict Check(in Side left, in LeafSums leaf) =>
        IsLeftTooSmall(left.Hessian, left.Rows) ? Verdict.LeftTooSmall : IsRightTooSmall(left.Hessian, left.Rows, leaf) ? Verdict.RightTooSmall : Verdict.Fits;

    private bool IsLeftTooSmall(long hessian, double rows) => hessian * hessianUnit < options.MinChildWeight || rows < options.MinDataInLeaf;

    private bool IsRightTooSmall(long leftHessian, double leftRows, in LeafSums leaf) => (leaf.Hessian - leftHessian) * hessianUnit < options.MinChildWeight || leaf.Rows - leftRows < options.MinDataInLeaf;

    // As in LightGBM, rows are taken from their share of the hessian where they were not counted.
    private static double RowsOfHessian(in LeafSums leaf) => leaf.Hessian == 0 ? 0 : (double)leaf.Rows / leaf.Hessian;

    private bool IsAgainst(int direction, in Side left, in LeafSums leaf, in ValueBounds bounds) =>
        direction != 0 && direction * (ValueOf(leaf.Gradient - left.Gradient, leaf.Hessian - left.Hessian, bounds) - ValueOf(left.Gradient, left.Hessian, bounds)) < 0;

    private double Gain(in Side left, in LeafSums leaf, double l2, double before, in ValueBounds bounds) =>
        Score(left.Gradient, left.Hessian, l2, bounds) + Score(leaf.Gradient - left.Gradient, leaf.Hessian - left.Hessian, l2, bounds) - before;

    // By how much a value lowers the loss, twice: −(2·G·v + (H + λ)·v²), of the best value G² / (H + λ).
    private double Score(long gradient, long hessian, double l2, in ValueBounds bounds)
    {
        double g = gradient * gradientUnit, h = hessian * hessianUnit + l2;
        if (!(h > 0)) return 0;
        if (bounds.IsOpen) return g * g / h;
        double value = bounds.Clamp(-g / h);
        return -(2 * g + h * value) * value;
    }

    private double ValueOf(long gradient, long hessian, in ValueBounds bounds)
    {
        double h = hessian * hessianUnit + options.L2;
        return bounds.Clamp(h > 0 ? -(gradient * gradientUnit) / h : 0);
    }

    private enum Verdict
    {
        Fits,
        LeftTooSmall,
        RightTooSmall,
    }

    /// <summary>The sums of what goes left so far.</summary>
    private ref struct Side(in BinSums sums, in LeafSums leaf)
    {
        private readonly BinSums _sums = sums;

        private readonly double _rowsOfHessian = RowsOfHessian(leaf);
        private long _rows;

        public long Gradient { get; private set; }

        public long Hessian { get; private set; }

        public readonly double Rows => _sums.Rows.IsEmpty ? Math.Round(Hessian * _rowsOfHessian) : _rows;

        public void Add(int bin)
        {
            Gradient += _sums.Gradients[bin];
            Hessian += _sums.Hessians[bin];
            if (!_sums.Rows.IsEmpty) _rows += _sums.Rows[bin];
        }
    }
}
