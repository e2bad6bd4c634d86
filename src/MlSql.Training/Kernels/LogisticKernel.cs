using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlSql.Training.Kernels;

/// <summary>Loss, residual and curvature of the log loss over a tile of rows.</summary>
internal static class LogisticKernel
{
    /// <summary>
    /// For scores η and labels y (0 or 1): writes w·(p - y) to <paramref name="residuals"/> and w·p·(1 - p) to <paramref name="curvatures"/>, and returns Σ w·loss.
    /// All spans have the same length, a multiple of 8; rows of padding have weight 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Evaluate(ReadOnlySpan<double> scores, ReadOnlySpan<double> labels, ReadOnlySpan<double> weights, Span<double> residuals, Span<double> curvatures)
    {
        ref double score = ref MemoryMarshal.GetReference(scores);
        ref double label = ref MemoryMarshal.GetReference(labels);
        ref double weight = ref MemoryMarshal.GetReference(weights);
        ref double residual = ref MemoryMarshal.GetReference(residuals);
        ref double curvature = ref MemoryMarshal.GetReference(curvatures);
        Vector512<double> loss = Vector512<double>.Zero, one = Vector512<double>.One, zero = Vector512<double>.Zero;
        for (nuint i = 0; i < (nuint)scores.Length; i += 8)
        {
            Vector512<double> x = Vector512.LoadUnsafe(ref score, i), y = Vector512.LoadUnsafe(ref label, i), w = Vector512.LoadUnsafe(ref weight, i);
            Vector512<double> e = Elementary.Exp(-Vector512.Abs(x));
            Vector512<double> inverse = one / (one + e);
            Vector512<double> small = e * inverse; // the smaller of p and 1 - p, exact where it is tiny
            Vector512<double> negative = Vector512.LessThan(x, zero);
            // p - y without cancellation: for y = 1 it is -(1 - p).
            Vector512<double> p = Vector512.ConditionalSelect(negative, small, inverse);
            Vector512<double> q = Vector512.ConditionalSelect(negative, inverse, small);
            Vector512<double> isPositive = Vector512.Equals(y, one);
            (w * Vector512.ConditionalSelect(isPositive, -q, p)).StoreUnsafe(ref residual, i);
            (w * (small * inverse)).StoreUnsafe(ref curvature, i);
            // log(1 + e^-m), m = the score towards the label's side: log1p(e^-|m|) + max(-m, 0).
            Vector512<double> against = Vector512.ConditionalSelect(isPositive, -x, x);
            loss = Vector512.FusedMultiplyAdd(w, Elementary.Log1P(e) + Vector512.ConditionalSelect(Vector512.GreaterThan(against, zero), against, zero), loss);
        }
        return VectorMath.Fold(loss);
    }
}
