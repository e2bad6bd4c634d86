using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlSql.Training.Kernels;

/// <summary>Derivatives and losses of the log loss, row by row: the same bits for a row wherever it stands.</summary>
internal static class LogLossKernel
{
    /// <summary>Writes w·(p − y) and w·p·(1 − p) for scores and labels (0 or 1); no weights: w = 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Derivatives(ReadOnlySpan<double> scores, ReadOnlySpan<double> labels, ReadOnlySpan<double> weights, Span<double> gradients, Span<double> hessians)
    {
        int i = 0;
        for (; i <= labels.Length - 8; i += 8)
        {
            (Vector512<double> gradient, Vector512<double> hessian) = Derivatives(Load(scores, i), Load(labels, i), weights.IsEmpty ? Vector512<double>.One : Load(weights, i));
            gradient.CopyTo(gradients[i..]);
            hessian.CopyTo(hessians[i..]);
        }
        if (i == labels.Length) return;
        int left = labels.Length - i;
        (Vector512<double> lastGradient, Vector512<double> lastHessian) = Derivatives(LoadSome(scores[i..]), LoadSome(labels[i..]), weights.IsEmpty ? Vector512<double>.One : LoadSome(weights[i..]));
        Span<double> last = stackalloc double[8];
        lastGradient.CopyTo(last);
        last[..left].CopyTo(gradients[i..]);
        lastHessian.CopyTo(last);
        last[..left].CopyTo(hessians[i..]);
    }

    /// <summary>Writes w · log(1 + e^−m), m the score towards the label's side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Losses(ReadOnlySpan<double> scores, ReadOnlySpan<double> labels, ReadOnlySpan<double> weights, Span<double> losses)
    {
        int i = 0;
        for (; i <= labels.Length - 8; i += 8) Losses(Load(scores, i), Load(labels, i), weights.IsEmpty ? Vector512<double>.One : Load(weights, i)).CopyTo(losses[i..]);
        if (i == labels.Length) return;
        Span<double> last = stackalloc double[8];
        Losses(LoadSome(scores[i..]), LoadSome(labels[i..]), weights.IsEmpty ? Vector512<double>.One : LoadSome(weights[i..])).CopyTo(last);
        last[..(labels.Length - i)].CopyTo(losses[i..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<double> Gradient, Vector512<double> Hessian) Derivatives(Vector512<double> score, Vector512<double> label, Vector512<double> weight)
    {
        Vector512<double> one = Vector512<double>.One;
        Vector512<double> e = Elementary.Exp(-Vector512.Abs(score)), inverse = one / (one + e);
        Vector512<double> small = e * inverse; // the smaller of p and 1 - p, exact where it is tiny
        Vector512<double> negative = Vector512.LessThan(score, Vector512<double>.Zero);
        // p - y without cancellation: for y = 1 it is -(1 - p).
        Vector512<double> p = Vector512.ConditionalSelect(negative, small, inverse), q = Vector512.ConditionalSelect(negative, inverse, small);
        return (weight * Vector512.ConditionalSelect(Vector512.Equals(label, one), -q, p), weight * (small * inverse));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Losses(Vector512<double> score, Vector512<double> label, Vector512<double> weight)
    {
        Vector512<double> against = Vector512.ConditionalSelect(Vector512.Equals(label, Vector512<double>.One), -score, score);
        return weight * (Elementary.Log1P(Elementary.Exp(-Vector512.Abs(score))) + Vector512.ConditionalSelect(Vector512.GreaterThan(against, Vector512<double>.Zero), against, Vector512<double>.Zero));
    }

    private static Vector512<double> Load(ReadOnlySpan<double> values, int at) => Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)at);

    private static Vector512<double> LoadSome(ReadOnlySpan<double> values)
    {
        Span<double> eight = stackalloc double[8];
        eight.Clear();
        values.CopyTo(eight);
        return Vector512.Create<double>(eight);
    }
}
