using System.Collections.Immutable;
using MlSql.Training.Kernels;

namespace MlSql.Training.Metrics;

/// <summary>Metrics of a regression, weighted.</summary>
internal static class RegressionMetrics
{
    /// <summary><paramref name="weights"/> is empty when every row weighs 1. Metrics that divide by nothing, and logarithms of numbers of at most -1, are null.</summary>
    public static ImmutableArray<Metric> Of(ReadOnlySpan<double> predictions, ReadOnlySpan<double> labels, ReadOnlySpan<double> weights)
    {
        ExactSum total = new(), absolute = new(), squared = new(), squaredLog = new(), labelSum = new(), errorSum = new();
        double[] sizes = new double[labels.Length];
        bool hasLog = true;
        for (int i = 0; i < labels.Length; i++)
        {
            double weight = weights.IsEmpty ? 1 : weights[i], error = labels[i] - predictions[i];
            sizes[i] = Math.Abs(error);
            total.Add(weight);
            absolute.Add(weight * sizes[i]);
            squared.Add(weight * error * error);
            labelSum.Add(weight * labels[i]);
            errorSum.Add(weight * error);
            hasLog &= labels[i] > -1 && predictions[i] > -1;
            if (!hasLog) continue;
            double logError = Elementary.Log1P(labels[i]) - Elementary.Log1P(predictions[i]);
            squaredLog.Add(weight * logError * logError);
        }
        double all = total.Value, labelMean = labelSum.Value / all, errorMean = errorSum.Value / all;
        ExactSum spread = new(), errorSpread = new();
        for (int i = 0; i < labels.Length; i++)
        {
            double weight = weights.IsEmpty ? 1 : weights[i], label = labels[i] - labelMean, error = labels[i] - predictions[i] - errorMean;
            spread.Add(weight * label * label);
            errorSpread.Add(weight * error * error);
        }
        bool constant = IsConstant(labels, weights);
        return
        [
            new("mean_absolute_error", Ratio(absolute.Value, all)),
            new("mean_squared_error", Ratio(squared.Value, all)),
            new("mean_squared_log_error", hasLog ? Ratio(squaredLog.Value, all) : null),
            new("median_absolute_error", Median(sizes, weights, all)),
            new("r2_score", constant ? null : 1 - squared.Value / spread.Value),
            new("explained_variance", constant ? null : 1 - errorSpread.Value / spread.Value),
        ];
    }

    // The first size whose weights from below pass half of all; where they meet the half exactly, the mean with the next one. For equal weights the usual median.
    private static double? Median(double[] sizes, ReadOnlySpan<double> weights, double all)
    {
        if (!(all > 0)) return null;
        int[] order = ScoreOrder.Of(sizes);
        ExactSum below = new();
        double? half = null;
        foreach (int row in order)
        {
            double weight = weights.IsEmpty ? 1 : weights[row];
            if (weight == 0) continue;
            if (half is { } first) return (first + sizes[row]) / 2;
            below.Add(weight);
            if (2 * below.Value > all) return sizes[row];
            if (2 * below.Value == all) half = sizes[row];
        }
        return half ?? sizes[order[^1]];
    }

    private static bool IsConstant(ReadOnlySpan<double> labels, ReadOnlySpan<double> weights)
    {
        double? first = null;
        for (int i = 0; i < labels.Length; i++)
        {
            if (!weights.IsEmpty && weights[i] == 0) continue;
            if (first is { } value && value != labels[i]) return false;
            first = labels[i];
        }
        return true;
    }

    private static double? Ratio(double part, double whole) => whole == 0 ? null : part / whole;
}
