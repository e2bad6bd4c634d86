using MlSql.Training.Encoders;
using MlSql.Training.Interop;
using MlSql.Training.Kernels;

namespace MlSql.Training.Linear;

/// <summary>
/// Weighted sums of products of all encoded columns, a column of ones and, if asked for, the label: dense columns by the tile kernel, one-hot ones by
/// their codes. Kept as high and low parts; (columns + 2)² doubles twice, whatever the number of rows.
/// </summary>
internal sealed class GramSums
{
    private readonly DesignShape _shape;
    private readonly bool _withLabel;
    private readonly double[] _block;
    private readonly double[] _rowMajor;

    public GramSums(DesignShape shape, bool withLabel)
    {
        _shape = shape;
        _withLabel = withLabel;
        Tile = PinnedMemory.Doubles(Pitch * Design.TileRows);
        _rowMajor = shape.OneHotColumns == 0 ? [] : new double[Pitch * Design.TileRows];
        _block = new double[Length(shape, withLabel)];
        High = new double[_block.Length];
        Low = new double[_block.Length];
    }

    /// <summary>Doubles of one copy of the sums.</summary>
    public static int Length(DesignShape shape, bool withLabel)
    {
        int pitch = PitchOf(shape, withLabel);
        return checked(pitch * pitch + shape.OneHotColumns * pitch + shape.OneHotColumns * shape.OneHotColumns);
    }

    /// <summary>The dense columns of the tile, then ones, then the label; column-major.</summary>
    public Memory<double> Tile { get; }

    public double[] High { get; }

    public double[] Low { get; }

    /// <summary>Columns of the tile, padded for the kernel.</summary>
    public int Pitch => PitchOf(_shape, _withLabel);

    private int CrossStart => Pitch * Pitch;

    private int PairStart => CrossStart + _shape.OneHotColumns * Pitch;

    public void Clear()
    {
        High.AsSpan().Clear();
        Low.AsSpan().Clear();
    }

    /// <summary>
    /// Adds the rows of the tile, multiplied by <paramref name="weights"/> (empty = 1), whose square roots are <paramref name="roots"/>. The tile is spoilt.
    /// </summary>
    public void AddTile(RowTile rows, ReadOnlySpan<double> weights, ReadOnlySpan<double> roots)
    {
        int columns = _shape.Dense + (_withLabel ? 2 : 1);
        Span<double> tile = Tile.Span;
        if (rows.Groups > 0) AddOneHot(rows, columns, weights);
        if (!weights.IsEmpty)
            for (int column = 0; column < columns; column++) VectorMath.Multiply(tile.Slice(column * Design.TileRows, rows.Padded), roots[..rows.Padded]);
        GramKernel.Add(tile, Pitch, Design.TileRows, rows.Padded, _block);
    }

    /// <summary>Moves the sums of a block into the compensated ones.</summary>
    public void EndBlock()
    {
        VectorMath.AddCompensated(High, Low, _block);
        _block.AsSpan().Clear();
    }

    public void Merge(GramSums other)
    {
        VectorMath.AddCompensated(High, Low, other.High);
        VectorMath.AddScaled(Low, other.Low, 1);
    }

    /// <summary>Σ w·a·b of two columns: dense and one-hot ones by their place in the design, then the ones, then the label.</summary>
    public double this[int a, int b]
    {
        get
        {
            if (a > b) (a, b) = (b, a);
            int dense = _shape.Dense, columns = _shape.Columns;
            bool oneHotA = a >= dense && a < columns, oneHotB = b >= dense && b < columns;
            int index;
            if (!oneHotA && !oneHotB) index = Slot(a) * Pitch + Slot(b);
            else if (oneHotA && oneHotB) index = a == b ? CrossStart + (a - dense) * Pitch + dense : PairStart + (a - dense) * _shape.OneHotColumns + (b - dense);
            else index = oneHotA ? CrossStart + (a - dense) * Pitch + Slot(b) : CrossStart + (b - dense) * Pitch + Slot(a);
            return High[index] + Low[index];
        }
    }

    private static int PitchOf(DesignShape shape, bool withLabel) => (shape.Dense + (withLabel ? 2 : 1) + GramKernel.PanelColumns - 1) / GramKernel.PanelColumns * GramKernel.PanelColumns;

    private int Slot(int column) => column < _shape.Dense ? column : column - _shape.OneHotColumns;

    private void AddOneHot(RowTile rows, int columns, ReadOnlySpan<double> weights)
    {
        int pitch = Pitch, count = rows.Count, groups = rows.Groups;
        ReadOnlySpan<int> codes = rows.Codes;
        for (int column = 0; column < columns; column++)
        {
            ReadOnlySpan<double> values = Tile.Span.Slice(column * Design.TileRows, count);
            for (int row = 0; row < values.Length; row++) _rowMajor[row * pitch + column] = weights.IsEmpty ? values[row] : values[row] * weights[row];
        }
        for (int row = 0; row < count; row++)
        {
            ReadOnlySpan<double> products = _rowMajor.AsSpan(row * pitch, pitch);
            double weight = weights.IsEmpty ? 1 : weights[row];
            for (int group = 0; group < groups; group++)
            {
                int column = codes[group * Design.TileRows + row];
                if (column < 0) continue;
                VectorMath.AddScaled(_block.AsSpan(CrossStart + column * pitch, pitch), products, 1);
                Span<double> pairs = _block.AsSpan(PairStart + column * _shape.OneHotColumns, _shape.OneHotColumns);
                for (int other = group + 1; other < groups; other++)
                {
                    int right = codes[other * Design.TileRows + row];
                    if (right >= 0) pairs[right] += weight;
                }
            }
        }
    }
}
