using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlSql.Training.Kernels;

/// <summary>Sums of numbers around a centre and of their squares, as multiples of 2⁻⁵²: the same in any order.</summary>
/// <param name="centre">A number about in the middle.</param>
/// <param name="scale">A power of two: (value − centre) · scale lies in [−1, 1].</param>
internal struct CentredSums(double centre, double scale)
{
    private const double Unit = 1L << 52;

    // Fewer than 2^10 numbers of 52 bits fit a lane.
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
        Vector512<double> scales = Vector512.Create(scale), centres = Vector512.Create(centre * scale), unit = Vector512.Create(Unit);
        Vector512<long> sums = Vector512<long>.Zero, squares = sums;
        int i = 0;
        for (; i <= values.Length - 8; i += 8)
        {
            Vector512<double> d = Vector512.Create(values.Slice(i, 8)) * scales - centres;
            d &= Vector512.Equals(d, d);
            sums += Vector512.ConvertToInt64(d * unit);
            squares += Vector512.ConvertToInt64(d * d * unit);
        }
        long sum = Vector512.Sum(sums), square = Vector512.Sum(squares);
        for (; i < values.Length; i++)
        {
            double d = values[i] * scale - centre * scale;
            if (double.IsNaN(d)) continue;
            sum += (long)(d * Unit);
            square += (long)(d * d * Unit);
        }
        _sum += sum;
        _squares += square;
    }
}
