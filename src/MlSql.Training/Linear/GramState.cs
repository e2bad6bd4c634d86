using MlSql.Training.Encoders;
using MlSql.Training.Kernels;
using MlSql.Training.Rounds;

namespace MlSql.Training.Linear;

/// <summary>Products of all columns and the centred label: all that least squares needs of the rows, in one pass.</summary>
internal sealed class GramState(TrainerPlan plan) : ITrainerState
{
    private readonly double[] _roots = new double[Design.TileRows];
    private int[] _codes = [];

    public GramSums Sums { get; } = new(plan.Shape, withLabel: true);

    public void Begin(ReadOnlySpan<byte> broadcast) => Sums.Clear();

    public void Accumulate(Design rows, int block, CancellationToken cancel)
    {
        if (_codes.Length != rows.Groups * Design.TileRows) _codes = new int[rows.Groups * Design.TileRows];
        int blockRows = rows.RowsOf(block), dense = plan.Shape.Dense;
        for (int start = 0; start < blockRows; start += Design.TileRows)
        {
            cancel.ThrowIfCancellationRequested();
            int count = Math.Min(Design.TileRows, blockRows - start);
            rows.ReadDense(block, start, count, Sums.Tile);
            Span<double> ones = Sums.Tile.AsSpan(dense * Design.TileRows, Design.TileRows), labels = Sums.Tile.AsSpan((dense + 1) * Design.TileRows, Design.TileRows);
            ones[..count].Fill(1);
            ones[count..].Clear();
            ReadOnlySpan<double> source = rows.Labels(block).Slice(start, count);
            for (int i = 0; i < count; i++) labels[i] = source[i] - plan.LabelMean;
            labels[count..].Clear();
            ReadOnlySpan<double> weights = rows.IsWeighted ? rows.Weights(block).Slice(start, count) : [];
            for (int i = 0; i < weights.Length; i++) _roots[i] = Math.Sqrt(weights[i]);
            for (int group = 0; group < rows.Groups; group++) rows.ReadOneHot(group, block, start, count, _codes.AsSpan(group * Design.TileRows));
            Sums.AddTile(count, weights, rows.IsWeighted ? _roots : [], _codes, rows.Groups);
        }
        Sums.EndBlock();
    }

    public void Merge(ITrainerState other) => Sums.Merge(((GramState)other).Sums);

    public void Write(BinaryWriter into)
    {
        DoubleBytes.Write(into, Sums.High);
        DoubleBytes.Write(into, Sums.Low);
    }

    public void Read(BinaryReader from)
    {
        DoubleBytes.Read(from, Sums.High);
        DoubleBytes.Read(from, Sums.Low);
    }
}
