using MlSql.Training.Encoders;
using MlSql.Training.Kernels;
using MlSql.Training.Rounds;

namespace MlSql.Training.Linear;

/// <summary>Loss, gradient and curvature of the log loss at the weights of the broadcast (weights in the design's order, then the intercept).</summary>
internal sealed class LogisticState : ITrainerState
{
    private readonly TrainerPlan _plan;
    private readonly double[] _point;
    private readonly double[] _block;
    private readonly double[] _scores = new double[Design.TileRows];
    private readonly double[] _labels = new double[Design.TileRows];
    private readonly double[] _weights = new double[Design.TileRows];
    private readonly double[] _residuals = new double[Design.TileRows];
    private readonly double[] _curvatures = new double[Design.TileRows];
    private readonly double[] _roots = new double[Design.TileRows];
    private int[] _codes = [];

    public LogisticState(TrainerPlan plan)
    {
        _plan = plan;
        Sums = new(plan.Shape, withLabel: false);
        _point = new double[plan.Shape.Columns + 1];
        _block = new double[plan.Shape.Columns + 2];
        High = new double[_block.Length];
        Low = new double[_block.Length];
    }

    /// <summary>Products of the columns under the curvatures.</summary>
    public GramSums Sums { get; }

    /// <summary>The gradient by column, that of the intercept, then the loss; high parts.</summary>
    public double[] High { get; }

    public double[] Low { get; }

    public void Begin(ReadOnlySpan<byte> broadcast)
    {
        DoubleBytes.Unpack(broadcast).CopyTo(_point);
        Sums.Clear();
        High.AsSpan().Clear();
        Low.AsSpan().Clear();
    }

    public void Accumulate(Design rows, int block, CancellationToken cancel)
    {
        if (_codes.Length != rows.Groups * Design.TileRows) _codes = new int[rows.Groups * Design.TileRows];
        int blockRows = rows.RowsOf(block);
        for (int start = 0; start < blockRows; start += Design.TileRows)
        {
            cancel.ThrowIfCancellationRequested();
            AccumulateTile(rows, block, start, Math.Min(Design.TileRows, blockRows - start));
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

    private void AccumulateTile(Design rows, int block, int start, int count)
    {
        int dense = _plan.Shape.Dense, columns = _plan.Shape.Columns, padded = (count + 7) & ~7;
        Span<double> tile = Sums.Tile;
        rows.ReadDense(block, start, count, tile);
        Span<double> ones = tile.Slice(dense * Design.TileRows, Design.TileRows);
        ones[..count].Fill(1);
        ones[count..].Clear();
        rows.Labels(block).Slice(start, count).CopyTo(_labels);
        if (rows.IsWeighted) rows.Weights(block).Slice(start, count).CopyTo(_weights);
        else _weights.AsSpan(0, count).Fill(1);
        _weights.AsSpan(count, padded - count).Clear();

        Span<double> scores = _scores.AsSpan(0, padded);
        scores.Fill(_point[columns]);
        for (int column = 0; column < dense; column++) VectorMath.AddScaled(scores, tile.Slice(column * Design.TileRows, padded), _point[column]);
        for (int group = 0; group < rows.Groups; group++)
        {
            Span<int> codes = _codes.AsSpan(group * Design.TileRows, count);
            rows.ReadOneHot(group, block, start, count, codes);
            for (int row = 0; row < codes.Length; row++)
                if (codes[row] >= 0) scores[row] += _point[dense + codes[row]];
        }

        Span<double> residuals = _residuals.AsSpan(0, padded), curvatures = _curvatures.AsSpan(0, padded);
        _block[columns + 1] += LogisticKernel.Evaluate(scores, _labels.AsSpan(0, padded), _weights.AsSpan(0, padded), residuals, curvatures);
        for (int column = 0; column < dense; column++) _block[column] += VectorMath.Dot(tile.Slice(column * Design.TileRows, padded), residuals);
        _block[columns] += VectorMath.Dot(ones[..padded], residuals);
        for (int group = 0; group < rows.Groups; group++)
        {
            ReadOnlySpan<int> codes = _codes.AsSpan(group * Design.TileRows, count);
            for (int row = 0; row < codes.Length; row++)
                if (codes[row] >= 0) _block[dense + codes[row]] += residuals[row];
        }
        for (int row = 0; row < padded; row++) _roots[row] = Math.Sqrt(curvatures[row]);
        Sums.AddTile(count, curvatures, _roots, _codes, rows.Groups);
    }
}
