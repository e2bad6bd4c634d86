using MlSql.Training.Kernels;
using MlSql.Training.Metrics;
using MlSql.Training.Rows;

namespace MlSql.Training.Trees.Reading;

/// <summary>
/// Rows that stand for all when cuts are chosen: the distinct ones of the smallest hashes, each with how often it came (bottom-k sampling; Cohen and Kaplan: Summarizing data using bottom-k sketches, 2007). A function of the set of rows, not of
/// their order; the samples of several threads merge into that of all their rows.
/// </summary>
/// <param name="features">How many features there are; each has one or several columns.</param>
/// <param name="budget">Where memory is asked for.</param>
/// <param name="limit">Distinct rows that are kept at most.</param>
internal sealed class RowSample(int features, MemoryBudget budget, int limit = RowSample.MostRows)
{
    /// <summary>As many rows as LightGBM looks at.</summary>
    public const int MostRows = 200_000;

    private readonly List<double[]>[] _values = [.. Enumerable.Range(0, features).Select(_ => new List<double[]>())];
    private readonly int[] _chosen = new int[RowStore.SegmentRows];
    private ulong[] _hashes = [];
    private long[] _counts = [];
    private ulong _most = ulong.MaxValue;
    private int _used;
    private int _first;

    /// <summary>A sample of nothing, where none is needed any more.</summary>
    public static RowSample None { get; } = new(0, new(0));

    /// <summary>Rows that are kept.</summary>
    public int Rows => _used;

    /// <summary>How often each row came.</summary>
    public ReadOnlySpan<long> Counts => _counts.AsSpan(0, _used);

    /// <summary>Columns of a feature.</summary>
    public int Columns(int feature) => _values[feature].Count;

    /// <summary>The values of a column, NaN for NULL.</summary>
    public ReadOnlySpan<double> Values(int feature, int column) => _values[feature][column].AsSpan(0, _used);

    /// <summary>Chooses among some more rows by their hashes, and gives the places of those that are taken; their values are put column by column then.</summary>
    public ReadOnlySpan<int> Choose(ReadOnlySpan<ulong> hashes)
    {
        if (_used + hashes.Length > _hashes.Length) MakeRoom(hashes.Length);
        int taken = 0;
        _first = _used;
        for (int i = 0; i < hashes.Length; i++)
        {
            ulong hash = RowHash.Finish(hashes[i]);
            if (hash > _most) continue;
            (_hashes[_used], _counts[_used]) = (hash, 1);
            _used++;
            _chosen[taken++] = i;
        }
        return _chosen.AsSpan(0, taken);
    }

    /// <summary>Puts a column's values of the rows that were chosen; <paramref name="values"/> holds those of all rows that were chosen from.</summary>
    public void Put(int feature, int column, ReadOnlySpan<double> values)
    {
        while (column >= _values[feature].Count) _values[feature].Add(NewColumn());
        Span<double> into = _values[feature][column].AsSpan(_first, _used - _first);
        for (int i = 0; i < into.Length; i++) into[i] = values[_chosen[i]];
    }

    /// <summary>Takes over what other samples hold and keeps what a sample of all their rows would.</summary>
    public void Merge(IEnumerable<RowSample> others)
    {
        foreach (RowSample other in others)
        {
            Grow(_used + other._used);
            other._hashes.AsSpan(0, other._used).CopyTo(_hashes.AsSpan(_used));
            other._counts.AsSpan(0, other._used).CopyTo(_counts.AsSpan(_used));
            for (int feature = 0; feature < _values.Length; feature++)
                for (int column = 0; column < other.Columns(feature); column++)
                {
                    if (column == Columns(feature)) _values[feature].Add(NewColumn());
                    other.Values(feature, column).CopyTo(_values[feature][column].AsSpan(_used));
                }
            // Where the other one has not seen a list yet, all of its rows have none.
            _used += other._used;
        }
        Compact();
    }

    private void MakeRoom(int more)
    {
        int room = limit + limit / 2 + more;
        Grow(Math.Min(room, Math.Max(_used + more, 2 * _hashes.Length)));
        if (_used + more > _hashes.Length) Compact();
    }

    private void Grow(int rows)
    {
        if (rows <= _hashes.Length) return;
        budget.Take((long)(rows - _hashes.Length) * sizeof(double) * (2 + _values.Sum(columns => columns.Count)), "a sample of the rows");
        Array.Resize(ref _hashes, rows);
        Array.Resize(ref _counts, rows);
        foreach (List<double[]> columns in _values)
            for (int column = 0; column < columns.Count; column++)
            {
                double[] values = columns[column];
                Array.Resize(ref values, rows);
                values.AsSpan(_used).Fill(double.NaN);
                columns[column] = values;
            }
    }

    /// <summary>Gives the memory back that was asked for; the sample is not used afterwards.</summary>
    public void Release() => budget.Give((long)_hashes.Length * sizeof(double) * (2 + _values.Sum(columns => columns.Count)));

    private double[] NewColumn()
    {
        budget.Take((long)_hashes.Length * sizeof(double), "a sample of the rows");
        double[] values = new double[_hashes.Length];
        Array.Fill(values, double.NaN);
        return values;
    }

    // Equal rows become one, and of all only those of the smallest hashes stay.
    private void Compact()
    {
        (ulong[] sorted, int[] order) = ScoreOrder.Sort(_hashes[.._used], [.. Enumerable.Range(0, _used)]);
        long[] counts = new long[_used];
        int rows = 0;
        for (int i = 0, first = 0; i < order.Length; i++)
        {
            if (i == 0 || sorted[i] != sorted[i - 1])
            {
                if (rows == limit) break;
                (first, _most) = (order[i], ++rows == limit ? sorted[i] : _most);
            }
            counts[first] += _counts[order[i]];
        }
        // In the order in which they lie, so that each moves to the front of where it was.
        int[] kept = new int[rows];
        for (int i = 0, at = 0; i < _used; i++)
            if (counts[i] > 0) kept[at++] = i;
        Move(_hashes, kept);
        Move(counts, kept);
        counts.AsSpan(0, rows).CopyTo(_counts);
        foreach (double[] column in _values.SelectMany(columns => columns))
        {
            Move(column, kept);
            column.AsSpan(rows).Fill(double.NaN);
        }
        _used = rows;
    }

    private static void Move<T>(T[] values, int[] kept)
    {
        for (int i = 0; i < kept.Length; i++) values[i] = values[kept[i]];
    }
}
