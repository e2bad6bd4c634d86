using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlSql.Training.Kernels;

/// <summary>Single to double precision and back.</summary>
internal static class Widening
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(ReadOnlySpan<float> from, Span<double> into)
    {
        ref float source = ref MemoryMarshal.GetReference(from);
        ref double target = ref MemoryMarshal.GetReference(into);
        int i = 0;
        for (; i <= from.Length - 16; i += 16)
        {
            (Vector512<double> low, Vector512<double> high) = Vector512.Widen(Vector512.LoadUnsafe(ref source, (nuint)i));
            low.StoreUnsafe(ref target, (nuint)i);
            high.StoreUnsafe(ref target, (nuint)i + 8);
        }
        for (; i < from.Length; i++) into[i] = from[i];
    }

    /// <summary>into = (from - mean) · inverse; NaN becomes 0. The bits of <see cref="Widen"/> and <see cref="VectorMath.Standardise"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Standardise(ReadOnlySpan<float> from, Span<double> into, double mean, double inverse)
    {
        ref float source = ref MemoryMarshal.GetReference(from);
        ref double target = ref MemoryMarshal.GetReference(into);
        Vector512<double> means = Vector512.Create(mean), inverses = Vector512.Create(inverse);
        int i = 0;
        for (; i <= from.Length - 16; i += 16)
        {
            (Vector512<double> low, Vector512<double> high) = Vector512.Widen(Vector512.LoadUnsafe(ref source, (nuint)i));
            low = (low - means) * inverses;
            high = (high - means) * inverses;
            (low & Vector512.Equals(low, low)).StoreUnsafe(ref target, (nuint)i);
            (high & Vector512.Equals(high, high)).StoreUnsafe(ref target, (nuint)i + 8);
        }
        for (; i < from.Length; i++)
        {
            double z = (from[i] - mean) * inverse;
            into[i] = double.IsNaN(z) ? 0 : z;
        }
    }

    /// <summary>into += factor · ((from - mean) · inverse), nothing for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddStandardised(ReadOnlySpan<float> from, Span<double> into, double mean, double inverse, double factor)
    {
        ref float source = ref MemoryMarshal.GetReference(from);
        ref double target = ref MemoryMarshal.GetReference(into);
        Vector512<double> means = Vector512.Create(mean), inverses = Vector512.Create(inverse), factors = Vector512.Create(factor);
        int i = 0;
        for (; i <= from.Length - 16; i += 16)
        {
            (Vector512<double> low, Vector512<double> high) = Vector512.Widen(Vector512.LoadUnsafe(ref source, (nuint)i));
            low = (low - means) * inverses;
            high = (high - means) * inverses;
            Vector512.FusedMultiplyAdd(low & Vector512.Equals(low, low), factors, Vector512.LoadUnsafe(ref target, (nuint)i)).StoreUnsafe(ref target, (nuint)i);
            Vector512.FusedMultiplyAdd(high & Vector512.Equals(high, high), factors, Vector512.LoadUnsafe(ref target, (nuint)i + 8)).StoreUnsafe(ref target, (nuint)i + 8);
        }
        for (; i < from.Length; i++)
        {
            double z = (from[i] - mean) * inverse;
            if (!double.IsNaN(z)) into[i] = Math.FusedMultiplyAdd(z, factor, into[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Narrow(ReadOnlySpan<double> from, Span<float> into)
    {
        ref double source = ref MemoryMarshal.GetReference(from);
        ref float target = ref MemoryMarshal.GetReference(into);
        int i = 0;
        for (; i <= from.Length - 16; i += 16)
            Vector512.Narrow(Vector512.LoadUnsafe(ref source, (nuint)i), Vector512.LoadUnsafe(ref source, (nuint)i + 8)).StoreUnsafe(ref target, (nuint)i);
        for (; i < from.Length; i++) into[i] = (float)from[i];
    }
}
