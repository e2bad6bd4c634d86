using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlSql.Training.Kernels;

/// <summary>
/// A 64-bit hash a row over its values in order. A step per value is a bijection of that value, so rows that differ in one value never collide.
/// The bits depend on the values alone: numbers as double bits with -0 = 0, NaN and NULL alike.
/// </summary>
internal static class RowHash
{
    /// <summary>Stands for NULL; no finite number has these bits.</summary>
    public const ulong Null = 0x7FF8_0000_0000_0001;

    private const ulong ValueFactor = 0x9E37_79B9_7F4A_7C15;
    private const ulong StateFactor = 0xD6E8_FEB8_6659_FD93;

    /// <summary>Mixes one value into a row's hash.</summary>
    public static ulong Mix(ulong hash, ulong value)
    {
        value *= ValueFactor;
        value ^= value >> 32;
        hash = (hash ^ value) * StateFactor;
        return hash ^ (hash >> 29);
    }

    /// <summary>Spreads every bit over all others (the finaliser of MurmurHash3).</summary>
    public static ulong Finish(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * 0xFF51_AFD7_ED55_8CCD;
        hash = (hash ^ (hash >> 33)) * 0xC4CE_B9FE_1A85_EC53;
        return hash ^ (hash >> 33);
    }

    /// <summary>Canonical bits of a number.</summary>
    public static ulong OfNumber(double value) => double.IsNaN(value) ? Null : value == 0 ? 0 : BitConverter.DoubleToUInt64Bits(value);

    public static ulong OfText(ReadOnlySpan<byte> utf8)
    {
        ulong hash = Mix(0x5851_F42D_4C95_7F2D, (ulong)utf8.Length);
        while (utf8.Length >= 8)
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(utf8));
            utf8 = utf8[8..];
        }
        if (!utf8.IsEmpty)
        {
            ulong tail = 0;
            for (int i = utf8.Length - 1; i >= 0; i--) tail = (tail << 8) | utf8[i];
            hash = Mix(hash, tail);
        }
        return Finish(hash);
    }

    /// <summary>Mixes a column of numbers into the hashes of its rows; true when one is infinite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool MixNumbers(ReadOnlySpan<double> values, Span<ulong> hashes)
    {
        ref double value = ref MemoryMarshal.GetReference(values);
        ref ulong hash = ref MemoryMarshal.GetReference(hashes);
        Vector512<ulong> infinite = Vector512<ulong>.Zero;
        int row = 0;
        for (; row <= values.Length - 8; row += 8) infinite |= MixEight(Vector512.LoadUnsafe(ref value, (nuint)row), ref hash, (nuint)row);
        bool found = infinite != Vector512<ulong>.Zero;
        for (; row < values.Length; row++)
        {
            found |= double.IsInfinity(values[row]);
            hashes[row] = Mix(hashes[row], OfNumber(values[row]));
        }
        return found;
    }

    /// <summary>The same for numbers of single precision, hashed as the doubles that they equal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool MixNumbers(ReadOnlySpan<float> values, Span<ulong> hashes)
    {
        ref float value = ref MemoryMarshal.GetReference(values);
        ref ulong hash = ref MemoryMarshal.GetReference(hashes);
        Vector512<ulong> infinite = Vector512<ulong>.Zero;
        int row = 0;
        for (; row <= values.Length - 16; row += 16)
        {
            (Vector512<double> low, Vector512<double> high) = Vector512.Widen(Vector512.LoadUnsafe(ref value, (nuint)row));
            infinite |= MixEight(low, ref hash, (nuint)row) | MixEight(high, ref hash, (nuint)row + 8);
        }
        bool found = infinite != Vector512<ulong>.Zero;
        for (; row < values.Length; row++)
        {
            found |= float.IsInfinity(values[row]);
            hashes[row] = Mix(hashes[row], OfNumber(values[row]));
        }
        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> MixEight(Vector512<double> values, ref ulong hashes, nuint row)
    {
        Vector512<ulong> bits = Vector512.ConditionalSelect(Vector512.Equals(values, Vector512<double>.Zero).AsUInt64(), Vector512<ulong>.Zero, values.AsUInt64());
        bits = Vector512.ConditionalSelect(Vector512.Equals(values, values).AsUInt64(), bits, Vector512.Create(Null));
        bits *= Vector512.Create(ValueFactor);
        bits ^= bits >> 32;
        Vector512<ulong> mixed = (Vector512.LoadUnsafe(ref hashes, row) ^ bits) * Vector512.Create(StateFactor);
        (mixed ^ (mixed >> 29)).StoreUnsafe(ref hashes, row);
        return Vector512.Equals(Vector512.Abs(values), Vector512.Create(double.PositiveInfinity)).AsUInt64();
    }

    /// <summary>A number in [0, 1) for a row and a seed.</summary>
    public static double Fraction(ulong hash, long seed) => (Finish(hash ^ Finish((ulong)seed + ValueFactor)) >> 11) * (1.0 / (1L << 53));
}
