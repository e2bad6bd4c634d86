using MlSql.Training.Kernels;
using MlSql.Training.Rows;
using MlSql.Training.Trees.Reading;

namespace MlSql.UnitTests.Training.Trees;

/// <summary>The sample that cuts are chosen from is a function of the set of rows.</summary>
public class RowSampleTests
{
    private const int Limit = 500;

    // A row's value decides its hash; some rows are copies.
    private static readonly double[] Rows = [.. Enumerable.Range(0, 30_000).Select(i => (double)(i % 7 == 0 ? i % 70 : i))];

    [Test]
    public void It_holds_the_distinct_rows_of_the_smallest_hashes_with_their_numbers([Values(1, 3)] int threads, [Values(0, 5)] int seed)
    {
        double[] rows = [.. Rows];
        if (seed > 0) new Random(seed).Shuffle(rows);
        RowSample sample = Sampled(rows, threads);
        var expected = Rows.GroupBy(value => value).OrderBy(group => RowHash.Finish(HashOf(group.Key))).Take(Limit).Select(group => (group.Key, group.LongCount())).ToArray();
        Assert.That(Held(sample), Is.EqualTo(expected));
        Assert.That(sample.Counts.ToArray().Max(), Is.GreaterThan(100), "copies among them");
    }

    [Test]
    public void Of_few_rows_it_holds_all()
    {
        RowSample sample = Sampled(Rows[..400], 2);
        Assert.That(Held(sample).Sum(row => row.Count), Is.EqualTo(400));
    }

    [Test]
    public void Columns_that_one_thread_saw_late_or_never_are_missing_before()
    {
        MemoryBudget budget = new(1L << 30);
        RowSample first = new(1, budget, Limit), second = new(1, budget, Limit);
        first.Choose([HashOf(1)]);
        first.Choose([HashOf(2)]);
        first.Put(0, 0, [2.0]);
        second.Choose([HashOf(3)]);
        RowSample merged = new(1, budget, Limit);
        merged.Merge([first, second]);
        Assert.That(merged.Rows, Is.EqualTo(3));
        Assert.That(merged.Values(0, 0).ToArray().Order(), Is.EqualTo(new[] { double.NaN, double.NaN, 2 }));
    }

    [Test]
    public void Memory_is_given_back()
    {
        MemoryBudget budget = new(1L << 30);
        RowSample sample = new(1, budget, Limit);
        Fill(sample, Rows);
        Assert.That(budget.Used, Is.Positive);
        sample.Release();
        Assert.That(budget.Used, Is.Zero);
    }

    private static RowSample Sampled(double[] rows, int threads)
    {
        MemoryBudget budget = new(1L << 30);
        RowSample[] samples = [.. Enumerable.Range(0, threads).Select(_ => new RowSample(1, budget, Limit))];
        for (int thread = 0; thread < threads; thread++) Fill(samples[thread], [.. rows.Where((_, i) => i % threads == thread)]);
        RowSample merged = new(1, budget, Limit);
        merged.Merge(samples);
        return merged;
    }

    private static void Fill(RowSample sample, double[] rows)
    {
        foreach (double[] segment in rows.Chunk(RowStore.SegmentRows))
        {
            sample.Choose(Array.ConvertAll(segment, HashOf));
            sample.Put(0, 0, segment);
        }
    }

    private static (double Value, long Count)[] Held(RowSample sample) =>
        [.. sample.Values(0, 0).ToArray().Zip(sample.Counts.ToArray()).OrderBy(row => RowHash.Finish(HashOf(row.First)))];

    private static ulong HashOf(double value) => RowHash.Mix(0, RowHash.OfNumber(value));
}
