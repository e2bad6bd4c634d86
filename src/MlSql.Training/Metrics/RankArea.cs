using System.Runtime.CompilerServices;
using MlSql.Training.Rounds;

namespace MlSql.Training.Metrics;

/// <summary>Area under the ROC curve: the share of pairs of a positive and a negative row that the scores order rightly, a tie counting half.</summary>
internal static class RankArea
{
    // Equal steps of the probability: 30 rows each of a million, which sort within the first cache.
    private const int Buckets = 32_768;
    private const int BucketsOfPiece = 1_024;

    /// <summary>The area, with the label <paramref name="positive"/> against all others; null when one side weighs nothing.</summary>
    public static double? Of(ReadOnlyMemory<double> scores, ReadOnlyMemory<double> labels, double positive, ReadOnlyMemory<double> weights, BlockCrew crew, CancellationToken cancel)
    {
        int[] ends = new int[Buckets];
        return weights.IsEmpty && CountBuckets(scores.Span, ends) ? OfProbabilities(scores.Span, labels.Span, positive, ends, crew, cancel) : OfAny(scores.Span, labels.Span, positive, weights.Span);
    }

    // False when a score is no probability.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool CountBuckets(ReadOnlySpan<double> scores, int[] counts)
    {
        bool probabilities = true;
        foreach (double score in scores)
        {
            probabilities &= score >= 0 && score <= 1;
            counts[Bucket(score)]++;
        }
        return probabilities;
    }

    private static double? OfProbabilities(ReadOnlySpan<double> scores, ReadOnlySpan<double> labels, double positive, int[] ends, BlockCrew crew, CancellationToken cancel)
    {
        ulong[] keys = Scatter(scores, labels, positive, ends);
        var pieces = new Counts[Buckets / BucketsOfPiece];
        crew.Run(pieces.Length, piece =>
        {
            Counts counts = default;
            for (int bucket = piece * BucketsOfPiece; bucket < (piece + 1) * BucketsOfPiece; bucket++)
            {
                cancel.ThrowIfCancellationRequested();
                Span<ulong> ofBucket = keys.AsSpan((bucket == 0 ? 0 : ends[bucket - 1])..ends[bucket]);
                ofBucket.Sort();
                AddSorted(ofBucket, ref counts);
            }
            pieces[piece] = counts;
        }, cancel);
        // Whole numbers and halves: exact whatever the order, up to 2^53 pairs.
        ExactSum right = new();
        double negatives = 0, positives = 0;
        foreach (Counts piece in pieces)
        {
            right.Add(piece.Right);
            right.Add((double)piece.Positives * negatives);
            negatives += piece.Negatives;
            positives += piece.Positives;
        }
        return positives == 0 || negatives == 0 ? null : right.Value / (positives * negatives);
    }

    // The bits of a number in [0, 1] leave two free above: they move up by one, and the label takes the last bit. Afterwards ends are where buckets end.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ulong[] Scatter(ReadOnlySpan<double> scores, ReadOnlySpan<double> labels, double positive, int[] ends)
    {
        ulong[] keys = GC.AllocateUninitializedArray<ulong>(scores.Length);
        int start = 0;
        foreach (ref int end in ends.AsSpan()) (end, start) = (start, start + end);
        for (int i = 0; i < scores.Length; i++)
            keys[ends[Bucket(scores[i])]++] = (BitConverter.DoubleToUInt64Bits(scores[i] + 0.0) << 1) | (labels[i] == positive ? 1UL : 0);
        return keys;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddSorted(ReadOnlySpan<ulong> keys, ref Counts counts)
    {
        for (int i = 0; i < keys.Length;)
        {
            ulong score = keys[i] >> 1;
            long tiedNegatives = 0, tiedPositives = 0;
            for (; i < keys.Length && keys[i] >> 1 == score; i++)
            {
                tiedPositives += (long)(keys[i] & 1);
                tiedNegatives += (long)(~keys[i] & 1);
            }
            counts.Right += tiedPositives * (counts.Negatives + tiedNegatives / 2.0);
            counts.Negatives += tiedNegatives;
            counts.Positives += tiedPositives;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Bucket(double score) => Math.Clamp((int)(score * Buckets), 0, Buckets - 1);

    private static double? OfAny(ReadOnlySpan<double> scores, ReadOnlySpan<double> labels, double positive, ReadOnlySpan<double> weights)
    {
        int[] carried = new int[scores.Length];
        for (int i = 0; i < carried.Length; i++) carried[i] = i;
        (ulong[] keys, carried) = ScoreOrder.Sort(scores, carried);
        ExactSum right = new(), negatives = new(), positives = new();
        for (int i = 0; i < keys.Length;)
        {
            ulong key = keys[i];
            double tiedNegatives = 0, tiedPositives = 0;
            for (; i < keys.Length && keys[i] == key; i++)
            {
                double weight = weights.IsEmpty ? 1 : weights[carried[i]];
                if (labels[carried[i]] == positive) tiedPositives += weight;
                else tiedNegatives += weight;
            }
            if (tiedPositives != 0) right.Add(tiedPositives * (negatives.Value + tiedNegatives / 2));
            negatives.Add(tiedNegatives);
            positives.Add(tiedPositives);
        }
        double pairs = positives.Value * negatives.Value;
        return pairs == 0 ? null : right.Value / pairs;
    }

    private struct Counts
    {
        public double Right;
        public long Negatives;
        public long Positives;
    }
}
