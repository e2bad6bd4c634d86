using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MlSql.Training.Interop;
using MlSql.Training.Kernels;
using MlSql.Training.Rows;

namespace MlSql.Training.Trees;

/// <summary>Rows as bins: groups of up to <see cref="HistogramKernel.Columns"/> columns, each a record of <see cref="HistogramKernel.RecordBytes"/> bytes a row.</summary>
internal sealed class BinnedRows
{
    /// <summary>A group is one array of bytes.</summary>
    public const int MaxRows = (int.MaxValue >> 4) - 64;

    private readonly Memory<byte>[] _groups;
    private readonly int[] _groupOfColumn;
    private readonly int[] _first;

    /// <summary>Room for up to <see cref="MaxRows"/> rows. Throws MLS3010 above the memory budget.</summary>
    public BinnedRows(IReadOnlyList<BinnedColumn> columns, int rows, MemoryBudget budget)
    {
        (Columns, Rows) = (columns, rows);
        int groups = Math.Max(1, (columns.Count + HistogramKernel.Columns - 1) / HistogramKernel.Columns);
        _groups = new Memory<byte>[groups];
        _groupOfColumn = new int[columns.Count];
        _first = new int[groups + 1];
        int bytes = (rows + 1) * HistogramKernel.RecordBytes;
        budget.Take((long)bytes * groups, "rows in bins");
        for (int g = 0; g < groups; g++)
        {
            // Groups of as equal a size as can be, so that threads have as much to do.
            _first[g + 1] = (int)((long)columns.Count * (g + 1) / groups);
            for (int c = _first[g]; c < _first[g + 1]; c++) _groupOfColumn[c] = g;
            (byte[] memory, int start) = PinnedMemory.Large(bytes + PinnedMemory.Line);
            _groups[g] = memory.AsMemory(start, bytes);
            _groups[g].Span.Clear();
        }
    }

    public IReadOnlyList<BinnedColumn> Columns { get; }

    public int Rows { get; }

    public int Groups => _groups.Length;

    /// <summary>The first column of a group; that of the number of groups is the number of columns.</summary>
    public int First(int group) => _first[group];

    public Span<byte> Records(int group) => _groups[group].Span;

    public int GroupOf(int column) => _groupOfColumn[column];

    /// <summary>Where a column's bin lies within a record of its group.</summary>
    public int Offset(int column) => column - _first[_groupOfColumn[column]];

    /// <summary>Writes the bins of neighbouring rows of a column of numbers.</summary>
    public void Fill(int column, int from, ReadOnlySpan<double> values)
    {
        int at = from * HistogramKernel.RecordBytes + Offset(column);
        Columns[column].Finder.Write(values, Records(GroupOf(column))[at..], HistogramKernel.RecordBytes);
    }

    /// <summary>Writes the bins of neighbouring rows of a column of categories: a bin for each code, and for codes below 0.</summary>
    public void Fill(int column, int from, ReadOnlySpan<int> codes, ReadOnlySpan<byte> binOfCode)
    {
        Span<byte> records = Records(GroupOf(column));
        int at = from * HistogramKernel.RecordBytes + Offset(column);
        foreach (int code in codes)
        {
            records[at] = code < 0 ? BinnedColumn.Missing : binOfCode[code];
            at += HistogramKernel.RecordBytes;
        }
    }

    /// <summary>Puts rows from <paramref name="start"/> on into another order: the one at <paramref name="order"/>[i], counted from there, becomes the ith.</summary>
    public void Arrange(int start, ReadOnlySpan<int> order)
    {
        for (int group = 0; group < Groups; group++) LeafOrder.Arrange(MemoryMarshal.Cast<byte, Vector128<byte>>(Records(group)).Slice(start, order.Length), order);
    }
}
