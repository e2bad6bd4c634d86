using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlSql.Training.Kernels;

/// <summary>
/// Weight, mean, squared deviations and range of a column's values, NULLs left out; merged by the formula of Chan, Golub and LeVeque. The merge
/// is taken in a fixed order, so that the result has the same bits for any number of threads.
/// </summary>
internal struct Moments
{
    private double _weight;
    private double _mean;
    private double _squares;
    private double _least;
    private double _most;

    public Moments()
    {
        _least = double.PositiveInfinity;
        _most = double.NegativeInfinity;
    }

    /// <summary>True when no row had a value and a weight.</summary>
    public readonly bool IsEmpty => _least > _most;

    /// <summary>Sum of the weights of rows that have a value.</summary>
    public readonly double Weight => _weight;

    /// <summary>Σ w·(value - mean)².</summary>
    public readonly double Squares => _squares;

    public readonly double Least => _least;

    public readonly double Most => _most;

    public readonly double Mean => _least == _most ? _least : _mean;

    /// <summary>Population standard deviation; exactly 0 for a constant column.</summary>
    public readonly double Deviation => _least >= _most ? 0 : Math.Sqrt(Math.Max(0, _squares / _weight));

    public void Merge(in Moments other)
    {
        if (other.IsEmpty) return;
        if (IsEmpty)
        {
            this = other;
            return;
        }
        double weight = _weight + other._weight, delta = other._mean - _mean;
        _mean += delta * (other._weight / weight);
        _squares += other._squares + delta * delta * (_weight * (other._weight / weight));
        _weight = weight;
        _least = Math.Min(_least, other._least);
        _most = Math.Max(_most, other._most);
    }

    /// <summary>The moments of some rows. Rows of weight 0 do not count; <paramref name="weights"/> is empty when every row weighs 1.</summary>
    public static Moments Of(ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
    {
        Moments moments = new();
        (double weight, double sum) = weights.IsEmpty ? Sums(values, ref moments) : Sums(values, weights, ref moments);
        if (moments.IsEmpty) return moments;
        moments._weight = weight;
        moments._mean = sum / weight;
        moments._squares = SquaresAround(values, weights, moments._mean);
        return moments;
    }

    // Without weights half of the work is left: a comparison with NaN is false by itself.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (double Weight, double Sum) Sums(ReadOnlySpan<double> values, ref Moments range)
    {
        ref double value = ref MemoryMarshal.GetReference(values);
        Vector512<double> sum = Vector512<double>.Zero, one = Vector512<double>.One, total = sum;
        Vector512<double> least = Vector512.Create(double.PositiveInfinity), most = Vector512.Create(double.NegativeInfinity);
        int i = 0;
        for (; i <= values.Length - 8; i += 8)
        {
            Vector512<double> v = Vector512.LoadUnsafe(ref value, (nuint)i), live = Vector512.Equals(v, v);
            total += one & live;
            sum += v & live;
            least = Vector512.ConditionalSelect(Vector512.LessThan(v, least), v, least);
            most = Vector512.ConditionalSelect(Vector512.GreaterThan(v, most), v, most);
        }
        double count = VectorMath.Fold(total), valueSum = VectorMath.Fold(sum);
        range.Widen(least, most);
        for (; i < values.Length; i++)
        {
            if (double.IsNaN(values[i])) continue;
            count++;
            valueSum += values[i];
            range._least = Math.Min(range._least, values[i]);
            range._most = Math.Max(range._most, values[i]);
        }
        return (count, valueSum);
    }

    private void Widen(Vector512<double> least, Vector512<double> most)
    {
        for (int lane = 0; lane < 8; lane++)
        {
            _least = Math.Min(_least, least[lane]);
            _most = Math.Max(_most, most[lane]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (double Weight, double Sum) Sums(ReadOnlySpan<double> values, ReadOnlySpan<double> weights, ref Moments range)
    {
        ref double value = ref MemoryMarshal.GetReference(values);
        ref double weight = ref MemoryMarshal.GetReference(weights);
        Vector512<double> zero = Vector512<double>.Zero, total = zero, sum = zero;
        Vector512<double> least = Vector512.Create(double.PositiveInfinity), most = Vector512.Create(double.NegativeInfinity);
        int i = 0;
        for (; i <= values.Length - 8; i += 8)
        {
            Vector512<double> v = Vector512.LoadUnsafe(ref value, (nuint)i);
            Vector512<double> w = Vector512.LoadUnsafe(ref weight, (nuint)i);
            Vector512<double> live = Vector512.Equals(v, v) & Vector512.GreaterThan(w, zero);
            total += w & live;
            sum = Vector512.FusedMultiplyAdd(v & live, w & live, sum);
            least = Vector512.ConditionalSelect(live & Vector512.LessThan(v, least), v, least);
            most = Vector512.ConditionalSelect(live & Vector512.GreaterThan(v, most), v, most);
        }
        double totalSum = VectorMath.Fold(total), valueSum = VectorMath.Fold(sum);
        range.Widen(least, most);
        for (; i < values.Length; i++)
        {
            double v = values[i], w = weights[i];
            if (double.IsNaN(v) || w == 0) continue;
            totalSum += w;
            valueSum = Math.FusedMultiplyAdd(v, w, valueSum);
            range._least = Math.Min(range._least, v);
            range._most = Math.Max(range._most, v);
        }
        return (totalSum, valueSum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double SquaresAround(ReadOnlySpan<double> values, ReadOnlySpan<double> weights, double mean)
    {
        ref double value = ref MemoryMarshal.GetReference(values);
        ref double weight = ref MemoryMarshal.GetReference(weights);
        bool weighted = !weights.IsEmpty;
        Vector512<double> squares = Vector512<double>.Zero, means = Vector512.Create(mean);
        int i = 0;
        for (; i <= values.Length - 8; i += 8)
        {
            Vector512<double> v = Vector512.LoadUnsafe(ref value, (nuint)i);
            Vector512<double> d = (v - means) & Vector512.Equals(v, v);
            squares = Vector512.FusedMultiplyAdd(weighted ? d * Vector512.LoadUnsafe(ref weight, (nuint)i) : d, d, squares);
        }
        double sum = VectorMath.Fold(squares);
        for (; i < values.Length; i++)
        {
            double d = double.IsNaN(values[i]) ? 0 : values[i] - mean;
            sum = Math.FusedMultiplyAdd(weighted ? d * weights[i] : d, d, sum);
        }
        return sum;
    }
}
