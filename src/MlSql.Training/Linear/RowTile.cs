using MlSql.Training.Encoders;
using MlSql.Training.Kernels;

namespace MlSql.Training.Linear;

/// <summary>Up to <see cref="Design.TileRows"/> rows in the caches: standardised dense columns, one-hot codes, labels, weights. Rows of padding weigh 0.</summary>
internal sealed class RowTile(DesignShape shape, Memory<double> dense)
{
    private int[] _codes = [];
    private int _groups;
    private int _count;
    private bool _weighted;

    private readonly double[] _labels = new double[Design.TileRows];
    private readonly double[] _weights = new double[Design.TileRows];

    /// <summary>Rows of the tile.</summary>
    public int Count => _count;

    /// <summary>Rows up to the next multiple of 8.</summary>
    public int Padded => (_count + 7) & ~7;

    public int Groups => _groups;

    /// <summary>One-hot columns of the rows, group by group, a stride of <see cref="Design.TileRows"/> apart; -1 for none.</summary>
    public ReadOnlySpan<int> Codes => _codes;

    public Span<double> Labels => _labels.AsSpan(0, Padded);

    /// <summary>The weights of the rows, 1 where there are none.</summary>
    public ReadOnlySpan<double> Weights => _weights.AsSpan(0, Padded);

    /// <summary>False when every row weighs 1.</summary>
    public bool IsWeighted => _weighted;

    /// <summary>Reads the rows of a block from <paramref name="start"/> on.</summary>
    public void Read(Design rows, int block, int start)
    {
        _count = Math.Min(Design.TileRows, rows.RowsOf(block) - start);
        _groups = rows.Groups;
        _weighted = rows.IsWeighted;
        if (_codes.Length != _groups * Design.TileRows) _codes = new int[_groups * Design.TileRows];
        rows.ReadDense(block, start, _count, dense.Span);
        for (int group = 0; group < _groups; group++) rows.ReadOneHot(group, block, start, _count, _codes.AsSpan(group * Design.TileRows));
        rows.Labels(block).Slice(start, _count).CopyTo(_labels);
        _labels.AsSpan(_count, Padded - _count).Clear();
        if (_weighted) rows.Weights(block).Slice(start, _count).CopyTo(_weights);
        else _weights.AsSpan(0, _count).Fill(1);
        _weights.AsSpan(_count, Padded - _count).Clear();
    }

    /// <summary>scores += X · point, for columns in the design's order.</summary>
    public void AddScores(ReadOnlySpan<double> point, Span<double> scores)
    {
        ReadOnlySpan<double> tile = dense.Span;
        for (int column = 0; column < shape.Dense; column++) VectorMath.AddScaled(scores, tile.Slice(column * Design.TileRows, Padded), point[column]);
        ReadOnlySpan<double> oneHot = point[shape.Dense..];
        for (int group = 0; group < _groups; group++)
        {
            ReadOnlySpan<int> codes = _codes.AsSpan(group * Design.TileRows, _count);
            for (int row = 0; row < codes.Length; row++)
                if (codes[row] >= 0) scores[row] += oneHot[codes[row]];
        }
    }

    /// <summary>sums += Xᵀ · values; values of padding must be 0.</summary>
    public void AddProducts(ReadOnlySpan<double> values, Span<double> sums)
    {
        ReadOnlySpan<double> tile = dense.Span;
        for (int column = 0; column < shape.Dense; column++) sums[column] += VectorMath.Dot(tile.Slice(column * Design.TileRows, Padded), values);
        Span<double> oneHot = sums[shape.Dense..];
        for (int group = 0; group < _groups; group++)
        {
            ReadOnlySpan<int> codes = _codes.AsSpan(group * Design.TileRows, _count);
            for (int row = 0; row < codes.Length; row++)
                if (codes[row] >= 0) oneHot[codes[row]] += values[row];
        }
    }
}
