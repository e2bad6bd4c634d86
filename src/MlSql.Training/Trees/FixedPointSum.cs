using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MlSql.Training.Kernels;

namespace MlSql.Training.Trees;

/// <summary>A sum of numbers as multiples of a power of two: the same whatever the order in which they come.</summary>
internal struct FixedPointSum(double scale)
{
    // Below this a scaled number is a long.
    private const double LongLimit = 4e18;

    private Int128 _sum;

    /// <summary>A scale for numbers up to about <paramref name="largest"/>, which keeps their 52 upper bits.</summary>
    public static double ScaleOf(double largest) => largest > 0 && double.IsFinite(largest) ? Math.ScaleB(1, Math.Clamp(52 - Math.ILogB(largest), -1_000, 900)) : 1;

    /// <summary>The sum of numbers whose largest decides the scale.</summary>
    public static double Of(ReadOnlySpan<double> values)
    {
        FixedPointSum sum = new(ScaleOf(GradientKernel.Largest(values)));
        foreach (double value in values) sum.Add(value);
        return sum.Value;
    }

    public readonly double Value => (double)_sum / scale;

    public void Add(double value)
    {
        double scaled = value * scale;
        _sum += Math.Abs(scaled) < LongLimit ? Round(scaled) : (Int128)Math.Round(scaled);
    }

    public void Add(in FixedPointSum other) => _sum += other._sum;

    // To nearest, of two the even one, in one instruction where there is one.
    private static long Round(double value) => Sse2.X64.IsSupported ? Sse2.X64.ConvertToInt64(Vector128.CreateScalarUnsafe(value)) : (long)Math.Round(value);
}
