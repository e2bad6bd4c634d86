using System.Collections.Immutable;
using MlSql.Training.Kernels;

namespace MlSql.Training.Metrics;

/// <summary>Metrics of a binary classifier, weighted. The larger class is the positive one; a probability of at least the threshold says positive.</summary>
internal static class BinaryMetrics
{
    /// <summary>Probabilities are kept this far from 0 and 1 in the log loss.</summary>
    public const double Clip = 1e-15;

    /// <summary><paramref name="labels"/> are 0 or 1; <paramref name="weights"/> is empty when every row weighs 1. Metrics that divide by nothing are null.</summary>
    public static ImmutableArray<Metric> Of(ReadOnlySpan<double> probabilities, ReadOnlySpan<double> labels, ReadOnlySpan<double> weights, double threshold)
    {
        ExactSum truePositives = new(), falsePositives = new(), falseNegatives = new(), all = new(), loss = new();
        for (int i = 0; i < probabilities.Length; i++)
        {
            double p = probabilities[i], weight = weights.IsEmpty ? 1 : weights[i];
            bool positive = labels[i] == 1, said = p >= threshold;
            all.Add(weight);
            if (positive && said) truePositives.Add(weight);
            else if (said) falsePositives.Add(weight);
            else if (positive) falseNegatives.Add(weight);
            double clipped = Math.Min(1 - Clip, Math.Max(Clip, p));
            loss.Add(-weight * (positive ? Elementary.Log(clipped) : Elementary.Log(1 - clipped)));
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

    // The share of pairs of a positive and a negative row that the scores order rightly, a tie counting half.
    private static double? Auc(ReadOnlySpan<double> scores, ReadOnlySpan<double> labels, ReadOnlySpan<double> weights)
    {
        int[] order = ScoreOrder.Of(scores);
        ExactSum right = new(), negatives = new(), positives = new();
        for (int i = 0; i < order.Length;)
        {
            double score = scores[order[i]];
            ExactSum tiedNegatives = new(), tiedPositives = new();
            for (; i < order.Length && scores[order[i]] == score; i++)
            {
                double weight = weights.IsEmpty ? 1 : weights[order[i]];
                if (labels[order[i]] == 1) tiedPositives.Add(weight);
                else tiedNegatives.Add(weight);
            }
            right.Add(tiedPositives.Value * (negatives.Value + tiedNegatives.Value / 2));
            negatives.Add(tiedNegatives.Value);
            positives.Add(tiedPositives.Value);
        }
        return Ratio(right.Value, positives.Value * negatives.Value);
    }

    private static double? Ratio(double part, double whole) => whole == 0 ? null : part / whole;
}
