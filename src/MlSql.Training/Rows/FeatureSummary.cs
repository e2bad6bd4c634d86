using System.Collections.Immutable;
using MlSql.Models;
using MlSql.Models.Featurizers;
using MlSql.Training.Kernels;
using MlSql.Training.Rounds;

namespace MlSql.Training.Rows;

/// <summary>What the training rows hold in each feature column, unweighted; one piece of work a column.</summary>
internal static class FeatureSummary
{
    private const int MomentRows = 1_024;
    private const int SampledOfBlock = 32;

    // The margin around the sample's middle, as a share of the sample: 5 standard deviations of its rank for 2,500 sampled values.
    private const int MarginShare = 20;

    /// <summary>The statistics, in the order of the columns.</summary>
    public static ImmutableArray<FeatureStatistics> Of(RowStore store, BlockCrew crew, CancellationToken cancel)
    {
        var columns = store.Features;
        var statistics = new FeatureStatistics[columns.Count];
        crew.Run(columns.Count, i => statistics[i] = Of(columns[i], (int)RowPart.Train, cancel), cancel);
        return [.. statistics];
    }

    private static FeatureStatistics Of(FeatureColumn column, int part, CancellationToken cancel) => column switch
    {
        NumberFeatureColumn<float> c => Numbers(column.Leaf.Name, Blocks(c.Parts[part], static (from, into) => Widening.Widen(from, into), cancel), 32, cancel),
        NumberFeatureColumn<double> c => Numbers(column.Leaf.Name, Blocks(c.Parts[part], static (from, into) => from.CopyTo(into), cancel), 64, cancel),
        TimeFeatureColumn { IsDate: true } c => Numbers(column.Leaf.Name, Blocks(c.Parts[part], static (from, into) => Days(from, into, 1), cancel), 64, cancel),
        TimeFeatureColumn c => Numbers(column.Leaf.Name, Blocks(c.Parts[part], static (from, into) => Days(from, into, CalendarParts.MicrosecondsPerDay), cancel), 64, cancel),
        TextFeatureColumn c => Texts(c, part),
        ListFeatureColumn c => new FeatureStatistics(column.Leaf.Name, null, null, null, null, null, null, c.Width > 0 ? Nulls(c.Positions[0][part]) : 0, Math.Max(0, c.Width)),
        _ => throw new System.Diagnostics.UnreachableException(column.GetType().Name),
    };

    private delegate void Reader<T>(ReadOnlySpan<T> from, Span<double> into);

    private delegate void Scan(Action<double[], int> block);

    // The column block by block as doubles, any number of times.
    private static Scan Blocks<T>(ChunkedArray<T> column, Reader<T> read, CancellationToken cancel) where T : unmanaged
    {
        double[] buffer = new double[RowStore.BlockRows];
        return visit =>
        {
            for (int block = 0; block < column.Blocks; block++)
            {
                cancel.ThrowIfCancellationRequested();
                var values = column.Block(block);
                read(values, buffer);
                visit(buffer, values.Length);
            }
        };
    }

    private static FeatureStatistics Numbers(string name, Scan scan, int keyBits, CancellationToken cancel)
    {
        long all = 0;
        Moments moments = new();
        List<double> sample = [];
        scan((values, rows) =>
        {
            all += rows;
            for (int start = 0; start < rows; start += MomentRows) moments.Merge(Moments.Of(values.AsSpan(start, Math.Min(MomentRows, rows - start)), []));
            int stride = Math.Max(1, rows / SampledOfBlock);
            for (int row = 0; row < rows; row += stride)
                if (!double.IsNaN(values[row])) sample.Add(values[row]);
        });
        long count = (long)moments.Weight, nulls = all - count;
        cancel.ThrowIfCancellationRequested();
        return count == 0
            ? new FeatureStatistics(name, null, null, null, null, null, null, nulls, null)
            : new FeatureStatistics(name, moments.Least, moments.Most, moments.Mean, LowerMedian(scan, count, sample, keyBits), moments.Deviation, null, nulls, null);
    }

    // A sample says between which values the median lies nearly always; one pass gathers those, and selection among them is exact.
    private static double LowerMedian(Scan scan, long count, List<double> sample, int keyBits)
    {
        long rank = (count - 1) / 2;
        sample.Sort();
        int middle = sample.Count / 2, margin = sample.Count / MarginShare + 1;
        double low = sample[Math.Max(0, middle - margin)], high = sample[Math.Min(sample.Count - 1, middle + margin)];
        double[] inside = new double[RowStore.BlockRows];
        long below = 0;
        int used = 0;
        // A column of few distinct values would all be gathered; radix selection keeps nothing.
        long most = Math.Min(Array.MaxLength - RowStore.BlockRows, Math.Max(RowStore.BlockRows, count / 5));
        scan((values, rows) =>
        {
            if (used > most) return;
            if (used + rows > inside.Length) Array.Resize(ref inside, Math.Max(used + rows, 2 * inside.Length));
            (long less, used) = RankSelection.Partition(values.AsSpan(0, rows), low, high, inside, used);
            below += less;
        });
        return used <= most && rank >= below && rank < below + used ? RankSelection.Select(inside.AsSpan(0, used), (int)(rank - below)) : RadixSelect(scan, rank, keyBits);
    }

    // Radix selection, 16 bits of the ordered bits a pass: reads the column twice for FLOAT, four times for DOUBLE, and keeps nothing of it.
    private static double RadixSelect(Scan scan, long rank, int keyBits)
    {
        ulong prefix = 0;
        for (int shift = keyBits - 16; shift >= 0; shift -= 16)
        {
            long[] histogram = new long[1 << 16];
            ulong known = prefix;
            int s = shift;
            scan((values, rows) =>
            {
                for (int i = 0; i < rows; i++)
                {
                    if (double.IsNaN(values[i])) continue;
                    ulong key = keyBits == 32 ? Key((float)values[i]) : Key(values[i]);
                    if (s == keyBits - 16 || key >> (s + 16) == known) histogram[(ushort)(key >> s)]++;
                }
            });
            int digit = 0;
            while (rank >= histogram[digit]) rank -= histogram[digit++];
            prefix = (prefix << 16) | (uint)digit;
        }
        return keyBits == 32 ? Single((uint)prefix) : Double(prefix);
    }

    // Bits whose unsigned order is the order of the numbers.
    private static ulong Key(double value)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value);
        return (long)bits < 0 ? ~bits : bits | (1UL << 63);
    }

    private static uint Key(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return (int)bits < 0 ? ~bits : bits | (1U << 31);
    }

    private static double Double(ulong key) => BitConverter.UInt64BitsToDouble((long)key < 0 ? key & ~(1UL << 63) : ~key);

    private static double Single(uint key) => BitConverter.UInt32BitsToSingle((int)key < 0 ? key & ~(1U << 31) : ~key);

    private static FeatureStatistics Texts(TextFeatureColumn column, int part)
    {
        long nulls = 0;
        bool[] seen = new bool[column.Dictionary.Count];
        var codes = column.Parts[part];
        for (int block = 0; block < codes.Blocks; block++)
        {
            foreach (int code in codes.Block(block))
            {
                if (code < 0) nulls++;
                else seen[code] = true;
            }
        }
        return new FeatureStatistics(column.Leaf.Name, null, null, null, null, null, seen.LongCount(s => s), nulls, null);
    }

    private static long Nulls(ChunkedArray<double> column)
    {
        long nulls = 0;
        for (int block = 0; block < column.Blocks; block++)
            foreach (double value in column.Block(block)) nulls += double.IsNaN(value) ? 1 : 0;
        return nulls;
    }

    private static void Days(ReadOnlySpan<long> from, Span<double> into, long unitsPerDay)
    {
        for (int i = 0; i < from.Length; i++) into[i] = from[i] == TimeFeatureColumn.Null ? double.NaN : (double)from[i] / unitsPerDay;
    }
}
