using MlSql.Models;
using MlSql.Models.Featurizers;
using MlSql.Training.Encoders;
using MlSql.Training.Kernels;
using MlSql.Training.Rounds;

namespace MlSql.Training.Linear;

/// <summary>What a linear structure answers for the rows of a design: values, or probabilities of the positive class.</summary>
internal static class LinearPredictions
{
    public static double[] Of(LinearStructure structure, Design rows, BlockCrew crew, CancellationToken cancel)
    {
        DesignShape shape = rows.Shape;
        double[] weights = new double[shape.Columns];
        for (int i = 0; i < weights.Length; i++) weights[i] = structure.Weights[shape.EncodedIndex[i]];
        double[] predictions = GC.AllocateUninitializedArray<double>(checked((int)rows.Rows));
        crew.Run(rows.Blocks, block =>
        {
            Span<double> ofBlock = predictions.AsSpan(block * Rows.RowStore.BlockRows, rows.RowsOf(block));
            double[] scratch = new double[CalendarParts.Count * Design.TileRows];
            int[] codes = new int[Design.TileRows];
            ofBlock.Fill(structure.Intercept);
            for (int start = 0; start < ofBlock.Length; start += Design.TileRows)
            {
                cancel.ThrowIfCancellationRequested();
                Span<double> scores = ofBlock.Slice(start, Math.Min(Design.TileRows, ofBlock.Length - start));
                rows.AddDense(block, start, weights, scores, scratch);
                for (int group = 0; group < rows.Groups; group++)
                {
                    rows.ReadOneHot(group, block, start, scores.Length, codes);
                    for (int row = 0; row < scores.Length; row++)
                        if (codes[row] >= 0) scores[row] += weights[shape.Dense + codes[row]];
                }
                if (structure.Link == Link.Logistic) Elementary.Sigmoid(scores);
            }
        }, cancel);
        return predictions;
    }
}
