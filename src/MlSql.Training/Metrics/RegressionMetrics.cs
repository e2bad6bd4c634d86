using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using MlSql.Training.Kernels;
using MlSql.Training.Rounds;
using MlSql.Training.Rows;

namespace MlSql.Training.Metrics;

/// <summary>Metrics of a regression, weighted. Blocks are summed on any thread and merged in order: the same bits for any number of threads.</summary>
internal static class RegressionMetrics
{
    private const int TileRows = 1_024;

    /// <summary><paramref name="weights"/> is empty when every row weighs 1. Metrics that divide by nothing, and logarithms of numbers of at most -1, are null.</summary>
    public static ImmutableArray<Metric> Of(ReadOnlyMemory<double> predictions, ReadOnlyMemory<double> labels, ReadOnlyMemory<double> weights, BlockCrew crew, CancellationToken cancel)
    {
        int rows = labels.Length, blocks = (rows + RowStore.BlockRows - 1) / RowStore.BlockRows;
        double[] sizes = GC.AllocateUninitializedArray<double>(rows);
        Sums[] ofBlocks = new Sums[blocks];
        crew.Run(blocks, block =>
        {
            int start = block * RowStore.BlockRows, count = Math.Min(RowStore.BlockRows, rows - start);
            Sums sums = new();
            sums.Add(predictions.Span.Slice(start, count), labels.Span.Slice(start, count), weights.IsEmpty ? [] : weights.Span.Slice(start, count), sizes.AsSpan(start, count));
            ofBlocks[block] = sums;
        }, cancel);
        Sums total = new();
        foreach (Sums block in ofBlocks) total.Merge(block);

        double all = total.Weight.Value, squared = total.Squared.Value;
        bool constant = !(total.Labels.Least < total.Labels.Most);
        return
        [
            new("mean_absolute_error", Ratio(total.Absolute.Value, all)),
            new("mean_squared_error", Ratio(squared, all)),
            new("mean_squared_log_error", total.HasLog ? Ratio(total.SquaredLog.Value, all) : null),
            new("median_absolute_error", weights.IsEmpty ? Median(sizes, blocks, cancel) : WeightedMedian.Of(sizes, weights.Span)),
            new("r2_score", constant ? null : 1 - squared / total.Labels.Squares),
            new("explained_variance", constant ? null : 1 - total.Errors.Squares / total.Labels.Squares),
        ];
    }

    private static double? Median(double[] values, int blocks, CancellationToken cancel)
    {
        int count = values.Length;
        if (count == 0) return null;
        RankSearch<double> search = new(blocks, block => values.AsSpan(block * RowStore.BlockRows, Math.Min(RowStore.BlockRows, count - block * RowStore.BlockRows)), cancel);
        double lower = search.At((count - 1) / 2, count);
        return count % 2 == 1 ? lower : (lower + search.At(count / 2, count)) / 2;
    }

    private static double? Ratio(double part, double whole) => whole == 0 ? null : part / whole;

    private sealed class Sums
    {
        public ExactSum Weight;
        public ExactSum Absolute;
        public ExactSum Squared;
        public ExactSum SquaredLog;
        public Moments Labels = new();
        public Moments Errors = new();

        public bool HasLog { get; private set; } = true;

        public void Merge(Sums other)
        {
            Weight.Add(other.Weight);
            Absolute.Add(other.Absolute);
            Squared.Add(other.Squared);
            SquaredLog.Add(other.SquaredLog);
            Labels.Merge(other.Labels);
            Errors.Merge(other.Errors);
            HasLog &= other.HasLog;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Add(ReadOnlySpan<double> predictions, ReadOnlySpan<double> labels, ReadOnlySpan<double> weights, Span<double> sizes)
        {
            Span<double> errors = stackalloc double[TileRows], logs = stackalloc double[TileRows];
            for (int start = 0; start < labels.Length; start += TileRows)
            {
                int count = Math.Min(TileRows, labels.Length - start);
                ReadOnlySpan<double> tileWeights = weights.IsEmpty ? [] : weights.Slice(start, count), tileLabels = labels.Slice(start, count), tilePredictions = predictions.Slice(start, count);
                Span<double> tileErrors = errors[..count], tileSizes = sizes.Slice(start, count);
                bool hasLog = true;
                for (int i = 0; i < tileErrors.Length; i++)
                {
                    double label = tileLabels[i], prediction = tilePredictions[i], error = label - prediction;
                    tileErrors[i] = error;
                    tileSizes[i] = Math.Abs(error);
                    hasLog &= Math.Min(label, prediction) > -1;
                }
                Weight.Add(tileWeights.IsEmpty ? count : VectorMath.Sum(tileWeights));
                Absolute.Add(tileWeights.IsEmpty ? VectorMath.Sum(tileSizes) : VectorMath.Dot(tileSizes, tileWeights));
                Squared.Add(Squares(tileErrors, tileWeights));
                Labels.Merge(Moments.Of(tileLabels, tileWeights));
                Errors.Merge(Moments.Of(tileErrors, tileWeights));
                HasLog &= hasLog;
                if (HasLog) AddLogs(tilePredictions, tileLabels, tileWeights, errors[..count], logs[..count]);
            }
        }

        private void AddLogs(ReadOnlySpan<double> predictions, ReadOnlySpan<double> labels, ReadOnlySpan<double> weights, Span<double> logs, Span<double> others)
        {
            labels.CopyTo(logs);
            predictions.CopyTo(others);
            Elementary.Log1P(logs);
            Elementary.Log1P(others);
            VectorMath.AddScaled(logs, others, -1);
            SquaredLog.Add(Squares(logs, weights));
        }

        private static double Squares(ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
        {
            if (weights.IsEmpty) return VectorMath.Dot(values, values);
            double sum = 0;
            for (int i = 0; i < values.Length; i++) sum = Math.FusedMultiplyAdd(weights[i] * values[i], values[i], sum);
            return sum;
        }
    }
}
