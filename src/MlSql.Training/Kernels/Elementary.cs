using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlSql.Training.Kernels;

/// <summary>
/// exp and log of our own, so that models have the same bits on every CPU; within 2 units in the last place. Scalar and vector forms take the same
/// operations in the same order.
/// </summary>
internal static class Elementary
{
    /// <summary>Arguments of exp are clamped to ± this, where results are normal numbers.</summary>
    public const double ExpLimit = 708;

    private const double Log2E = 1.4426950408889634;

    // ln 2 in two parts: the first has 32 trailing zero bits, so that a multiple of up to 2^11 is exact.
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double RoundingBias = 6755399441055744.0; // 1.5 · 2^52: adding it rounds to a whole number in the low bits.

    // 1/n!, highest first. |r| <= ln 2 / 2, so the first term left out is below 5e-18.
    private static ReadOnlySpan<double> ExpTerms =>
    [
        1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320, 1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 0.5, 1, 1,
    ];

    // 2/(2n + 1), highest first: log m = s · (2 + s²·2/3 + s⁴·2/5 …), s = (m - 1)/(m + 1), s² <= 0.0295.
    private static ReadOnlySpan<double> LogTerms => [2.0 / 25, 2.0 / 23, 2.0 / 21, 2.0 / 19, 2.0 / 17, 2.0 / 15, 2.0 / 13, 2.0 / 11, 2.0 / 9, 2.0 / 7, 2.0 / 5, 2.0 / 3];

    public static double Exp(double x)
    {
        x = x < -ExpLimit ? -ExpLimit : x > ExpLimit ? ExpLimit : x;
        double shifted = Math.FusedMultiplyAdd(x, Log2E, RoundingBias);
        double n = shifted - RoundingBias;
        double r = Math.FusedMultiplyAdd(n, -Ln2High, x);
        r = Math.FusedMultiplyAdd(n, -Ln2Low, r);
        double p = ExpTerms[0];
        for (int i = 1; i < ExpTerms.Length; i++) p = Math.FusedMultiplyAdd(p, r, ExpTerms[i]);
        return p * BitConverter.Int64BitsToDouble(((BitConverter.DoubleToInt64Bits(shifted) & 0xFFF) << 52) + (1023L << 52));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Exp(Vector512<double> x)
    {
        x = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(-ExpLimit)), Vector512.Create(-ExpLimit), x);
        x = Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512.Create(ExpLimit)), Vector512.Create(ExpLimit), x);
        Vector512<double> shifted = Vector512.FusedMultiplyAdd(x, Vector512.Create(Log2E), Vector512.Create(RoundingBias));
        Vector512<double> n = shifted - Vector512.Create(RoundingBias);
        Vector512<double> r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2High), x);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2Low), r);
        Vector512<double> p = Vector512.Create(ExpTerms[0]);
        for (int i = 1; i < ExpTerms.Length; i++) p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(ExpTerms[i]));
        return p * (((shifted.AsInt64() & Vector512.Create(0xFFFL)) << 52) + Vector512.Create(1023L << 52)).AsDouble();
    }

    /// <summary>Natural logarithm of a positive normal number; -∞ of 0.</summary>
    public static double Log(double x)
    {
        if (!(x >= 2.2250738585072014e-308) || double.IsInfinity(x)) return x == 0 ? double.NegativeInfinity : x > 0 && double.IsFinite(x) ? Log(x * 18014398509481984.0) - 54 * 0.6931471805599453 : x > 0 ? x : double.NaN;
        return LogNormal(x);
    }

    /// <summary>log(1 + t) for t above -1.</summary>
    public static double Log1P(double t)
    {
        double u = 1 + t;
        return LogNormal(u) + (t - (u - 1)) / u;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Log1P(Vector512<double> t)
    {
        Vector512<double> u = Vector512<double>.One + t;
        return LogNormal(u) + (t - (u - Vector512<double>.One)) / u;
    }

    // m in [√½, √2): the exponent of x / √½, which integer arithmetic on the bits gives.
    private const long RootHalfBits = 0x3FE6_A09E_667F_3BCD;

    private static double LogNormal(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        long exponent = (bits - RootHalfBits) >> 52;
        double m = BitConverter.Int64BitsToDouble(bits - (exponent << 52));
        double k = exponent;
        double s = (m - 1) / (m + 1), square = s * s;
        double p = LogTerms[0];
        for (int i = 1; i < LogTerms.Length; i++) p = Math.FusedMultiplyAdd(p, square, LogTerms[i]);
        double tail = Math.FusedMultiplyAdd(k, Ln2Low, p * square * s);
        return Math.FusedMultiplyAdd(k, Ln2High, s + s + tail);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> LogNormal(Vector512<double> x)
    {
        Vector512<long> bits = x.AsInt64();
        Vector512<long> exponent = (bits - Vector512.Create(RootHalfBits)) >> 52;
        Vector512<double> m = (bits - (exponent << 52)).AsDouble();
        Vector512<double> k = Vector512.ConvertToDouble(exponent);
        Vector512<double> s = (m - Vector512<double>.One) / (m + Vector512<double>.One), square = s * s;
        Vector512<double> p = Vector512.Create(LogTerms[0]);
        for (int i = 1; i < LogTerms.Length; i++) p = Vector512.FusedMultiplyAdd(p, square, Vector512.Create(LogTerms[i]));
        Vector512<double> tail = Vector512.FusedMultiplyAdd(k, Vector512.Create(Ln2Low), p * square * s);
        return Vector512.FusedMultiplyAdd(k, Vector512.Create(Ln2High), s + s + tail);
    }

    /// <summary>e^x, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Exp(Span<double> values)
    {
        ref double value = ref MemoryMarshal.GetReference(values);
        int i = 0;
        for (; i <= values.Length - 8; i += 8) Exp(Vector512.LoadUnsafe(ref value, (nuint)i)).StoreUnsafe(ref value, (nuint)i);
        for (; i < values.Length; i++) values[i] = Exp(values[i]);
    }

    /// <summary>log(1 + x) of numbers above -1, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Log1P(Span<double> values)
    {
        ref double value = ref MemoryMarshal.GetReference(values);
        int i = 0;
        for (; i <= values.Length - 8; i += 8) Log1P(Vector512.LoadUnsafe(ref value, (nuint)i)).StoreUnsafe(ref value, (nuint)i);
        for (; i < values.Length; i++) values[i] = Log1P(values[i]);
    }

    /// <summary>Natural logarithms of positive normal numbers, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Log(Span<double> values)
    {
        ref double value = ref MemoryMarshal.GetReference(values);
        int i = 0;
        for (; i <= values.Length - 8; i += 8) LogNormal(Vector512.LoadUnsafe(ref value, (nuint)i)).StoreUnsafe(ref value, (nuint)i);
        for (; i < values.Length; i++) values[i] = LogNormal(values[i]);
    }

    /// <summary>1 / (1 + e^-x), in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sigmoid(Span<double> values)
    {
        ref double value = ref MemoryMarshal.GetReference(values);
        int i = 0;
        for (; i <= values.Length - 8; i += 8)
        {
            Vector512<double> x = Vector512.LoadUnsafe(ref value, (nuint)i);
            Vector512<double> e = Exp(-Vector512.Abs(x));
            Vector512<double> numerator = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<double>.Zero), e, Vector512<double>.One);
            (numerator / (Vector512<double>.One + e)).StoreUnsafe(ref value, (nuint)i);
        }
        for (; i < values.Length; i++) values[i] = Sigmoid(values[i]);
    }

    public static double Sigmoid(double x)
    {
        double e = Exp(-Math.Abs(x));
        return (x < 0 ? e : 1) / (1 + e);
    }
}
