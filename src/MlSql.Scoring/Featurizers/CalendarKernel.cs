using System.Diagnostics;
using MlSql.Columnar;
using MlSql.Models.Featurizers;

namespace MlSql.Scoring.Featurizers;

/// <summary>Adds the weighted, standardised parts of a date or time; NULL and the infinite times add 0.</summary>
internal sealed class CalendarKernel : FeatureKernel
{
    private const int CachedDays = 64;
    private const long MicrosecondsPerHour = 3_600_000_000;
    private readonly double[] _means;
    private readonly double[] _weights;

    public CalendarKernel(CalendarFeaturizer featurizer, FeatureSource source, ReadOnlySpan<double> weights) : base(source)
    {
        if (featurizer.Means.Length != CalendarParts.Count || featurizer.Scales.Length != CalendarParts.Count)
            throw ScoringErrors.Damaged($"a date has {CalendarParts.Count} parts: {source.Name}");
        _means = [.. featurizer.Means];
        _weights = new double[CalendarParts.Count];
        for (int i = 0; i < _weights.Length; i++)
        {
            _weights[i] = Fold(weights[i], _means[i], featurizer.Scales[i], source);
            if (_weights[i] == 0) _means[i] = 0;
        }
    }

    public override void Add(in FeatureBlock block, Span<double> scores)
    {
        switch (block.Column.Type)
        {
            case NullType:
                break;
            case DateType:
                AddDays(block, block.Column.Values<int>().Slice(block.Start, block.Rows), scores);
                break;
            case TimestampType { Unit: TimeUnit.Second }:
                AddTimes(block, 86_400, 1_000_000, 1, scores);
                break;
            case TimestampType { Unit: TimeUnit.Millisecond }:
                AddTimes(block, 86_400_000, 1_000, 1, scores);
                break;
            case TimestampType { Unit: TimeUnit.Microsecond }:
                AddTimes(block, CalendarParts.MicrosecondsPerDay, 1, 1, scores);
                break;
            case TimestampType:
                AddTimes(block, 86_400_000_000_000, 1, 1_000, scores);
                break;
            default:
                throw new UnreachableException(block.Column.Type.ToString());
        }
    }

    private void AddDays(in FeatureBlock block, ReadOnlySpan<int> days, Span<double> scores)
    {
        var cache = new DayCache(this, stackalloc long[CachedDays], stackalloc double[CachedDays]);
        for (int row = 0; row < days.Length; row++)
        {
            int day = days[row];
            if (!block.IsValid(row) || day is int.MaxValue or -int.MaxValue or int.MinValue) continue;
            scores[row] += cache.Of(day) + Part(4, 0) + Part(5, day);
        }
    }

    // A value is split into days and a rest before it is scaled to microseconds, so that no value overflows.
    private void AddTimes(in FeatureBlock block, long unitsPerDay, long multiplier, long divisor, Span<double> scores)
    {
        var cache = new DayCache(this, stackalloc long[CachedDays], stackalloc double[CachedDays]);
        var times = block.Column.Values<long>().Slice(block.Start, block.Rows);
        for (int row = 0; row < times.Length; row++)
        {
            long time = times[row];
            if (!block.IsValid(row) || time is long.MaxValue or -long.MaxValue or long.MinValue) continue;
            long day = Math.DivRem(time, unitsPerDay, out long rest);
            if (rest < 0)
            {
                day--;
                rest += unitsPerDay;
            }
            long microseconds = divisor == 1 ? rest * multiplier : rest / divisor;
            scores[row] += cache.Of(day) + Part(4, microseconds / MicrosecondsPerHour) + Part(5, day + (double)microseconds / CalendarParts.MicrosecondsPerDay);
        }
    }

    private double Part(int part, double value) => (value - _means[part]) * _weights[part];

    /// <summary>What year, month, day and weekday add, remembered by day, since the days of a block repeat.</summary>
    private readonly ref struct DayCache
    {
        private readonly CalendarKernel _kernel;
        private readonly Span<long> _days;
        private readonly Span<double> _sums;

        public DayCache(CalendarKernel kernel, Span<long> days, Span<double> sums)
        {
            _kernel = kernel;
            _days = days;
            _sums = sums;
            days.Fill(long.MinValue);
        }

        public double Of(long day)
        {
            int slot = (int)day & CachedDays - 1;
            if (_days[slot] != day)
            {
                Span<double> parts = stackalloc double[CalendarParts.Count];
                CalendarParts.OfDays(day, parts);
                _days[slot] = day;
                _sums[slot] = _kernel.Part(0, parts[0]) + _kernel.Part(1, parts[1]) + _kernel.Part(2, parts[2]) + _kernel.Part(3, parts[3]);
            }
            return _sums[slot];
        }
    }
}
