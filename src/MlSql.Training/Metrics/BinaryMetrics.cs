using System.Collections.Immutable;
using MlSql.Training.Kernels;

namespace MlSql.Training.Metrics;

/// <summary>Metrics of a binary classifier, weighted. The larger class is the positive one; a probability of at least the threshold says positive.</summary>
internal static class BinaryMetrics
{
    /// <summary>Probabilities are kept this far from 0 and 1 in the log loss.</summary>
    public const double Clip = 1e-15;

    private const int TileRows = 256;

    /// <summary><paramref name="labels"/> are 0 or 1; <paramref name="weights"/> is empty when every row weighs 1. Metrics that divide by nothing are null.</summary>
    public static ImmutableArray<Metric> Of(ReadOnlySpan<double> probabilities, ReadOnlySpan<double> labels, ReadOnlySpan<double> weights, double threshold)
    {
        ExactSum truePositives = new(), falsePositives = new(), falseNegatives = new(), all = new(), loss = new();
        double[] logs = new double[TileRows];
        Span<double> said = stackalloc double[4];
        for (int start = 0; start < probabilities.Length; start += TileRows)
        {
            int count = Math.Min(TileRows, probabilities.Length - start);
            said.Clear();
            for (int i = 0; i < count; i++)
            {
                double p = probabilities[start + i];
                bool positive = labels[start + i] == 1;
                said[(positive ? 2 : 0) + (p >= threshold ? 1 : 0)] += weights.IsEmpty ? 1 : weights[start + i];
                logs[i] = Math.Min(1 - Clip, Math.Max(Clip, positive ? p : 1 - p));
            }
            Span<double> tile = logs.AsSpan(0, count);
            Elementary.Log(tile);
            loss.Add(weights.IsEmpty ? -VectorMath.Sum(tile) : -VectorMath.Dot(tile, weights.Slice(start, count)));
            all.Add(said[0] + said[1] + said[2] + said[3]);
            falsePositives.Add(said[1]);
            falseNegatives.Add(said[2]);
            truePositives.Add(said[3]);
        }
        double tp = truePositives.Value, fp = falsePositives.Value, fn = falseNegatives.Value, total = all.Value;
        return
        [
            new("precision", Ratio(tp, tp + fp)),
            new("recall", Ratio(tp, tp + fn)),
            new("accuracy", Ratio(total - fp - fn, total)),
            new("f1_score", Ratio(2 * tp, 2 * tp + fp + fn)),
            new("log_loss", Ratio(loss.Value, total)),
            new("roc_auc", Auc(probabilities, labels, weights)),
        ];
    }

    // The share of pairs of a positive and a negative row that the scores order rightly, a tie counting half. Without weights the label itself is carried along.
    private static double? Auc(ReadOnlySpan<double> scores, ReadOnlySpan<double> labels, ReadOnlySpan<double> weights)
    {
        int[] carried = new int[scores.Length];
        for (int i = 0; i < carried.Length; i++) carried[i] = weights.IsEmpty ? (int)labels[i] : i;
        (ulong[] keys, carried) = ScoreOrder.Sort(scores, carried);
        ExactSum right = new(), negatives = new(), positives = new();
        for (int i = 0; i < keys.Length;)
        {
            ulong key = keys[i];
            double tiedNegatives = 0, tiedPositives = 0;
            for (; i < keys.Length && keys[i] == key; i++)
            {
                double weight = weights.IsEmpty ? 1 : weights[carried[i]];
                if ((weights.IsEmpty ? carried[i] : labels[carried[i]]) == 1) tiedPositives += weight;
                else tiedNegatives += weight;
            }
            if (tiedPositives != 0) right.Add(tiedPositives * (negatives.Value + tiedNegatives / 2));
            negatives.Add(tiedNegatives);
            positives.Add(tiedPositives);
        }
        return Ratio(right.Value, positives.Value * negatives.Value);
    }

    private static double? Ratio(double part, double whole) => whole == 0 ? null : part / whole;
}
