using MlSql.Models.Trees;
using MlSql.Scoring.Trees;

namespace MlSql.Scoring.Kernels;

/// <summary>Turns encoded columns into a layout's bins of a byte: slot by slot, <see cref="BlockScratch.MaxRows"/> bytes each.</summary>
internal sealed unsafe class BinWriter
{
    /// <summary>The most bins of a column.</summary>
    public const int MaxBins = CutTable.MaxCuts + 1;

    private readonly VectorPath _path;
    private readonly bool _single;
    private readonly byte _flip;
    private readonly (int Column, CutTable Cuts, BinTreatment[] Treatments, byte[] Bins, int Slot)[] _compared;
    private readonly ClassColumn[] _classed;

    public BinWriter(BinLayout layout, VectorPath path)
    {
        _path = path;
        _single = layout.Precision == TreePrecision.Single;
        // AVX2 compares signed bytes only.
        _flip = path == VectorPath.Avx2 ? (byte)0x80 : (byte)0;
        _compared = [.. layout.Cuts.Select(c => (c.Column, new CutTable(c.Cuts), c.Treatments.ToArray(), c.Treatments.Select(t => (byte)t.Bin(c)).ToArray(), c.FirstSlot))];
        _classed = [.. layout.Classes];
    }

    /// <summary>Writes the bins of up to <see cref="BlockScratch.MaxRows"/> rows.</summary>
    public void Write(ReadOnlySpan<ValueColumn> columns, int rows, byte* bins, in BlockScratch scratch)
    {
        foreach (var (column, cuts, treatments, sentinels, slot) in _compared)
        {
            ValueColumn values = columns[column];
            bool single = values.IsSingle || _single;
            float* singles = values.IsSingle ? values.Singles : scratch.Singles;
            if (single)
            {
                if (!values.IsSingle) Round(values.Doubles, singles, rows);
                RankKernel.Rank(cuts, singles, scratch.Ranks, rows, _path);
            }
            else
            {
                RankKernel.Rank(cuts, values.Doubles, scratch.Ranks, rows, _path);
            }
            bool nulls = values.Validity != null && MissingKernel.HasNulls(values.Validity, rows);
            bool gaps = nulls || (single ? MissingKernel.HasNaN(singles, rows) : MissingKernel.HasNaN(values.Doubles, rows));
            bool? marked = null;
            for (int i = 0; i < treatments.Length; i++)
            {
                bool zeros = treatments[i].Rule == MissingRule.ZeroOrNaN;
                if ((gaps || zeros) && marked != zeros)
                {
                    if (single) MissingKernel.Mark(singles, rows, zeros, scratch.Missing);
                    else MissingKernel.Mark(values.Doubles, rows, zeros, scratch.Missing);
                    if (nulls) MissingKernel.MarkNulls(values.Validity, rows, scratch.Missing);
                    marked = zeros;
                }
                MissingKernel.Settle(scratch.Ranks, gaps || zeros ? scratch.Missing : null, sentinels[i], treatments[i].Reversed ? (byte)~_flip : _flip, bins + (slot + i) * BlockScratch.MaxRows, rows);
            }
        }
        foreach (ClassColumn column in _classed)
        {
            byte* into = bins + column.Slot * BlockScratch.MaxRows;
            for (int row = 0; row < rows; row++) into[row] = (byte)CategoryBins.Of(column, columns[column.Column][row], _single);
        }
    }

    private static void Round(double* values, float* into, int rows)
    {
        for (int i = 0; i < rows; i++) into[i] = (float)values[i];
    }
}
