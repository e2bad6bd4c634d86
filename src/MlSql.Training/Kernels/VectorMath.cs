using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlSql.Training.Kernels;

/// <summary>
/// Sums over spans of doubles in eight fixed lanes, folded in a fixed order: the same bits on every CPU. Like all kernels, loops are compiled with full
/// optimisation at once: a training is mostly over before the runtime would have found them hot.
/// </summary>
internal static class VectorMath
{
    /// <summary>The sum of eight lanes: halves, quarters, then the last two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Fold(Vector512<double> lanes)
    {
        Vector256<double> four = lanes.GetLower() + lanes.GetUpper();
        Vector128<double> two = four.GetLower() + four.GetUpper();
        return two.GetElement(0) + two.GetElement(1);
    }

    /// <summary>Σ a·b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ref double left = ref MemoryMarshal.GetReference(a);
        ref double right = ref MemoryMarshal.GetReference(b);
        Vector512<double> lanes = Vector512<double>.Zero, others = Vector512<double>.Zero;
        int length = Math.Min(a.Length, b.Length);
        int i = 0;
        for (; i <= length - 16; i += 16)
        {
            lanes = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref left, (nuint)i), Vector512.LoadUnsafe(ref right, (nuint)i), lanes);
            others = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref left, (nuint)i + 8), Vector512.LoadUnsafe(ref right, (nuint)i + 8), others);
        }
        double sum = Fold(lanes + others);
        for (; i < length; i++) sum = Math.FusedMultiplyAdd(a[i], b[i], sum);
        return sum;
    }

    /// <summary>Σ values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Sum(ReadOnlySpan<double> values)
    {
        ref double value = ref MemoryMarshal.GetReference(values);
        Vector512<double> lanes = Vector512<double>.Zero;
        int i = 0;
        for (; i <= values.Length - 8; i += 8) lanes += Vector512.LoadUnsafe(ref value, (nuint)i);
        double sum = Fold(lanes);
        for (; i < values.Length; i++) sum += values[i];
        return sum;
    }

    /// <summary>Square roots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Roots(ReadOnlySpan<double> values, Span<double> into)
    {
        ref double value = ref MemoryMarshal.GetReference(values);
        ref double root = ref MemoryMarshal.GetReference(into);
        int i = 0;
        for (; i <= values.Length - 8; i += 8) Vector512.Sqrt(Vector512.LoadUnsafe(ref value, (nuint)i)).StoreUnsafe(ref root, (nuint)i);
        for (; i < values.Length; i++) into[i] = Math.Sqrt(values[i]);
    }

    /// <summary>into += factor · values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(Span<double> into, ReadOnlySpan<double> values, double factor)
    {
        ref double target = ref MemoryMarshal.GetReference(into);
        ref double source = ref MemoryMarshal.GetReference(values);
        Vector512<double> factors = Vector512.Create(factor);
        int i = 0;
        for (; i <= values.Length - 8; i += 8)
            Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref source, (nuint)i), factors, Vector512.LoadUnsafe(ref target, (nuint)i)).StoreUnsafe(ref target, (nuint)i);
        for (; i < values.Length; i++) into[i] = Math.FusedMultiplyAdd(values[i], factor, into[i]);
    }

    /// <summary>into *= factors, element by element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(Span<double> into, ReadOnlySpan<double> factors)
    {
        ref double target = ref MemoryMarshal.GetReference(into);
        ref double source = ref MemoryMarshal.GetReference(factors);
        int i = 0;
        for (; i <= into.Length - 8; i += 8)
            (Vector512.LoadUnsafe(ref target, (nuint)i) * Vector512.LoadUnsafe(ref source, (nuint)i)).StoreUnsafe(ref target, (nuint)i);
        for (; i < into.Length; i++) into[i] *= factors[i];
    }

    /// <summary>values = (values - mean) · inverse; NaN becomes 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Standardise(Span<double> values, double mean, double inverse)
    {
        ref double value = ref MemoryMarshal.GetReference(values);
        Vector512<double> means = Vector512.Create(mean), inverses = Vector512.Create(inverse);
        int i = 0;
        for (; i <= values.Length - 8; i += 8)
        {
            Vector512<double> z = (Vector512.LoadUnsafe(ref value, (nuint)i) - means) * inverses;
            Vector512.ConditionalSelect(Vector512.Equals(z, z), z, Vector512<double>.Zero).StoreUnsafe(ref value, (nuint)i);
        }
        for (; i < values.Length; i++)
        {
            double z = (values[i] - mean) * inverse;
            values[i] = double.IsNaN(z) ? 0 : z;
        }
    }

    /// <summary>Adds values to sums kept as a high and a low part, so that long sums stay exact to the last bits (Neumaier's two-sum).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddCompensated(Span<double> high, Span<double> low, ReadOnlySpan<double> values)
    {
        ref double h = ref MemoryMarshal.GetReference(high);
        ref double l = ref MemoryMarshal.GetReference(low);
        ref double v = ref MemoryMarshal.GetReference(values);
        int i = 0;
        for (; i <= values.Length - 8; i += 8)
        {
            Vector512<double> a = Vector512.LoadUnsafe(ref h, (nuint)i), b = Vector512.LoadUnsafe(ref v, (nuint)i);
            Vector512<double> sum = a + b;
            Vector512<double> bRounded = sum - a;
            Vector512<double> error = (a - (sum - bRounded)) + (b - bRounded);
            sum.StoreUnsafe(ref h, (nuint)i);
            (Vector512.LoadUnsafe(ref l, (nuint)i) + error).StoreUnsafe(ref l, (nuint)i);
        }
        for (; i < values.Length; i++)
        {
            double a = high[i], b = values[i], sum = a + b, bRounded = sum - a;
            low[i] += (a - (sum - bRounded)) + (b - bRounded);
            high[i] = sum;
        }
    }
}
