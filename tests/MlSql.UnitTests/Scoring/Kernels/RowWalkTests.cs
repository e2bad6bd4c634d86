using MlSql.Models.Trees;
using MlSql.Scoring.Kernels;
using MlSql.Scoring.Trees;
using MlSql.UnitTests.Scoring.Trees;

namespace MlSql.UnitTests.Scoring.Kernels;

/// <summary>A row by itself gets the bits of the plain walk, and so those of every batch.</summary>
internal sealed class RowWalkTests
{
    private const int Rows = 500;

    [Test]
    public void Every_bit_is_the_plain_walks([Range(0, 59)] int seed)
    {
        var (ensemble, columns) = RandomEnsembles.Case(seed);
        AssertSame(ensemble, columns, Rows);
    }

    [TestCase("sets")]
    [TestCase("sets of whole numbers")]
    [TestCase("linear leaves")]
    [TestCase("nothing is below −∞")]
    [TestCase("a leaf of 64 bits in sums of 32")]
    [TestCase("no splits")]
    [TestCase("no trees")]
    public void What_is_walked_alone_keeps_its_place_among_the_others(string what)
    {
        var random = new RandomEnsembles(7);
        var ensemble = random.Ensemble(3, 12, 20, 1, TreePrecision.Single, 100, wide: false);
        int index = ensemble.Trees.IndexOf(ensemble.Trees.First(t => t.Splits.Length > 2));
        Tree tree = ensemble.Trees[index];
        CategorySet some = new([0b1011]);
        Tree changed = what switch
        {
            "sets" => tree with { Sets = [some], Splits = tree.Splits.SetItem(0, tree.Splits[0] with { Test = SplitTest.InSet, Threshold = 0 }) },
            "sets of whole numbers" => tree with { Sets = [some], Splits = tree.Splits.SetItem(0, tree.Splits[0] with { Test = SplitTest.EqualToAny, Threshold = 0 }) },
            "linear leaves" => tree with { Linear = [.. tree.Leaves.Select(_ => new LinearLeaf(0.25, [0, 2], [1.5, -0.1]))] },
            "nothing is below −∞" => tree with { Splits = tree.Splits.SetItem(0, tree.Splits[0] with { Test = SplitTest.Below, Threshold = double.NegativeInfinity }) },
            "no splits" => tree with { Splits = [], Leaves = [tree.Leaves[0]], Values = [0.5] },
            _ => tree with { Values = tree.Values.SetItem(0, 0.1) },
        };
        ensemble = ensemble with { Trees = what == "no trees" ? [] : ensemble.Trees.SetItem(index, changed) };
        AssertSame(ensemble, random.Rows(ensemble with { Trees = [tree] }, 3, 200), 200);
    }

    [Test]
    public void A_row_allocates_nothing()
    {
        var (ensemble, columns) = RandomEnsembles.Case(3);
        RowWalk walk = new(ensemble, columns.Length);
        double[] row = [.. columns.Select(c => c[0])], scores = new double[ensemble.Outputs];
        walk.Score(row, scores);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++) walk.Score(row, scores);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static void AssertSame(TreeStructure ensemble, double[][] columns, int rows)
    {
        RowWalk walk = new(ensemble, columns.Length);
        double[] row = new double[columns.Length], expected = new double[ensemble.Outputs], found = new double[ensemble.Outputs];
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < row.Length; c++) row[c] = columns[c][r];
            TreeWalk.Score(ensemble, row, expected);
            walk.Score(row, found);
            Assert.That(found.Select(BitConverter.DoubleToInt64Bits), Is.EqualTo(expected.Select(BitConverter.DoubleToInt64Bits)), $"row {r}");
        }
    }
}
