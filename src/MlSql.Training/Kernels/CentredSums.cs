using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlSql.Training.Kernels;

/// <summary>Sums of numbers around a centre and of their squares, as multiples of 2⁻⁵²: the same in any order.</summary>
/// <param name="centre">A number about in the middle.</param>
/// <param name="scale">A power of two: (value − centre) · scale lies in [−1, 1].</param>
internal struct CentredSums(double centre, double scale)
{
    private const double Unit = 1L << 52;

    // 2^10 numbers of 52 bits fit each of eight lanes.
    private const int MostAtOnce = 8_192;

    private Int128 _sum;
    private Int128 _squares;

    /// <summary>Mean and population deviation of so many numbers.</summary>
    public readonly (double Mean, double Deviation) Of(long count)
    {
        double mean = (double)_sum / Unit / count, square = (double)_squares / Unit / count;
        return (centre + mean / scale, Math.Sqrt(Math.Max(0, square - mean * mean)) / scale);
    }

    /// <summary>None of these numbers.</summary>
    public readonly CentredSums Empty() => new(centre, scale);

    public void Add(in CentredSums other)
    {
        _sum += other._sum;
        _squares += other._squares;
    }

    /// <summary>Adds up to 8,192 numbers; NaN does not count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(values.Length, MostAtOnce);
        Vector256<double> scales = Vector256.Create(scale), centres = Vector256.Create(centre * scale);
        Vector256<long> sumsA = Vector256<long>.Zero, sumsB = sumsA, squaresA = sumsA, squaresB = sumsA;
        int i = 0;
        for (; i <= values.Length - 8; i += 8)
        {
            Add(Vector256.Create(values.Slice(i, 4)) * scales - centres, ref sumsA, ref squaresA);
            Add(Vector256.Create(values.Slice(i + 4, 4)) * scales - centres, ref sumsB, ref squaresB);
        }
        long sum = 0, square = 0;
        for (; i < values.Length; i++)
        {
            double d = values[i] * scale - centre * scale;
            if (double.IsNaN(d)) continue;
            sum += (long)(d * Unit);
            square += (long)(d * d * Unit);
        }
        _sum += sum + Total(sumsA) + Total(sumsB);
        _squares += square + Total(squaresA) + Total(squaresB);
    }

    // Lanes are full: together they need more bits.
    private static Int128 Total(Vector256<long> lanes) => (Int128)lanes[0] + lanes[1] + lanes[2] + lanes[3];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector256<double> d, ref Vector256<long> sums, ref Vector256<long> squares)
    {
        d &= Vector256.Equals(d, d);
        Vector256<double> units = d * Unit;
        Vector256<long> negative = Vector256.LessThan(units, Vector256<double>.Zero).AsInt64();
        sums += (Whole(Vector256.Abs(units)) ^ negative) - negative;
        squares += Whole(d * d * Unit);
    }

    // Numbers from 0 to 2^52, cut off, as integers. Behind 2^52 a number's last bits count ones; before AVX-512 nothing converts four at once.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<long> Whole(Vector256<double> values) => (Vector256.Truncate(values) + Vector256.Create(Unit)).AsInt64() - Vector256.Create(Unit).AsInt64();
}
