using System.Buffers;
using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Models.Trees;
using MlSql.Scoring.Featurizers;

namespace MlSql.Scoring.Trees;

/// <summary>Sums what the leaves of an ensemble hold, tree after tree; see <see cref="TreeWalk"/> for what that is to the bit.</summary>
internal sealed class TreeScorer : IScorer
{
    private readonly TreeStructure _ensemble;
    private readonly RowEncoder _encoder;

    public TreeScorer(Model model, TreeStructure ensemble)
    {
        (_ensemble, _encoder, Signature) = (ensemble, new(model), model.Signature);
        if (TreeCheck.FirstFault(ensemble, _encoder.Columns) is { } fault) throw ScoringErrors.Damaged(fault);
    }

    public ModelSignature Signature { get; }

    public int Outputs => _ensemble.Outputs;

    public void Score(ReadOnlySpan<ColumnView> features, Span<double> scores)
    {
        int rows = scores.Length / Outputs;
        FeatureColumns.Check(Signature, features, rows);
        double[] block = ArrayPool<double>.Shared.Rent(_encoder.Columns * RowEncoder.BlockRows), row = ArrayPool<double>.Shared.Rent(_encoder.Columns + Outputs);
        Span<double> values = row.AsSpan(0, _encoder.Columns), sums = row.AsSpan(_encoder.Columns, Outputs);
        try
        {
            for (int start = 0; start < rows; start += RowEncoder.BlockRows)
            {
                int count = Math.Min(RowEncoder.BlockRows, rows - start);
                _encoder.Encode(features, start, count, block);
                for (int i = 0; i < count; i++)
                {
                    RowEncoder.Row(block, i, values);
                    TreeWalk.Score(_ensemble, values, sums);
                    for (int output = 0; output < sums.Length; output++) scores[output * rows + start + i] = sums[output];
                }
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(block);
            ArrayPool<double>.Shared.Return(row);
        }
    }
}
