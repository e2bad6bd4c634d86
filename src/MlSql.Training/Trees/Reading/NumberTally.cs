using MlSql.Models;
using MlSql.Training.Kernels;
using MlSql.Training.Metrics;

namespace MlSql.Training.Trees.Reading;

/// <summary>
/// Mean, deviation and exact lower median of a column whose range is known, in one more pass over its values: a sample says between which two values the median lies nearly always, and what lies between them is gathered.
/// Every sum is exact, so that no order of the values counts.
/// </summary>
internal sealed class NumberTally
{
    // Standard deviations of a sampled median's rank are half a root of the sample's size each.
    private const double Deviations = 6;

    private readonly double _low;
    private readonly double _high;
    private readonly GrowingDoubles _inside = new();
    private CentredSums _sums;
    private long _belowLow;
    private long _upToLow;
    private long _upToHigh;

    private NumberTally(double low, double high, CentredSums sums) => (_low, _high, _sums) = (low, high, sums);

    /// <summary>A tally for a column of this range; <paramref name="sample"/> holds ascending values of <paramref name="rows"/> rows, that came <paramref name="counts"/> times each.</summary>
    public static NumberTally Of(in Moments range, ReadOnlySpan<double> sample, ReadOnlySpan<long> counts, int rows)
    {
        if (sample.IsEmpty) return new(double.NegativeInfinity, double.PositiveInfinity, CentredOn(range.Least, range));
        long all = 0;
        foreach (long count in counts) all += count;
        double centre = At(sample, counts, Rank(all)), margin = Deviations / 2 / Math.Sqrt(rows) * all;
        bool whole = all == (long)range.Weight;
        return new(whole ? centre : At(sample, counts, all / 2.0 - margin), whole ? centre : At(sample, counts, all / 2.0 + margin), CentredOn(centre, range));
    }

    /// <summary>An empty tally like this one, for another thread.</summary>
    public NumberTally Another() => new(_low, _high, _sums.Empty());

    /// <summary>Where the median lay outside: an empty tally of the values beyond.</summary>
    public NumberTally Beyond(long count) =>
        Rank(count) < _belowLow ? new(double.NegativeInfinity, _low, _sums.Empty()) : new(_high, double.PositiveInfinity, _sums.Empty());

    /// <summary>Adds up to 8,192 values; NaN does not count.</summary>
    public void Add(ReadOnlySpan<double> values)
    {
        _sums.Add(values);
        (long below, long upTo) = RankSelection.Count(values, _low);
        _belowLow += below;
        if (_low == _high)
        {
            _upToLow += upTo;
            _upToHigh += upTo;
            return;
        }
        int used = _inside.Count;
        Span<double> room = _inside.Grow(values.Length);
        int inside = RankSelection.Partition(values, _low, _high, room, 0, ref _upToLow);
        _inside.Shrink(used + inside);
        _upToHigh += RankSelection.Count(values, _high).UpTo;
    }

    public void Merge(NumberTally other)
    {
        _sums.Add(other._sums);
        _belowLow += other._belowLow;
        _upToLow += other._upToLow;
        _upToHigh += other._upToHigh;
        other._inside.Values.Span.CopyTo(_inside.Grow(other._inside.Count));
    }

    /// <summary>Whether the median of so many values was found.</summary>
    public bool HasMedian(long count) => Rank(count) >= _belowLow && Rank(count) < _upToHigh;

    /// <summary>What the column holds. Reorders what was gathered.</summary>
    public FeatureStatistics Statistics(string name, in Moments range, long nulls)
    {
        long count = (long)range.Weight, rank = Rank(count);
        (double mean, double deviation) = range.Least == range.Most ? (range.Least, 0) : _sums.Of(count);
        double median = rank < _upToLow ? _low : rank < _upToLow + _inside.Count ? RankSelection.Select(_inside.Span, (int)(rank - _upToLow)) : _high;
        return new(name, range.Least, range.Most, mean, median + 0.0, deviation, null, nulls, null); // -0 becomes 0
    }

    // Twice the reach as a power of two, without an overflow.
    private static CentredSums CentredOn(double centre, in Moments range)
    {
        double reach = Math.Max(range.Most / 2 - centre / 2, centre / 2 - range.Least / 2);
        return new(centre, reach > 0 ? Math.ScaleB(1, Math.Clamp(-2 - Math.ILogB(reach), -1_024, 1_000)) : 1);
    }

    private static long Rank(long count) => (count - 1) / 2;

    private static double At(ReadOnlySpan<double> sample, ReadOnlySpan<long> counts, double rank)
    {
        double seen = 0;
        for (int i = 0; i < sample.Length; i++)
        {
            seen += counts[i];
            if (seen > rank) return sample[i];
        }
        return sample[^1];
    }
}
