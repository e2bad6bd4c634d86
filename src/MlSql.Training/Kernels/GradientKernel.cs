using System.Runtime.CompilerServices;

namespace MlSql.Training.Kernels;

/// <summary>Packs gradients and hessians for <see cref="HistogramKernel"/>.</summary>
internal static class GradientKernel
{
    /// <summary>Largest magnitude of a packed gradient.</summary>
    public const int MaxGradient = short.MaxValue;

    /// <summary>Largest packed hessian.</summary>
    public const int MaxHessian = ushort.MaxValue;

    /// <summary>The largest |gradient| and the largest hessian.</summary>
    public static (double Gradient, double Hessian) Largest(ReadOnlySpan<double> gradients, ReadOnlySpan<double> hessians)
    {
        double g = 0, h = 0;
        for (int i = 0; i < gradients.Length; i++)
        {
            g = Math.Max(g, Math.Abs(gradients[i]));
            h = Math.Max(h, hessians[i]);
        }
        return (g, h);
    }

    private const int MaxExponent = 900;

    /// <summary>The largest power of two that keeps a number times it within a bound, and is itself a number whose reciprocal is one; 1 for 0.</summary>
    public static double ScaleOf(double largest, int bound) => largest > 0 ? Math.ScaleB(1, Math.Clamp(Math.ILogB(bound / largest), -MaxExponent, MaxExponent)) : 1;

    /// <summary>Rounds to nearest and packs: gradient in the upper half, hessian in the lower.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(ReadOnlySpan<double> gradients, ReadOnlySpan<double> hessians, double gradientScale, double hessianScale, Span<int> pairs)
    {
        for (int i = 0; i < pairs.Length; i++)
        {
            int g = (int)Math.Round(gradients[i] * gradientScale), h = (int)Math.Round(hessians[i] * hessianScale);
            pairs[i] = g << 16 | h;
        }
    }
}
