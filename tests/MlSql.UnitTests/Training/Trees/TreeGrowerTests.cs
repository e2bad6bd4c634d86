using MlSql.Training.Kernels;
using MlSql.Training.Rounds;
using MlSql.Training.Rows;
using MlSql.Training.Trees;

namespace MlSql.UnitTests.Training.Trees;

[TestFixture]
public sealed class TreeGrowerTests
{
    private const int Rows = 30_000, Columns = 6;

    [Test]
    public void Leaves_that_are_divided_ahead_change_no_tree([Values(2, 17, 64, 400)] int maxLeaves, [Values(0, 5)] int maxDepth, [Values(1, 2, 3)] int seed)
    {
        BoostingOptions options = new() { MaxLeaves = maxLeaves, MaxDepth = maxDepth };
        (List<GrownSplit> alone, List<int[]> rowsAlone) = Grow(options, threads: 1, seed);
        (List<GrownSplit> together, List<int[]> rowsTogether) = Grow(options, threads: 4, seed);
        Assert.That(together, Is.EqualTo(alone));
        Assert.That(alone, Has.Count.GreaterThanOrEqualTo(Math.Min(maxLeaves, 20) / 2));
        Assert.That(rowsTogether, Is.EqualTo(rowsAlone));
    }

    [Test]
    public void A_cancelled_tree_ends_all_its_threads()
    {
        using CancellationTokenSource cancel = new(20);
        Assert.That(() =>
        {
            for (int seed = 0; seed < 1_000; seed++) Grow(new() { MaxLeaves = 400 }, threads: 4, seed, cancel.Token);
        }, Throws.InstanceOf<OperationCanceledException>());
    }

    // Two trees, one after the other, of the same rows; the splits of the second and the rows of its leaves.
    private static (List<GrownSplit> Splits, List<int[]> Leaves) Grow(BoostingOptions options, int threads, int seed, CancellationToken cancel = default)
    {
        Random random = new(seed);
        MemoryBudget budget = new(long.MaxValue);
        double[] cuts = [.. Enumerable.Range(1, 99).Select(i => (double)i)];
        BinnedRows bins = new([.. Enumerable.Range(0, Columns).Select(_ => BinnedColumn.OfNumbers([.. cuts]))], Rows, budget);
        double[] effect = new double[Rows];
        for (int column = 0; column < Columns; column++)
        {
            double[] values = [.. Enumerable.Range(0, Rows).Select(_ => random.Next(20) == 0 ? double.NaN : Math.Floor(random.NextDouble() * 100))];
            bins.Fill(column, 0, values);
            for (int row = 0; row < Rows; row++) effect[row] += double.IsNaN(values[row]) ? 0.3 : Math.Sin(values[row] * (column + 1) / 40);
        }
        using BlockCrew crew = new(threads);
        TreeRows rows = new(bins, TreeGrower.MaxNodes(options.MaxLeaves), budget);
        for (int row = 0; row < Rows; row++) rows.Pairs[row] = ((int)(effect[row] * 2_000 + random.Next(-5_000, 5_000)) << 16) | 4_096;
        TreeGrower grower = new(rows, options, crew);
        bool[] columns = [.. Enumerable.Repeat(true, Columns)];
        grower.Grow([], columns, 1e-4, 1e-4, cancel);
        List<GrownSplit> splits = grower.Grow([], columns, 1e-4, 1e-4, cancel);
        List<int[]> leaves = [];
        for (int leaf = 0; leaf < grower.Leaves; leaf++)
        {
            rows.Sort(leaf);
            leaves.Add(rows.RowsOf(leaf).ToArray());
        }
        return (splits, leaves);
    }
}
