using System.Buffers;
using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Models.Trees;

namespace MlSql.Scoring.Trees;

/// <summary>The leaves that rows fall into, and what each encoded column adds to their scores. Safe for any number of threads at once.</summary>
internal sealed class TreeDetails(Model model, TreeStructure ensemble)
{
    private readonly RowEncoder _encoder = new(model);

    /// <summary>Trees: leaves a row.</summary>
    public int Trees => ensemble.Trees.Length;

    /// <summary>Contributions a row.</summary>
    public int Contributions => ensemble.Outputs * (_encoder.Columns + 1);

    /// <summary>Writes the numbers of the leaves, row after row.</summary>
    public void WriteLeaves(ReadOnlySpan<ColumnView> features, int rows, Span<int> into) => ForEachRow(features, 0, rows, into, static (self, row, leaves, _) =>
    {
        for (int t = 0; t < leaves.Length; t++)
        {
            var tree = self.Ensemble.Trees[t];
            leaves[t] = tree.Leaves[TreeWalk.LeafOf(tree, self.Ensemble.Precision, row)].Number;
        }
    }, null);

    /// <summary>Writes the contributions of rows <paramref name="first"/> …, row after row; the ensemble must have <see cref="PredictionDetails.Contributions"/>.</summary>
    public void WriteContributions(ReadOnlySpan<ColumnView> features, int first, int rows, Span<double> into) =>
        ForEachRow(features, first, rows, into, static (_, row, contributions, explainer) => explainer!.Explain(row, contributions), TreeContributions.Of(ensemble, _encoder.Columns));

    private delegate void RowWriter<T>(TreeDetails self, ReadOnlySpan<double> row, Span<T> into, TreeContributions? explainer);

    private TreeStructure Ensemble => ensemble;

    private void ForEachRow<T>(ReadOnlySpan<ColumnView> features, int first, int rows, Span<T> into, RowWriter<T> write, TreeContributions? explainer)
    {
        int width = rows == 0 ? 0 : into.Length / rows;
        double[] block = ArrayPool<double>.Shared.Rent(_encoder.Columns * RowEncoder.BlockRows), row = ArrayPool<double>.Shared.Rent(_encoder.Columns);
        var values = row.AsSpan(0, _encoder.Columns);
        try
        {
            for (int start = 0; start < rows; start += RowEncoder.BlockRows)
            {
                int count = Math.Min(RowEncoder.BlockRows, rows - start);
                _encoder.Encode(features, first + start, count, block);
                for (int i = 0; i < count; i++)
                {
                    RowEncoder.Row(block, i, values);
                    write(this, values, into.Slice((start + i) * width, width), explainer);
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
