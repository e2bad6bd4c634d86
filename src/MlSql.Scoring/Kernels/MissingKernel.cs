using System.Numerics;
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool HasNaN<T>(T* values, int rows) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int i = 0;
        bool found = false;
        if (Vector256.IsHardwareAccelerated)
        {
            var same = Vector256<T>.AllBitsSet;
            for (; i <= rows - Vector256<T>.Count; i += Vector256<T>.Count)
            {
                var some = Vector256.Load(values + i);
                same &= Vector256.Equals(some, some);
            }
            found = same.AsInt32() != Vector256<int>.AllBitsSet;
        }
        for (; i < rows; i++) found |= T.IsNaN(values[i]);
        return found;
    }

    /// <summary>Whether some row has no valid bit.</summary>
    public static bool HasNulls(ulong* validity, int rows)
    {
        bool found = false;
        int words = rows >> 6, rest = rows & 63;
        for (int i = 0; i < words; i++) found |= validity[i] != ulong.MaxValue;
        return found || (rest > 0 && (~validity[words] & ((1UL << rest) - 1)) != 0);
    }

    /// <summary>Writes 255 for a NaN, else 0; with <paramref name="zeros"/> 255 for numbers near 0 too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mark<T>(T* values, int rows, bool zeros, byte* missing) where T : unmanaged, IFloatingPointIeee754<T>
    {
        // NaN is not at least anything.
        T least = zeros ? T.BitIncrement(T.CreateChecked(NearZero)) : T.Zero;
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
            for (; i <= rows - 32; i += 32)
            {
                var lower = Vector256.Narrow(Present(values + i, least), Present(values + i + 8, least));
                var upper = Vector256.Narrow(Present(values + i + 16, least), Present(values + i + 24, least));
                (~Vector256.Narrow(lower, upper).AsByte()).Store(missing + i);
            }
        for (; i < rows; i++) missing[i] = T.Abs(values[i]) >= least ? (byte)0 : (byte)255;
    }

    // All bits of 8 numbers that are at least so much.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Present<T>(T* values, T least) where T : unmanaged
    {
        var first = Vector256.GreaterThanOrEqual(Vector256.Abs(Vector256.Load(values)), Vector256.Create(least));
        return sizeof(T) == sizeof(float) ? first.AsInt32() : Vector256.Narrow(first.AsInt64(), Vector256.GreaterThanOrEqual(Vector256.Abs(Vector256.Load(values + 4)), Vector256.Create(least)).AsInt64());
    }

    /// <summary>Writes 255 for rows without a valid bit; others stay.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
}
