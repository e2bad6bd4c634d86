using MlSql.Training.Encoders;
using MlSql.Training.Kernels;
using MlSql.Training.Rounds;

namespace MlSql.Training.Linear;

/// <summary>Products of all columns and the centred label: all that least squares needs of the rows, in one pass.</summary>
internal sealed class GramState : ITrainerState
{
    private readonly TrainerPlan _plan;
    private readonly RowTile _tile;
    private readonly double[] _roots = new double[Design.TileRows];

    public GramState(TrainerPlan plan)
    {
        _plan = plan;
        Sums = new(plan.Shape, withLabel: true);
        _tile = new(plan.Shape, Sums.Tile);
    }

    public GramSums Sums { get; }

    public void Begin(ReadOnlySpan<byte> broadcast) => Sums.Clear();

    public void Accumulate(Design rows, int block, CancellationToken cancel)
    {
        int blockRows = rows.RowsOf(block), dense = _plan.Shape.Dense;
        for (int start = 0; start < blockRows; start += Design.TileRows)
        {
            cancel.ThrowIfCancellationRequested();
            _tile.Read(rows, block, start);
            Span<double> ones = Sums.Tile.Span.Slice(dense * Design.TileRows, _tile.Padded), labels = Sums.Tile.Span.Slice((dense + 1) * Design.TileRows, _tile.Padded);
            ones.Fill(1);
            ones[_tile.Count..].Clear();
            for (int row = 0; row < _tile.Count; row++) labels[row] = _tile.Labels[row] - _plan.LabelMean;
            labels[_tile.Count..].Clear();
            if (_tile.IsWeighted) VectorMath.Roots(_tile.Weights, _roots);
            Sums.AddTile(_tile, _tile.IsWeighted ? _tile.Weights : [], _roots);
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
