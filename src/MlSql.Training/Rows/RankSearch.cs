using System.Numerics;
using MlSql.Training.Kernels;

namespace MlSql.Training.Rows;

/// <summary>Finds values by their rank in a column that lies in blocks, NaN left out, without sorting or copying it.</summary>
/// <param name="blocks">Blocks of the column.</param>
/// <param name="read">Gives the values of a block; they are used before the next one is read.</param>
/// <param name="cancel">Looked at once a block.</param>
internal sealed class RankSearch<T>(int blocks, RankSearch<T>.BlockReader read, CancellationToken cancel) where T : unmanaged, INumber<T>
{
    // With 8,000 sampled values of a million, four standard deviations of the middle's rank bracket 4.5 % of the values.
    private const int SampledOfBlock = 64;

    /// <summary>The values of a block.</summary>
    public delegate ReadOnlySpan<T> BlockReader(int block);

    /// <summary>
    /// The value of a rank among <paramref name="count"/>, 0 the least. A sample says between which values it lies nearly always; one pass gathers what lies between them,
    /// and selection among that is exact.
    /// </summary>
    public T At(long rank, long count)
    {
        long upToLow = 0;
        T[] sample = Sample();
        int middle = (int)(rank * (double)sample.Length / count), margin = (int)(2 * Math.Sqrt(sample.Length)) + 1;
        T low = RankSelection.Select(sample.AsSpan(), Math.Max(0, middle - margin));
        T high = RankSelection.Select(sample.AsSpan(), Math.Min(sample.Length - 1, middle + margin));
        T[] inside = new T[2 * RowStore.BlockRows];
        int used = 0;
        // Where the sample misled, radix selection keeps nothing.
        long most = Math.Min(Array.MaxLength - RowStore.BlockRows, Math.Max(RowStore.BlockRows, count / 5));
        for (int block = 0; block < blocks && used <= most; block++)
        {
            cancel.ThrowIfCancellationRequested();
            ReadOnlySpan<T> values = read(block);
            if (used + values.Length > inside.Length) Array.Resize(ref inside, Math.Max(used + values.Length, 2 * inside.Length));
            used = RankSelection.Partition(values, low, high, inside, used, ref upToLow);
        }
        return used <= most && rank >= upToLow && rank < upToLow + used ? RankSelection.Select(inside.AsSpan(0, used), (int)(rank - upToLow))
            : IsAt(low, rank) ? low : IsAt(high, rank) ? high : RadixSelect(rank);
    }

    private bool IsAt(T value, long rank)
    {
        long below = 0, upTo = 0;
        for (int block = 0; block < blocks; block++)
        {
            cancel.ThrowIfCancellationRequested();
            (long less, long notMore) = RankSelection.Count(read(block), value);
            below += less;
            upTo += notMore;
        }
        return below <= rank && rank < upTo;
    }

    private T[] Sample()
    {
        List<T> sample = new(blocks * SampledOfBlock + RowStore.BlockRows);
        for (int share = SampledOfBlock; sample.Count == 0; share = RowStore.BlockRows)
        {
            for (int block = 0; block < blocks; block++)
            {
                ReadOnlySpan<T> values = read(block);
                int stride = Math.Max(1, values.Length / share);
                for (int row = 0; row < values.Length; row += stride)
                    if (!T.IsNaN(values[row])) sample.Add(values[row]);
            }
        }
        return [.. sample];
    }

    // Radix selection, 16 bits of the ordered bits a pass: reads the column twice for FLOAT, four times for DOUBLE, and keeps nothing of it.
    private T RadixSelect(long rank)
    {
        int keyBits = typeof(T) == typeof(float) ? 32 : 64;
        ulong prefix = 0;
        for (int shift = keyBits - 16; shift >= 0; shift -= 16)
        {
            long[] histogram = new long[1 << 16];
            for (int block = 0; block < blocks; block++)
            {
                cancel.ThrowIfCancellationRequested();
                foreach (T value in read(block))
                {
                    if (T.IsNaN(value)) continue;
                    ulong key = Key(value);
                    if (shift == keyBits - 16 || key >> (shift + 16) == prefix) histogram[(ushort)(key >> shift)]++;
                }
            }
            int digit = 0;
            while (rank >= histogram[digit]) rank -= histogram[digit++];
            prefix = (prefix << 16) | (uint)digit;
        }
        return Value(prefix);
    }

    // Bits whose unsigned order is the order of the numbers.
    private static ulong Key(T value)
    {
        if (typeof(T) == typeof(float))
        {
            uint single = BitConverter.SingleToUInt32Bits((float)(object)value);
            return (int)single < 0 ? ~single : single | (1U << 31);
        }
        ulong bits = BitConverter.DoubleToUInt64Bits((double)(object)value);
        return (long)bits < 0 ? ~bits : bits | (1UL << 63);
    }

    private static T Value(ulong key)
    {
        if (typeof(T) == typeof(float)) return (T)(object)BitConverter.UInt32BitsToSingle((int)key < 0 ? (uint)key & ~(1U << 31) : ~(uint)key);
        return (T)(object)BitConverter.UInt64BitsToDouble((long)key < 0 ? key & ~(1UL << 63) : ~key);
    }
}
