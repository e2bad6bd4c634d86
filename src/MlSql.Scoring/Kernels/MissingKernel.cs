using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MlSql.Scoring.Kernels;

/// <summary>Finds rows of a column that have no value, and gives them a bin.</summary>
internal static unsafe class MissingKernel
{
    // LightGBM's kZeroThreshold, see Trees.TreeWalk.
    private const double NearZero = 1e-35f;

    /// <summary>Whether some number is NaN.</summary>
    public static bool HasNaN(float* values, int rows)
    {
        int i = 0;
        var numbers = Vector256<float>.AllBitsSet;
        if (Vector256.IsHardwareAccelerated)
            for (; i <= rows - 8; i += 8)
            {
                var eight = Vector256.Load(values + i);
                numbers &= Vector256.Equals(eight, eight);
            }
        bool found = numbers.AsInt32() != Vector256<int>.AllBitsSet;
        for (; i < rows; i++) found |= float.IsNaN(values[i]);
        return found;
    }

    /// <summary>Whether some number is NaN.</summary>
    public static bool HasNaN(double* values, int rows)
    {
        int i = 0;
        var numbers = Vector256<double>.AllBitsSet;
        if (Vector256.IsHardwareAccelerated)
            for (; i <= rows - 4; i += 4)
            {
                var four = Vector256.Load(values + i);
                numbers &= Vector256.Equals(four, four);
            }
        bool found = numbers.AsInt64() != Vector256<long>.AllBitsSet;
        for (; i < rows; i++) found |= double.IsNaN(values[i]);
        return found;
    }

    /// <summary>Writes 255 for a NaN, else 0; with <paramref name="zeros"/> 255 for numbers near 0 too.</summary>
    public static void Mark(float* values, int rows, bool zeros, byte* missing)
    {
        for (int i = 0; i < rows; i++) missing[i] = IsMissing(values[i], zeros);
    }

    /// <summary>Writes 255 for a NaN, else 0; with <paramref name="zeros"/> 255 for numbers near 0 too.</summary>
    public static void Mark(double* values, int rows, bool zeros, byte* missing)
    {
        for (int i = 0; i < rows; i++) missing[i] = IsMissing(values[i], zeros);
    }

    /// <summary>Writes 255 for rows without a valid bit; others stay.</summary>
    public static void MarkNulls(ulong* validity, int rows, byte* missing)
    {
        int i = 0;
        if (Avx2.IsSupported)
        {
            // Byte r of 32 gets byte r / 8 of the 32 bits, and looks at its own bit.
            var spread = Vector256.Create((byte)0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3);
            var bits = Vector256.Create(0x8040_2010_0804_0201UL).AsByte();
            for (; i <= rows - 32; i += 32)
            {
                uint word = ((uint*)validity)[i >> 5];
                if (word == uint.MaxValue) continue;
                var own = Avx2.Shuffle(Vector256.Create(word).AsByte(), spread) & bits;
                (Vector256.Load(missing + i) | Vector256.Equals(own, Vector256<byte>.Zero)).Store(missing + i);
            }
        }
        for (; i < rows; i++)
            if ((validity[i >> 6] >> (i & 63) & 1) == 0) missing[i] = 255;
    }

    /// <summary>Copies bins, with another where rows are missing (255); none is missing where <paramref name="missing"/> is null. Each bin is stored xor <paramref name="flip"/>. Writes up to 31 bytes beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Settle(byte* bins, byte* missing, byte bin, byte flip, byte* into, int rows)
    {
        Vector256<byte> flips = Vector256.Create(flip), other = Vector256.Create(bin);
        for (int i = 0; i < rows; i += 32)
        {
            var found = Vector256.Load(bins + i);
            if (missing != null) found = Vector256.ConditionalSelect(Vector256.Load(missing + i), other, found);
            (found ^ flips).Store(into + i);
        }
    }

    private static byte IsMissing(double value, bool zeros) => double.IsNaN(value) || (zeros && Math.Abs(value) <= NearZero) ? (byte)255 : (byte)0;
}
