using MlSql.Training.Rows;

namespace MlSql.Training.Encoders;

/// <summary>
/// The encoded columns of one part of the rows: dense ones, standardised while they are read, then one-hot ones as codes that are never expanded.
/// </summary>
internal sealed class Design(DesignShape shape, DenseSource[] sources, OneHotSource[] groups, ChunkedArray<double> labels, ChunkedArray<double>? weights)
{
    /// <summary>Rows read at once: a tile of 30 columns fits the second cache twice.</summary>
    public const int TileRows = 256;

    public DesignShape Shape { get; } = shape;

    public long Rows => labels.Length;

    public int Blocks => labels.Blocks;

    public bool IsWeighted => weights is not null;

    public int RowsOf(int block) => labels.Block(block).Length;

    public ReadOnlySpan<double> Labels(int block) => labels.Block(block);

    /// <summary>Row weight × class weight; empty when every row weighs 1.</summary>
    public ReadOnlySpan<double> Weights(int block) => weights is null ? [] : weights.Block(block);

    /// <summary>Writes the standardised dense columns of a tile, column-major with a stride of <see cref="TileRows"/>; rows from count up to a multiple of 8 are 0.</summary>
    public void ReadDense(int block, int start, int count, Span<double> tile)
    {
        int column = 0;
        foreach (DenseSource source in sources)
        {
            source.ReadStandardised(block, start, count, tile[(column * TileRows)..], TileRows, Shape.Means.AsSpan(column), Shape.Inverses.AsSpan(column));
            column += source.Columns;
        }
        int padded = (count + 7) & ~7;
        for (column = 0; padded > count && column < Shape.Dense; column++) tile[(column * TileRows + count)..(column * TileRows + padded)].Clear();
    }

    /// <summary>Adds the standardised dense columns of up to <see cref="TileRows"/> rows times their weights to the scores.</summary>
    public void AddDense(int block, int start, ReadOnlySpan<double> weights, Span<double> scores, Span<double> scratch)
    {
        int column = 0;
        foreach (DenseSource source in sources)
        {
            source.AddStandardised(block, start, scores.Length, scores, Shape.Means.AsSpan(column), Shape.Inverses.AsSpan(column), weights[column..], scratch);
            column += source.Columns;
        }
    }

    /// <summary>Writes for each row of a tile its column of a group, counted over all one-hot columns, or -1.</summary>
    public void ReadOneHot(int group, int block, int start, int count, Span<int> columns) => groups[group].Read(block, start, count, columns);

    public int Groups => groups.Length;
}

/// <summary>How the encoded columns are laid out for training: dense ones first, then the one-hot ones.</summary>
/// <param name="Means">By dense column.</param>
/// <param name="Inverses">1 / scale by dense column; 0 for a constant one.</param>
/// <param name="OneHotColumns">One-hot columns of all groups.</param>
/// <param name="EncodedIndex">Where the model keeps each column: dense, then one-hot.</param>
internal sealed record DesignShape(double[] Means, double[] Inverses, int OneHotColumns, int[] EncodedIndex)
{
    public int Dense => Means.Length;

    public int Columns => Dense + OneHotColumns;
}

/// <summary>A text feature's codes and the one-hot column of each; codes without a column give -1.</summary>
internal sealed class OneHotSource(ChunkedArray<int> codes, int[] columnOfCode, int nullColumn)
{
    public void Read(int block, int start, int count, Span<int> columns)
    {
        ReadOnlySpan<int> source = codes.Block(block).Slice(start, count);
        for (int i = 0; i < source.Length; i++) columns[i] = source[i] < 0 ? nullColumn : columnOfCode[source[i]];
    }
}
