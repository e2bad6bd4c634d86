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
    private readonly Compared[] _compared;
    private readonly ClassColumn[] _classed;

    public BinWriter(BinLayout layout, VectorPath path)
    {
        _path = path;
        _single = layout.Precision == TreePrecision.Single;
        // AVX2 compares signed bytes only.
        _flip = path == VectorPath.Avx2 ? (byte)0x80 : (byte)0;
        _compared = [.. layout.Cuts.Select(c => new Compared(c))];
        _classed = [.. layout.Classes];
    }

    /// <summary>Writes the bins of up to <see cref="BlockScratch.MaxRows"/> rows.</summary>
    public void Write(ReadOnlySpan<ValueColumn> columns, int rows, byte* bins, in BlockScratch scratch)
    {
        foreach (Compared compared in _compared)
        {
            CutTable cuts = compared.Cuts;
            BinTreatment[] treatments = compared.Treatments;
            ValueColumn values = columns[compared.Column];
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
                MissingKernel.Settle(scratch.Ranks, gaps || zeros ? scratch.Missing : null, compared.MissingBins[i], treatments[i].Reversed ? (byte)~_flip : _flip, bins + (compared.Slot + i) * BlockScratch.MaxRows, rows);
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

    /// <summary>A column that is compared with cuts.</summary>
    private sealed class Compared
    {
        public Compared(CutColumn column)
        {
            (Column, Cuts, Treatments, Slot) = (column.Column, new(column.Cuts), [.. column.Treatments], column.FirstSlot);
            MissingBins = new byte[Treatments.Length];
            for (int i = 0; i < Treatments.Length; i++) MissingBins[i] = (byte)Treatments[i].Bin(column);
        }

        public int Column { get; }

        public CutTable Cuts { get; }

        public BinTreatment[] Treatments { get; }

        /// <summary>The bin of a missing value, for each treatment.</summary>
        public byte[] MissingBins { get; }

        /// <summary>Of the first treatment.</summary>
        public int Slot { get; }
    }
}
