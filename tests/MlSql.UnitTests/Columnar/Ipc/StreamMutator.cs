using System.Buffers.Binary;

namespace MlSql.UnitTests.Columnar.Ipc;

/// <summary>Spoils Arrow streams: anywhere, or in the numbers of the metadata, which is where the lies that matter are told.</summary>
internal static class StreamMutator
{
    private static readonly long[] _extremes = [0, 1, 2, 3, 4, 7, 8, 16, 63, 64, 127, 255, 256, 4096, 65_535, 1 << 20, int.MaxValue - 7, int.MaxValue, 1L << 31, uint.MaxValue, 1L << 32, 1L << 40, long.MaxValue - 7, long.MaxValue, -1, -8, int.MinValue, long.MinValue];

    public static byte[] Mutate(Random random, byte[] bytes, byte[] other)
    {
        for (int rounds = random.Next(3) > 0 ? 1 : random.Next(2, 5); rounds > 0 && bytes.Length > 0; rounds--) bytes = Once(random, bytes, other);
        return bytes;
    }

    private static byte[] Once(Random random, byte[] bytes, byte[] other)
    {
        int at = random.Next(bytes.Length);
        switch (random.Next(10))
        {
            case 0: return bytes[..at];
            case 1: return [.. bytes[..at], .. other[random.Next(other.Length)..]];
            case 2: return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 64))..]];
            case 3: return [.. bytes[..at], .. other[..random.Next(Math.Min(64, other.Length))], .. bytes[at..]];
            case 4 or 5:
                byte[] flipped = [.. bytes];
                for (int i = random.Next(1, 9); i > 0; i--) flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
                return flipped;
            default: return Number(random, bytes);
        }
    }

    // Numbers of the metadata lie at multiples of their width.
    private static byte[] Number(Random random, byte[] bytes)
    {
        byte[] changed = [.. bytes];
        int width = 1 << random.Next(4);
        if (changed.Length < width) return changed;
        int at = random.Next(changed.Length / width) * width;
        Span<byte> value = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(value, _extremes[random.Next(_extremes.Length)]);
        if (random.Next(3) == 0)
        {
            changed.AsSpan(at, width).CopyTo(value);
            BinaryPrimitives.WriteInt64LittleEndian(value, BinaryPrimitives.ReadInt64LittleEndian(value) + random.Next(-9, 10));
        }
        value[..width].CopyTo(changed.AsSpan(at));
        return changed;
    }
}
