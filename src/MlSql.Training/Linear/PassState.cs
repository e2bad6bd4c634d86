using MlSql.Models;
using MlSql.Training.Encoders;
using MlSql.Training.Kernels;
using MlSql.Training.Rounds;

namespace MlSql.Training.Linear;

/// <summary>
/// One pass over the rows without a matrix, for very many columns: either loss, gradient and column sums under the curvatures at a point, or the
/// curvature matrix times a direction. The broadcast is the point (weights, then intercept) and, for a product, the direction after it.
/// </summary>
internal sealed class PassState(TrainerPlan plan, Link link) : ITrainerState
{
    private readonly RowTile _tile = new(plan.Shape, new double[plan.Shape.Dense * Design.TileRows]);
    private readonly double[] _scores = new double[Design.TileRows];
    private readonly double[] _residuals = new double[Design.TileRows];
    private readonly double[] _curvatures = new double[Design.TileRows];
    private readonly double[] _block = new double[Length(plan)];
    private double[] _point = [];
    private double[] _direction = [];

    /// <summary>
    /// At a point: the gradient by column, the column sums under the curvatures, then the intercept's gradient, the curvatures' sum, the loss.
    /// For a direction v: Xᵀ·S·X·v by column, zeros, then Σ s·(X·v).
    /// </summary>
    public double[] High { get; } = new double[Length(plan)];

    public double[] Low { get; } = new double[Length(plan)];

    public static int Length(TrainerPlan plan) => 2 * plan.Shape.Columns + 3;

    public double this[int index] => High[index] + Low[index];

    public void Begin(ReadOnlySpan<byte> broadcast)
    {
        ReadOnlySpan<double> values = DoubleBytes.Unpack(broadcast);
        int point = plan.Shape.Columns + 1;
        _point = values[..point].ToArray();
        _direction = values[point..].ToArray();
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
        VectorMath.AddCompensated(High, Low, _block);
        _block.AsSpan().Clear();
    }

    public void Merge(ITrainerState other)
    {
        VectorMath.AddCompensated(High, Low, ((PassState)other).High);
        VectorMath.AddScaled(Low, ((PassState)other).Low, 1);
    }

    public void Write(BinaryWriter into)
    {
        DoubleBytes.Write(into, High);
        DoubleBytes.Write(into, Low);
    }

    public void Read(BinaryReader from)
    {
        DoubleBytes.Read(from, High);
        DoubleBytes.Read(from, Low);
    }

    private void AddTile()
    {
        int columns = plan.Shape.Columns;
        Span<double> scores = _scores.AsSpan(0, _tile.Padded), residuals = _residuals.AsSpan(0, _tile.Padded), curvatures = _curvatures.AsSpan(0, _tile.Padded);
        scores.Fill(_point[columns]);
        if (_direction.Length == 0 || link == Link.Logistic) _tile.AddScores(_point, scores);
        double loss = link == Link.Logistic
            ? LogisticKernel.Evaluate(scores, _tile.Labels, _tile.Weights, residuals, curvatures)
            : Squares(scores, residuals, curvatures);
        if (_direction.Length == 0)
        {
            _tile.AddProducts(residuals, _block.AsSpan(0, columns));
            _tile.AddProducts(curvatures, _block.AsSpan(columns, columns));
            _block[2 * columns] += VectorMath.Sum(residuals);
            _block[2 * columns + 1] += VectorMath.Sum(curvatures);
            _block[2 * columns + 2] += loss;
            return;
        }
        scores.Clear();
        _tile.AddScores(_direction, scores);
        VectorMath.Multiply(scores, curvatures);
        _tile.AddProducts(scores, _block.AsSpan(0, columns));
        _block[2 * columns] += VectorMath.Sum(scores);
    }

    private double Squares(ReadOnlySpan<double> scores, Span<double> residuals, Span<double> curvatures)
    {
        double loss = 0;
        ReadOnlySpan<double> labels = _tile.Labels, weights = _tile.Weights;
        for (int row = 0; row < scores.Length; row++)
        {
            double error = scores[row] - labels[row];
            residuals[row] = weights[row] * error;
            curvatures[row] = weights[row];
            loss += residuals[row] * error / 2;
        }
        return loss;
    }
}
