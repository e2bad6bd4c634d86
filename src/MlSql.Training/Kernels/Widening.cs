using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlSql.Training.Kernels;

/// <summary>Single to double precision and back.</summary>
internal static class Widening
{
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
