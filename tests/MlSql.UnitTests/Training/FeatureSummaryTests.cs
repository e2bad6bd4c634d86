using MlSql.Models;
using MlSql.Training;

namespace MlSql.UnitTests.Training;

/// <summary>Statistics of the training columns against sorting.</summary>
internal sealed class FeatureSummaryTests
{
    [TestCase(1, 1_000)]
    [TestCase(20_001, 1_000_000)]
    [TestCase(20_000, 3)]
    [TestCase(30_000, 1)]
    public void Median_mean_and_range_equal_those_of_the_sorted_column(int rows, int distinct)
    {
        Random random = new(rows);
        double?[] doubles = [.. Enumerable.Range(0, rows).Select(i => i % 5 == 4 ? null : (double?)(random.Next(distinct) - distinct / 3))];
        float[] singles = [.. Enumerable.Range(0, rows).Select(i => i < rows / 2 ? -1000 - i : (float)random.NextDouble())];
        TrainingResult result = new TrainingTable([("d", doubles), ("s", singles)], ("y", doubles.Select(d => (double?)(d ?? 0)).ToArray())).Train("linear_regression", ("l2_reg", "1"));

        double[] sorted = [.. doubles.Where(d => d is not null).Select(d => d!.Value).Order()];
        FeatureStatistics statistics = result.Features[0];
        Assert.That((statistics.Min, statistics.Max, statistics.Median), Is.EqualTo(((double?)sorted[0], (double?)sorted[^1], (double?)sorted[(sorted.Length - 1) / 2])));
        Assert.That(statistics.Mean, Is.EqualTo(sorted.Average()).Within(1e-9 * (1 + Math.Abs(sorted.Average()))));
        Assert.That(statistics.Nulls, Is.EqualTo(rows - sorted.Length));
        Array.Sort(singles);
        Assert.That(result.Features[1].Median, Is.EqualTo((double)singles[(rows - 1) / 2]));
    }
}
