using System.Diagnostics;
using MlSql.Columnar;
using MlSql.Columnar.Memory;

namespace MlSql.Training.Metrics;

/// <summary>Predictions by column: one of values or of probabilities of the positive class, or one for each of <paramref name="count"/> classes: [columns, rows].</summary>
internal sealed class PredictionColumns(int count)
{
    private readonly GrowingDoubles[] _columns = [.. Enumerable.Range(0, count).Select(_ => new GrowingDoubles())];
    private double[] _sums = [];
    private int[] _starts = [];

    /// <summary>The columns; valid until rows are appended.</summary>
    public ReadOnlyMemory<double>[] Columns => Array.ConvertAll(_columns, c => c.Values);

    /// <summary>
    /// Takes rows of a DOUBLE column, or of a DOUBLE[] column where there is one for each class. Gives a number a row, valid until the next call: NaN where the prediction, or one of its elements, is NULL or NaN, and infinite where one is.
    /// </summary>
    public ReadOnlySpan<double> Append(ColumnView prediction, int start, int rows)
    {
        if (_columns.Length > 1) return AppendLists(prediction, start, rows);
        Span<double> values = _columns[0].Grow(rows);
        NumberReader.Read(prediction, start, values);
        return values;
    }

    /// <summary>Of the last rows keeps those at these places, counted from the first of them, ascending.</summary>
    public void Keep(int last, ReadOnlySpan<int> places)
    {
        foreach (var column in _columns) column.Keep(last, places);
    }

    private ReadOnlySpan<double> AppendLists(ColumnView lists, int start, int rows)
    {
        if (lists.Type is not ListType { Element: FloatType { Bits: 64 } }) throw new UnreachableException(lists.Type.ToString());
        if (_starts.Length < rows) (_starts, _sums) = (new int[rows], new double[rows]);
        Span<double> sums = _sums.AsSpan(0, rows);
        Span<int> starts = _starts.AsSpan(0, rows);
        FindElements(lists, start, starts, sums);
        ReadOnlySpan<double> elements = lists.Children[0].Values<double>();
        foreach (var column in _columns)
        {
            Span<double> values = column.Grow(rows);
            for (int row = 0; row < rows; row++)
            {
                // A NULL list has no elements.
                values[row] = double.IsNaN(sums[row]) ? double.NaN : elements[starts[row]++];
                sums[row] += values[row];
            }
        }
        return sums;
    }

    // Where each row's elements begin; NaN for a row that has none, or a NULL among them, else 0.
    private void FindElements(ColumnView lists, int start, Span<int> starts, Span<double> sums)
    {
        ColumnView elements = lists.Children[0];
        for (int row = 0; row < starts.Length; row++)
        {
            sums[row] = double.NaN;
            if (!lists.IsValid(start + row)) continue;
            (int first, int length) = lists.List(start + row);
            if (length != _columns.Length) throw new UnreachableException(FormattableString.Invariant($"{length} probabilities of {_columns.Length} classes"));
            (starts[row], sums[row]) = (first, 0);
            if (elements.AllValid) continue;
            for (int i = 0; i < length; i++)
                if (!elements.IsValid(first + i)) sums[row] = double.NaN;
        }
    }
}
