using System.Collections.Immutable;
using MlSql.Training.Kernels;

namespace MlSql.Training.Metrics;

/// <summary>Metrics of a regression, weighted.</summary>
internal static class RegressionMetrics
{
    private const int TileRows = 256;

    /// <summary><paramref name="weights"/> is empty when every row weighs 1. Metrics that divide by nothing, and logarithms of numbers of at most -1, are null.</summary>
    public static ImmutableArray<Metric> Of(ReadOnlySpan<double> predictions, ReadOnlySpan<double> labels, ReadOnlySpan<double> weights)
    {
        ExactSum total = new(), absolute = new(), squared = new(), squaredLog = new(), labelSum = new(), errorSum = new();
        double[] sizes = new double[labels.Length], errors = new double[TileRows], logs = new double[TileRows], others = new double[TileRows];
        bool hasLog = true;
        for (int start = 0; start < labels.Length; start += TileRows)
        {
            int count = Math.Min(TileRows, labels.Length - start);
            ReadOnlySpan<double> tileWeights = weights.IsEmpty ? [] : weights.Slice(start, count);
            Span<double> tileErrors = errors.AsSpan(0, count), tileLogs = logs.AsSpan(0, count), tileOthers = others.AsSpan(0, count);
            for (int i = 0; i < count; i++)
            {
                double label = labels[start + i], prediction = predictions[start + i];
                errors[i] = label - prediction;
                sizes[start + i] = Math.Abs(errors[i]);
                hasLog &= label > -1 && prediction > -1;
                logs[i] = label;
                others[i] = prediction;
            }
            total.Add(tileWeights.IsEmpty ? count : VectorMath.Sum(tileWeights));
            absolute.Add(Sum(sizes.AsSpan(start, count), tileWeights));
            labelSum.Add(Sum(labels.Slice(start, count), tileWeights));
            errorSum.Add(Sum(tileErrors, tileWeights));
            squared.Add(Squares(tileErrors, tileWeights));
            if (!hasLog) continue;
            Elementary.Log1P(tileLogs);
            Elementary.Log1P(tileOthers);
            VectorMath.AddScaled(tileLogs, tileOthers, -1);
            squaredLog.Add(Squares(tileLogs, tileWeights));
        }
        double all = total.Value, labelMean = labelSum.Value / all, errorMean = errorSum.Value / all;
        ExactSum spread = new(), errorSpread = new();
        for (int start = 0; start < labels.Length; start += TileRows)
        {
            int count = Math.Min(TileRows, labels.Length - start);
            ReadOnlySpan<double> tileWeights = weights.IsEmpty ? [] : weights.Slice(start, count);
            for (int i = 0; i < count; i++)
            {
                logs[i] = labels[start + i] - labelMean;
                errors[i] = labels[start + i] - predictions[start + i] - errorMean;
            }
            spread.Add(Squares(logs.AsSpan(0, count), tileWeights));
            errorSpread.Add(Squares(errors.AsSpan(0, count), tileWeights));
        }
        bool constant = IsConstant(labels, weights);
        return
        [
            new("mean_absolute_error", Ratio(absolute.Value, all)),
            new("mean_squared_error", Ratio(squared.Value, all)),
            new("mean_squared_log_error", hasLog ? Ratio(squaredLog.Value, all) : null),
            new("median_absolute_error", WeightedMedian.Of(sizes, weights)),
            new("r2_score", constant ? null : 1 - squared.Value / spread.Value),
            new("explained_variance", constant ? null : 1 - errorSpread.Value / spread.Value),
        ];
    }

    private static double Sum(ReadOnlySpan<double> values, ReadOnlySpan<double> weights) => weights.IsEmpty ? VectorMath.Sum(values) : VectorMath.Dot(values, weights);

    private static double Squares(Span<double> values, ReadOnlySpan<double> weights)
    {
        if (weights.IsEmpty) return VectorMath.Dot(values, values);
        double sum = 0;
        for (int i = 0; i < values.Length; i++) sum = Math.FusedMultiplyAdd(weights[i] * values[i], values[i], sum);
        return sum;
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
