using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using MlSql.Training.Kernels;
using MlSql.Training.Rounds;
using MlSql.Training.Rows;

namespace MlSql.Training.Metrics;

/// <summary>
/// Metrics of a classifier of any number of classes, weighted: macro averages of precision, recall and F1 over the classes that some row has or gets, and the mean of each class's area under the ROC curve
/// against all others (Hand and Till 2001, "one against the rest"). The largest probability says the class, of equal ones the first.
/// Blocks are summed on any thread and merged in order: the same bits for any number of threads.
/// </summary>
internal static class MulticlassMetrics
{
    private const int TileRows = 256;

    /// <summary>Takes all probabilities of the first class, then all of the second, and so on: [classes, rows]. Else as <see cref="Of(ReadOnlyMemory{double}[], ReadOnlyMemory{double}, ReadOnlyMemory{double}, BlockCrew, CancellationToken)"/>.</summary>
    public static ImmutableArray<Metric> Of(ReadOnlyMemory<double> probabilities, int classes, ReadOnlyMemory<double> labels, ReadOnlyMemory<double> weights, BlockCrew crew, CancellationToken cancel)
    {
        if (probabilities.Length != (long)classes * labels.Length) throw new ArgumentException("A probability belongs to each class and row.", nameof(probabilities));
        var ofClasses = new ReadOnlyMemory<double>[classes];
        for (int c = 0; c < classes; c++) ofClasses[c] = probabilities.Slice(c * labels.Length, labels.Length);
        return Of(ofClasses, labels, weights, crew, cancel);
    }

    /// <summary>
    /// <paramref name="probabilities"/> has one piece a class, with a value a row; <paramref name="labels"/> are indexes of classes; <paramref name="weights"/> is empty when every row weighs 1.
    /// Null is what divides by nothing, and the area where a class has no row, or every one.
    /// </summary>
    public static ImmutableArray<Metric> Of(ReadOnlyMemory<double>[] probabilities, ReadOnlyMemory<double> labels, ReadOnlyMemory<double> weights, BlockCrew crew, CancellationToken cancel)
    {
        int rows = labels.Length, blocks = (rows + RowStore.BlockRows - 1) / RowStore.BlockRows;
        Sums[] ofBlocks = new Sums[blocks];
        crew.Run(blocks, block =>
        {
            int start = block * RowStore.BlockRows, count = Math.Min(RowStore.BlockRows, rows - start);
            Sums sums = new(probabilities.Length);
            sums.Add(probabilities, start, labels.Span.Slice(start, count), weights.IsEmpty ? [] : weights.Span.Slice(start, count));
            ofBlocks[block] = sums;
        }, cancel);
        Sums sum = new(probabilities.Length);
        foreach (Sums block in ofBlocks) sum.Merge(block);

        ExactSum precisions = new(), recalls = new(), f1 = new(), right = new(), total = new();
        int seen = 0;
        foreach (ref ClassSums c in sum.Classes.AsSpan())
        {
            double actual = c.Actual.Value, said = c.Said.Value;
            right.Add(c.Right);
            total.Add(c.Actual);
            if (actual + said == 0) continue;
            seen++;
            precisions.Add(said == 0 ? 0 : c.Right.Value / said);
            recalls.Add(actual == 0 ? 0 : c.Right.Value / actual);
            f1.Add(2 * c.Right.Value / (actual + said));
        }
        return
        [
            new("precision", Ratio(precisions.Value, seen)),
            new("recall", Ratio(recalls.Value, seen)),
            new("accuracy", Ratio(right.Value, total.Value)),
            new("f1_score", Ratio(f1.Value, seen)),
            new("log_loss", Ratio(sum.Loss.Value, total.Value)),
            new("roc_auc", Area(probabilities, labels, weights, sum, crew, cancel)),
        ];
    }

    private static double? Area(ReadOnlyMemory<double>[] probabilities, ReadOnlyMemory<double> labels, ReadOnlyMemory<double> weights, Sums sum, BlockCrew crew, CancellationToken cancel)
    {
        // Sorting is the dear part: what cannot have an area is not sorted.
        foreach (ref ClassSums c in sum.Classes.AsSpan())
            if (c.Actual.Value == 0) return null;
        ExactSum areas = new();
        for (int c = 0; c < probabilities.Length; c++)
        {
            cancel.ThrowIfCancellationRequested();
            if (RankArea.Of(probabilities[c], labels, c, weights, crew, cancel) is not { } area) return null;
            areas.Add(area);
        }
        return areas.Value / probabilities.Length;
    }

    private static double? Ratio(double part, double whole) => whole == 0 ? null : part / whole;

    // Weights of the rows of a class, of those that are said to be of it, and of those that are both.
    private struct ClassSums
    {
        public ExactSum Actual;
        public ExactSum Said;
        public ExactSum Right;
    }

    private sealed class Sums(int classes)
    {
        public readonly ClassSums[] Classes = new ClassSums[classes];
        public ExactSum Loss;

        public void Merge(Sums other)
        {
            for (int c = 0; c < Classes.Length; c++)
            {
                Classes[c].Actual.Add(other.Classes[c].Actual);
                Classes[c].Said.Add(other.Classes[c].Said);
                Classes[c].Right.Add(other.Classes[c].Right);
            }
            Loss.Add(other.Loss);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Add(ReadOnlyMemory<double>[] probabilities, int first, ReadOnlySpan<double> labels, ReadOnlySpan<double> weights)
        {
            Span<double> largest = stackalloc double[TileRows], logs = stackalloc double[TileRows];
            Span<int> said = stackalloc int[TileRows];
            for (int start = 0; start < labels.Length; start += TileRows)
            {
                ReadOnlySpan<double> tile = labels.Slice(start, Math.Min(TileRows, labels.Length - start));
                probabilities[0].Span.Slice(first + start, tile.Length).CopyTo(largest);
                said.Clear();
                for (int c = 1; c < probabilities.Length; c++)
                {
                    ReadOnlySpan<double> ofClass = probabilities[c].Span.Slice(first + start, tile.Length);
                    for (int i = 0; i < ofClass.Length; i++)
                        if (ofClass[i] > largest[i]) (largest[i], said[i]) = (ofClass[i], c);
                }
                for (int i = 0; i < tile.Length; i++)
                {
                    double weight = weights.IsEmpty ? 1 : weights[start + i];
                    int label = (int)tile[i];
                    logs[i] = Math.Min(1 - BinaryMetrics.Clip, Math.Max(BinaryMetrics.Clip, probabilities[label].Span[first + start + i]));
                    Classes[label].Actual.Add(weight);
                    Classes[said[i]].Said.Add(weight);
                    if (label == said[i]) Classes[label].Right.Add(weight);
                }
                Elementary.Log(logs[..tile.Length]);
                Loss.Add(weights.IsEmpty ? -VectorMath.Sum(logs[..tile.Length]) : -VectorMath.Dot(logs[..tile.Length], weights.Slice(start, tile.Length)));
            }
        }
    }
}
