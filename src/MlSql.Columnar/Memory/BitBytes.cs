using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlSql.Columnar.Memory;

/// <summary>Between bits, least significant first, and bytes of 0 and 1.</summary>
internal static class BitBytes
{
    // The eight bytes of each byte of bits.
    private static readonly ulong[] _spread = Spreads();

    /// <summary>One byte a bit.</summary>
    public static void Spread(ReadOnlySpan<byte> bits, Span<byte> bytes)
    {
        int whole = bytes.Length / 8;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes[..(8 * whole)]);
        for (int i = 0; i < words.Length; i++) words[i] = _spread[bits[i]];
        for (int i = 8 * whole; i < bytes.Length; i++) bytes[i] = (byte)(bits[i >> 3] >> (i & 7) & 1);
    }

    /// <summary>One bit a byte: 1 for any byte but 0. Bits behind the last are 0.</summary>
    public static void Pack(ReadOnlySpan<byte> bytes, Span<byte> bits)
    {
        int at = 0;
        for (; at <= bytes.Length - 32; at += 32)
        {
            uint word = ~Vector256.Equals(Vector256.Create(bytes[at..]), Vector256<byte>.Zero).ExtractMostSignificantBits();
            MemoryMarshal.Write(bits[(at >> 3)..], word);
        }
        bits[(at >> 3)..((bytes.Length + 7) >> 3)].Clear();
        for (; at < bytes.Length; at++)
            if (bytes[at] != 0) bits[at >> 3] |= (byte)(1 << (at & 7));
    }

    private static ulong[] Spreads()
    {
        ulong[] spreads = new ulong[256];
        for (int bits = 0; bits < 256; bits++)
            for (int bit = 0; bit < 8; bit++) spreads[bits] |= (ulong)(bits >> bit & 1) << (8 * bit);
        return spreads;
    }
}
