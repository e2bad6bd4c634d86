using MlSql.Training.Metrics;

namespace MlSql.Training.Trees.Reading;

/// <summary>The distinct values of a sampled column, ascending, and how often each came.</summary>
internal sealed class SampledColumn
{
    private readonly double[] _values;
    private readonly long[] _counts;
    private readonly int _distinct;

    /// <summary>Sorts a column of the sample; NaN is left out.</summary>
    public SampledColumn(ReadOnlySpan<double> values, ReadOnlySpan<long> counts)
    {
        double[] numbers = new double[values.Length];
        int[] rows = new int[values.Length];
        for (int i = 0; i < values.Length; i++)
            if (!double.IsNaN(values[i])) (numbers[Rows], rows[Rows++]) = (values[i], i);
        (_, rows) = ScoreOrder.Sort(numbers.AsSpan(0, Rows), rows[..Rows]);
        (_values, _counts) = (numbers, new long[Rows]);
        foreach (int row in rows)
        {
            if (_distinct == 0 || _values[_distinct - 1] != values[row]) _values[_distinct++] = values[row];
            _counts[_distinct - 1] += counts[row];
        }
    }

    /// <summary>Rows of the sample that have a value.</summary>
    public int Rows { get; }

    public ReadOnlySpan<double> Values => _values.AsSpan(0, _distinct);

    public ReadOnlySpan<long> Counts => _counts.AsSpan(0, _distinct);
}
