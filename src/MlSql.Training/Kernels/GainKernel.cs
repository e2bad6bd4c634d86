using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlSql.Training.Kernels;

/// <summary>What the cuts of a column of numbers gain in one leaf.</summary>
/// <param name="Gradient">Sum of the leaf, in packed units.</param>
/// <param name="Hessian">Sum of the leaf, in packed units.</param>
/// <param name="GradientUnit">What a packed unit is worth, a power of two.</param>
/// <param name="HessianUnit">What a packed unit is worth, a power of two.</param>
/// <param name="L2">Is added to each side's hessian.</param>
/// <param name="Before">The score of the leaf undivided.</param>
/// <param name="LeastLeft">The least hessian of a left side that is large enough.</param>
/// <param name="MostLeft">The largest hessian of a left side that leaves enough to the right.</param>
internal readonly record struct GainKernel(long Gradient, long Hessian, double GradientUnit, double HessianUnit, double L2, double Before, long LeastLeft, long MostLeft)
{
    /// <summary>
    /// The first of the cuts behind bins 0 … <paramref name="cuts"/> − 1 that gains most, and more than <paramref name="gain"/>, which it becomes; −1 for none. What goes left whatever the cut is given by <paramref name="gradient"/> and <paramref name="hessian"/>.
    /// Sums are below 2⁵³, so that they are the same whole numbers as doubles.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Best(ReadOnlySpan<long> gradients, ReadOnlySpan<long> hessians, int cuts, long gradient, long hessian, ref double gain)
    {
        Span<double> g = stackalloc double[HistogramKernel.Bins + 4], h = stackalloc double[HistogramKernel.Bins + 4];
        int first = 0, end = 0;
        for (int bin = 0; bin < cuts; bin++)
        {
            (gradient, hessian) = (gradient + gradients[bin], hessian + hessians[bin]);
            if (hessian > MostLeft) break;
            // Cuts that leave too little to the left are written over.
            (g[end], h[end]) = (gradient, hessian);
            if (hessian < LeastLeft) first++;
            else end++;
        }
        g.Slice(end, 4).Clear();
        h.Slice(end, 4).Clear();
        return First(g, h, end, ref gain) is var at and >= 0 ? first + at : -1;
    }

    // By four cuts at once; what lies behind the last must not be chosen.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int First(ReadOnlySpan<double> g, ReadOnlySpan<double> h, int count, ref double gain)
    {
        Vector256<double> most = Vector256.Create(gain), index = Vector256.Create(0.0, 1, 2, 3), found = Vector256.Create(-1.0), end = Vector256.Create((double)count);
        Vector256<double> allGradient = Vector256.Create((double)Gradient), allHessian = Vector256.Create((double)Hessian), before = Vector256.Create(Before);
        ref double gradients = ref MemoryMarshal.GetReference(g), hessians = ref MemoryMarshal.GetReference(h);
        for (nuint i = 0; i < (nuint)count; i += 4)
        {
            Vector256<double> left = Vector256.LoadUnsafe(ref gradients, i), leftHessian = Vector256.LoadUnsafe(ref hessians, i);
            Vector256<double> gains = Score(left, leftHessian) + Score(allGradient - left, allHessian - leftHessian) - before;
            Vector256<double> better = Vector256.GreaterThan(gains, most) & Vector256.LessThan(index, end);
            (most, found) = (Vector256.ConditionalSelect(better, gains, most), Vector256.ConditionalSelect(better, index, found));
            index += Vector256.Create(4.0);
        }
        int best = -1;
        for (int lane = 0; lane < 4; lane++)
        {
            int at = (int)found[lane];
            if (at < 0 || !(most[lane] > gain || (most[lane] == gain && best >= 0 && at < best))) continue;
            (best, gain) = (at, most[lane]);
        }
        return best;
    }

    // G² / (H + λ); nothing where there is no hessian.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<double> Score(Vector256<double> gradient, Vector256<double> hessian)
    {
        Vector256<double> g = gradient * Vector256.Create(GradientUnit), h = hessian * Vector256.Create(HessianUnit) + Vector256.Create(L2);
        return Vector256.ConditionalSelect(Vector256.GreaterThan(h, Vector256<double>.Zero), g * g / h, Vector256<double>.Zero);
    }
}
