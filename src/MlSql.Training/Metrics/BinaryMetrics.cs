using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using MlSql.Training.Kernels;
using MlSql.Training.Rounds;
using MlSql.Training.Rows;

namespace MlSql.Training.Metrics;

/// <summary>
/// Metrics of a binary classifier, weighted. The larger class is the positive one; a probability of at least the threshold says positive.
/// Blocks are summed on any thread and merged in order: the same bits for any number of threads.
/// </summary>
internal static class BinaryMetrics
{
    /// <summary>Probabilities are kept this far from 0 and 1 in the log loss.</summary>
    public const double Clip = 1e-15;

    private const int TileRows = 256;

    /// <summary><paramref name="labels"/> are 0 or 1; <paramref name="weights"/> is empty when every row weighs 1. Metrics that divide by nothing are null.</summary>
    public static ImmutableArray<Metric> Of(
        ReadOnlyMemory<double> probabilities, ReadOnlyMemory<double> labels, ReadOnlyMemory<double> weights, double threshold, BlockCrew crew, CancellationToken cancel)
    {
        int rows = labels.Length, blocks = (rows + RowStore.BlockRows - 1) / RowStore.BlockRows;
        Sums[] ofBlocks = new Sums[blocks];
        crew.Run(blocks, block =>
        {
            int start = block * RowStore.BlockRows, count = Math.Min(RowStore.BlockRows, rows - start);
            Sums sums = new();
            sums.Add(probabilities.Span.Slice(start, count), labels.Span.Slice(start, count), weights.IsEmpty ? [] : weights.Span.Slice(start, count), threshold);
            ofBlocks[block] = sums;
        }, cancel);
        Sums sum = new();
        foreach (Sums block in ofBlocks) sum.Merge(block);
        double tp = sum.TruePositives.Value, fp = sum.FalsePositives.Value, fn = sum.FalseNegatives.Value, total = sum.All.Value;
        return
        [
            new("precision", Ratio(tp, tp + fp)),
            new("recall", Ratio(tp, tp + fn)),
            new("accuracy", Ratio(total - fp - fn, total)),
            new("f1_score", Ratio(2 * tp, 2 * tp + fp + fn)),
            new("log_loss", Ratio(sum.Loss.Value, total)),
            new("roc_auc", RankArea.Of(probabilities, labels, positive: 1, weights, crew, cancel)),
        ];
    }

    private static double? Ratio(double part, double whole) => whole == 0 ? null : part / whole;

    private sealed class Sums
    {
        public ExactSum TruePositives;
        public ExactSum FalsePositives;
        public ExactSum FalseNegatives;
        public ExactSum All;
        public ExactSum Loss;

        public void Merge(Sums other)
        {
            TruePositives.Add(other.TruePositives);
            FalsePositives.Add(other.FalsePositives);
            FalseNegatives.Add(other.FalseNegatives);
            All.Add(other.All);
            Loss.Add(other.Loss);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Add(ReadOnlySpan<double> probabilities, ReadOnlySpan<double> labels, ReadOnlySpan<double> weights, double threshold)
        {
            Span<double> said = stackalloc double[4], logs = stackalloc double[TileRows];
            for (int start = 0; start < probabilities.Length; start += TileRows)
            {
                Span<double> tile = logs[..Math.Min(TileRows, probabilities.Length - start)];
                said.Clear();
                for (int i = 0; i < tile.Length; i++)
                {
                    double p = probabilities[start + i];
                    bool positive = labels[start + i] == 1;
                    said[(positive ? 2 : 0) + (p >= threshold ? 1 : 0)] += weights.IsEmpty ? 1 : weights[start + i];
                    logs[i] = Math.Min(1 - Clip, Math.Max(Clip, positive ? p : 1 - p));
                }
                Elementary.Log(tile);
                Loss.Add(weights.IsEmpty ? -VectorMath.Sum(tile) : -VectorMath.Dot(tile, weights.Slice(start, tile.Length)));
                All.Add(said[0] + said[1] + said[2] + said[3]);
                FalsePositives.Add(said[1]);
                FalseNegatives.Add(said[2]);
                TruePositives.Add(said[3]);
            }
        }
    }
}
