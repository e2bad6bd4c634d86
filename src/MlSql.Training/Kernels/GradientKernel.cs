using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlSql.Training.Kernels;

/// <summary>Packs gradients and hessians for <see cref="HistogramKernel"/>.</summary>
internal static class GradientKernel
{
    /// <summary>Largest magnitude of a packed gradient.</summary>
    public const int MaxGradient = short.MaxValue;

    /// <summary>Largest packed hessian.</summary>
    public const int MaxHessian = ushort.MaxValue;

    /// <summary>The largest magnitude of some numbers; NaN where one is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Largest(ReadOnlySpan<double> values)
    {
        Vector256<double> most = Vector256<double>.Zero;
        int i = 0;
        for (; i <= values.Length - 4; i += 4) most = Vector256.Max(most, Vector256.Abs(Vector256.Create(values.Slice(i, 4))));
        double largest = 0;
        for (int lane = 0; lane < 4; lane++) largest = Math.Max(largest, most[lane]);
        for (; i < values.Length; i++) largest = Math.Max(largest, Math.Abs(values[i]));
        return largest;
    }

    private const int MaxExponent = 900;

    /// <summary>The largest power of two that keeps a number times it within a bound, and is itself a number whose reciprocal is one; 1 for 0.</summary>
    public static double ScaleOf(double largest, int bound) => largest > 0 ? Math.ScaleB(1, Math.Clamp(Math.ILogB(bound / largest), -MaxExponent, MaxExponent)) : 1;

    /// <summary>Rounds to nearest, of two the even one, and packs: gradient in the upper half, hessian in the lower.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(ReadOnlySpan<double> gradients, ReadOnlySpan<double> hessians, double gradientScale, double hessianScale, Span<int> pairs)
    {
        // A small number plus this is a double whose lowest bits are the number, rounded.
        Vector256<double> rounder = Vector256.Create(1.5 * (1L << 52)), gScale = Vector256.Create(gradientScale), hScale = Vector256.Create(hessianScale);
        int i = 0;
        for (; i <= pairs.Length - 8; i += 8)
            Vector256.Narrow(Packed(gradients, hessians, i, gScale, hScale, rounder), Packed(gradients, hessians, i + 4, gScale, hScale, rounder)).CopyTo(pairs[i..]);
        for (; i < pairs.Length; i++)
        {
            int g = (int)Math.Round(gradients[i] * gradientScale), h = (int)Math.Round(hessians[i] * hessianScale);
            pairs[i] = g << 16 | h;
        }
    }

    // In the lower halves; the upper ones hold anything.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<long> Packed(ReadOnlySpan<double> gradients, ReadOnlySpan<double> hessians, int at, Vector256<double> gradientScale, Vector256<double> hessianScale, Vector256<double> rounder)
    {
        Vector256<long> g = (Vector256.Create(gradients.Slice(at, 4)) * gradientScale + rounder).AsInt64(), h = (Vector256.Create(hessians.Slice(at, 4)) * hessianScale + rounder).AsInt64();
        return g << 16 | h & Vector256.Create(0xFFFFL);
    }
}
