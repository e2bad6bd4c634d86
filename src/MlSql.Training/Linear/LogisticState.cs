using MlSql.Training.Encoders;
using MlSql.Training.Kernels;
using MlSql.Training.Rounds;

namespace MlSql.Training.Linear;

/// <summary>Loss, gradient and curvature of the log loss at the weights of the broadcast (weights in the design's order, then the intercept).</summary>
internal sealed class LogisticState : ITrainerState
{
    private readonly TrainerPlan _plan;
    private readonly RowTile _tile;
    private readonly double[] _point;
    private readonly double[] _block;
    private readonly double[] _scores = new double[Design.TileRows];
    private readonly double[] _residuals = new double[Design.TileRows];
    private readonly double[] _curvatures = new double[Design.TileRows];
    private readonly double[] _roots = new double[Design.TileRows];

    public LogisticState(TrainerPlan plan)
    {
        _plan = plan;
        Sums = new(plan.Shape, withLabel: false);
        _tile = new(plan.Shape, Sums.Tile);
        _point = new double[plan.Shape.Columns + 1];
        _block = new double[plan.Shape.Columns + 3];
        High = new double[_block.Length];
        Low = new double[_block.Length];
    }

    /// <summary>Products of the columns under the curvatures.</summary>
    public GramSums Sums { get; }

    /// <summary>The gradient by column, that of the intercept, the loss, then the weight of the rows; high parts.</summary>
    public double[] High { get; }

    public double[] Low { get; }

    /// <summary>Σ w·loss.</summary>
    public double Loss => Gradient(_plan.Shape.Columns + 1);

    /// <summary>Σ w.</summary>
    public double Weight => Gradient(_plan.Shape.Columns + 2);

    /// <summary>The loss by a column's weight, or by the intercept after them.</summary>
    public double Gradient(int column) => High[column] + Low[column];

    public void Begin(ReadOnlySpan<byte> broadcast)
    {
        DoubleBytes.Unpack(broadcast).CopyTo(_point);
        Sums.Clear();
        High.AsSpan().Clear();
        Low.AsSpan().Clear();
    }

    public void Accumulate(Design rows, int block, CancellationToken cancel)
    {
        int blockRows = rows.RowsOf(block);
        for (int start = 0; start < blockRows; start += Design.TileRows)
        {
            cancel.ThrowIfCancellationRequested();
            _tile.Read(rows, block, start);
            AddTile();
        }
        Sums.EndBlock();
        VectorMath.AddCompensated(High, Low, _block);
        _block.AsSpan().Clear();
    }

    public void Merge(ITrainerState other)
    {
        LogisticState from = (LogisticState)other;
        Sums.Merge(from.Sums);
        VectorMath.AddCompensated(High, Low, from.High);
        VectorMath.AddScaled(Low, from.Low, 1);
    }

    public void Write(BinaryWriter into)
    {
        foreach (double[] values in (ReadOnlySpan<double[]>)[Sums.High, Sums.Low, High, Low]) DoubleBytes.Write(into, values);
    }

    public void Read(BinaryReader from)
    {
        foreach (double[] values in (ReadOnlySpan<double[]>)[Sums.High, Sums.Low, High, Low]) DoubleBytes.Read(from, values);
    }

    private void AddTile()
    {
        int columns = _plan.Shape.Columns, padded = _tile.Padded;
        Span<double> ones = Sums.Tile.Span.Slice(_plan.Shape.Dense * Design.TileRows, padded);
        ones.Fill(1);
        ones[_tile.Count..].Clear();
        Span<double> scores = _scores.AsSpan(0, padded), residuals = _residuals.AsSpan(0, padded), curvatures = _curvatures.AsSpan(0, padded);
        scores.Fill(_point[columns]);
        _tile.AddScores(_point, scores);
        _block[columns + 1] += LogisticKernel.Evaluate(scores, _tile.Labels, _tile.Weights, residuals, curvatures);
        _block[columns + 2] += _tile.IsWeighted ? VectorMath.Sum(_tile.Weights) : _tile.Count;
        _tile.AddProducts(residuals, _block.AsSpan(0, columns));
        _block[columns] += VectorMath.Dot(ones, residuals);
        VectorMath.Roots(curvatures, _roots);
        Sums.AddTile(_tile, curvatures, _roots);
    }
}
