using MlSql.Models;
using MlSql.Training.Kernels;
using MlSql.Training.Trees.Reading;

namespace MlSql.UnitTests.Training.Trees;

/// <summary>Mean, deviation and exact median in one pass beside the writing of bins.</summary>
public class NumberTallyTests
{
    private static readonly double[] Values = [.. Numbers(40_001)];

    [Test]
    public void The_median_is_exact_and_the_sums_know_no_order([Values(100, 5_000, 40_001)] int sampled, [Values(1, 4)] int threads)
    {
        FeatureStatistics statistics = Tallied(Values, Values[..sampled], threads, out bool again);
        double[] sorted = [.. Values.Where(value => !double.IsNaN(value)).Order()];
        double mean = (double)sorted.Sum(value => (decimal)value) / sorted.Length;
        Assert.That(again, Is.False);
        Assert.That(statistics.Median, Is.EqualTo(sorted[(sorted.Length - 1) / 2]));
        Assert.That((statistics.Min, statistics.Max, statistics.Nulls), Is.EqualTo(((double?)sorted[0], (double?)sorted[^1], (long)(Values.Length - sorted.Length))));
        Assert.That(statistics.Mean, Is.EqualTo(mean).Within(1e-12));
        Assert.That(statistics.Deviation, Is.EqualTo(Math.Sqrt((double)sorted.Sum(value => (decimal)((value - mean) * (value - mean))) / sorted.Length)).Within(1e-12));
        double[] shuffled = [.. Values];
        new Random(9).Shuffle(shuffled);
        Assert.That(Tallied(shuffled, Values[..sampled], 2, out _), Is.EqualTo(statistics));
    }

    [TestCase(0)]
    [TestCase(1)]
    public void A_sample_that_misled_costs_one_more_pass(int end)
    {
        double[] sorted = [.. Values.Where(value => !double.IsNaN(value)).Order()];
        double[] sample = end == 0 ? sorted[..1_000] : sorted[^1_000..];
        FeatureStatistics statistics = Tallied(Values, sample, 2, out bool again);
        Assert.That(again, Is.True);
        Assert.That(statistics.Median, Is.EqualTo(sorted[(sorted.Length - 1) / 2]));
        Assert.That(statistics, Is.EqualTo(Tallied(Values, Values[..1_000], 1, out _) with { Mean = statistics.Mean, Deviation = statistics.Deviation }));
    }

    [Test]
    public void Few_values_and_large_ones_are_exact()
    {
        double[] zeros = [.. Enumerable.Range(0, 10_000).Select(i => i % 10 == 0 ? 1.0 : 0)];
        Assert.That(Tallied(zeros, zeros[..300], 2, out _), Is.EqualTo(new FeatureStatistics("x", 0, 1, 0.1, 0, 0.3, null, 0, null)).Using<FeatureStatistics>((a, b) => a with { Mean = b.Mean, Deviation = b.Deviation } == b));
        FeatureStatistics one = Tallied([4.2, 4.2, double.NaN], [4.2], 1, out _);
        Assert.That((one.Mean, one.Deviation, one.Median, one.Nulls), Is.EqualTo(((double?)4.2, (double?)0, (double?)4.2, 1L)));
        FeatureStatistics large = Tallied([-double.MaxValue, 0, double.MaxValue], [0], 1, out _);
        Assert.That((large.Mean, large.Median), Is.EqualTo(((double?)0, (double?)0)));
        Assert.That(large.Deviation, Is.EqualTo(double.MaxValue * Math.Sqrt(2 / 3.0)).Within(1e-12).Percent);
    }

    private static FeatureStatistics Tallied(double[] values, double[] sample, int threads, out bool again)
    {
        Moments range = Moments.Of(values, []);
        long count = (long)range.Weight;
        SampledColumn sampled = new(sample, [.. Enumerable.Repeat(1L, sample.Length)]);
        NumberTally tally = Counted(NumberTally.Of(range, sampled.Values, sampled.Counts, sampled.Rows), values, threads);
        again = !tally.HasMedian(count);
        if (again) tally = Counted(tally.Beyond(count), values, threads);
        Assert.That(tally.HasMedian(count), Is.True);
        return tally.Statistics("x", range, values.Length - count);
    }

    private static NumberTally Counted(NumberTally empty, double[] values, int threads)
    {
        NumberTally[] tallies = [.. Enumerable.Range(0, threads).Select(_ => empty.Another())];
        int piece = 0;
        foreach (double[] some in values.Chunk(1_999)) tallies[piece++ % threads].Add(some);
        NumberTally all = empty.Another();
        foreach (NumberTally tally in tallies) all.Merge(tally);
        return all;
    }

    private static IEnumerable<double> Numbers(int count)
    {
        Random random = new(17);
        for (int i = 0; i < count; i++) yield return random.Next(20) == 0 ? double.NaN : Math.Round(random.NextDouble() * 2_000 - 300, 3);
    }
}
