using MlSql.Models;
using MlSql.Training.Encoders;
using MlSql.Training.Kernels;
using MlSql.Training.Metrics;
using MlSql.Training.Rounds;

namespace MlSql.Training.Linear;

/// <summary>The mean loss, without penalty, of a linear structure on rows that did not train it.</summary>
internal static class EvalLoss
{
    public static double Of(LinearStructure structure, Design rows, BlockCrew crew, CancellationToken cancel)
    {
        double[] predictions = LinearPredictions.Of(structure, rows, crew, cancel);
        ExactSum loss = new(), weight = new();
        for (int block = 0; block < rows.Blocks; block++)
        {
            ReadOnlySpan<double> labels = rows.Labels(block), weights = rows.Weights(block), ofBlock = predictions.AsSpan(block * Rows.RowStore.BlockRows, labels.Length);
            for (int i = 0; i < labels.Length; i++)
            {
                double w = weights.IsEmpty ? 1 : weights[i];
                weight.Add(w);
                loss.Add(w * OfRow(structure.Link, labels[i], ofBlock[i]));
            }
        }
        return loss.Value / weight.Value;
    }

    private static double OfRow(Link link, double label, double prediction) => link == Link.Identity
        ? (label - prediction) * (label - prediction) / 2
        : -Elementary.Log(Math.Max(BinaryMetrics.Clip, label == 1 ? prediction : 1 - prediction));
}
