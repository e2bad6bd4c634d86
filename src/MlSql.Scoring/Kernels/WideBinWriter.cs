using MlSql.Models.Trees;
using MlSql.Scoring.Trees;

namespace MlSql.Scoring.Kernels;

/// <summary>Turns encoded columns into a layout's bins of two bytes, <see cref="BlockScratch.MaxRows"/> a slot.</summary>
internal sealed unsafe class WideBinWriter(BinLayout layout)
{
    private const double NearZero = 1e-35f;

    private readonly bool _single = layout.Precision == TreePrecision.Single;
    private readonly (int Column, double[] Cuts, BinTreatment[] Treatments, ushort[] Bins, int Slot)[] _compared =
        [.. layout.Cuts.Select(c => (c.Column, c.Cuts, c.Treatments.ToArray(), c.Treatments.Select(t => (ushort)t.Bin(c)).ToArray(), c.FirstSlot))];
    private readonly ClassColumn[] _classed = [.. layout.Classes];

    /// <summary>Writes the bins of up to <see cref="BlockScratch.MaxRows"/> rows.</summary>
    public void Write(ReadOnlySpan<ValueColumn> columns, int rows, ushort* bins)
    {
        foreach (var (column, cuts, treatments, sentinels, slot) in _compared)
        {
            ValueColumn values = columns[column];
            fixed (double* first = cuts)
                for (int row = 0; row < rows; row++)
                {
                    double value = _single ? (float)values[row] : values[row];
                    ushort rank = Rank(first, cuts.Length, value);
                    bool none = double.IsNaN(value), zero = Math.Abs(value) <= NearZero;
                    for (int i = 0; i < sentinels.Length; i++)
                        bins[(slot + i) * BlockScratch.MaxRows + row] = none || (zero && treatments[i].Rule == MissingRule.ZeroOrNaN) ? sentinels[i] : rank;
                }
        }
        foreach (ClassColumn column in _classed)
        {
            ushort* into = bins + column.Slot * BlockScratch.MaxRows;
            for (int row = 0; row < rows; row++) into[row] = (ushort)CategoryBins.Of(column, columns[column.Column][row], _single);
        }
    }

    // A binary search without branches to mispredict: the rank is always among the next `left` and the one behind them.
    private static ushort Rank(double* cuts, int left, double value)
    {
        double* at = cuts;
        while (left > 0)
        {
            int half = left + 1 >> 1;
            at = value > at[half - 1] ? at + half : at;
            left -= half;
        }
        return (ushort)(at - cuts);
    }
}
