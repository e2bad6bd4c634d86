using MlSql.Models.Trees;
using MlSql.Scoring.Kernels;
using MlSql.Scoring.Trees;
using MlSql.UnitTests.Scoring.Trees;

namespace MlSql.UnitTests.Scoring.Kernels;

/// <summary>A row by itself gets the bits of the plain walk by masks over leaves too.</summary>
internal sealed class RowMasksTests
{
    [Test]
    public void Every_bit_is_the_plain_walks([Range(0, 39)] int seed)
    {
        var random = new RandomEnsembles(seed);
        int columns = 1 + seed % 6 * 2;
        AssertSame(random, Ensemble(random, columns, 3 + seed % 40, seed % 3 == 0 ? 64 : 20, 1 + seed % 5 / 2, seed % 2 == 0 ? TreePrecision.Double : TreePrecision.Single, wide: seed % 4 == 0), columns);
    }

    [Test]
    public void So_many_splits_that_fewer_prefixes_are_kept()
    {
        var random = new RandomEnsembles(3);
        var ensemble = Ensemble(random, 3, 700, 64, 1, TreePrecision.Single, wide: false);
        RowSlots slots = new(ensemble.Precision);
        Assert.That(RowMaskTables.Hold(ensemble, slots), Is.True);
        Assert.That(new RowMaskTables(ensemble, slots).Shift, Is.GreaterThan(0));
        AssertSame(random, ensemble, 3);
    }

    [TestCase("no splits")]
    [TestCase("no trees")]
    [TestCase("a whole group of splits")]
    public void Small_ensembles(string what)
    {
        var random = new RandomEnsembles(7);
        var ensemble = Ensemble(random, 3, 12, 20, 1, TreePrecision.Double, wide: false);
        Tree stump = new([new(0, SplitTest.AtMost, 0.5, MissingRule.NaN, false, ~0, ~1, 0, 0)], [new(0, 1), new(1, 1)], [0.1, 0.2], 0, [], []);
        ensemble = ensemble with
        {
            Trees = what switch
            {
                "no splits" => [stump with { Splits = [], Leaves = [stump.Leaves[0]], Values = [0.5] }],
                "no trees" => [],
                _ => [.. Enumerable.Range(0, RowMaskTables.GroupSize).Select(i => stump with { Splits = [stump.Splits[0] with { Threshold = i / 8.0 - 1 }] })],
            },
        };
        AssertSame(random, ensemble, 3);
    }

    [TestCase("sets")]
    [TestCase("linear leaves")]
    [TestCase("nothing is below −∞")]
    [TestCase("a leaf of 64 bits in sums of 32")]
    [TestCase("a base of 64 bits in sums of 32")]
    [TestCase("65 leaves")]
    [TestCase("many columns")]
    [TestCase("many trees")]
    public void What_masks_do_not_hold_is_left_to_the_walk(string what)
    {
        var random = new RandomEnsembles(7);
        var ensemble = Ensemble(random, 3, 12, 20, 1, TreePrecision.Single, wide: false);
        int index = ensemble.Trees.IndexOf(ensemble.Trees.First(t => t.Splits.Length > 2));
        Tree tree = ensemble.Trees[index];
        TreeSplit split = tree.Splits[0];
        ensemble = what switch
        {
            "sets" => With(tree with { Sets = [new CategorySet([0b1011])], Splits = tree.Splits.SetItem(0, split with { Test = SplitTest.InSet, Threshold = 0 }) }),
            "linear leaves" => With(tree with { Linear = [.. tree.Leaves.Select(_ => new LinearLeaf(0.25, [0, 2], [1.5, -0.1]))] }),
            "nothing is below −∞" => With(tree with { Splits = tree.Splits.SetItem(0, split with { Test = SplitTest.Below, Threshold = double.NegativeInfinity }) }),
            "a leaf of 64 bits in sums of 32" => With(tree with { Values = tree.Values.SetItem(0, 0.1) }),
            "a base of 64 bits in sums of 32" => ensemble with { Bases = [0.1] },
            "65 leaves" => With(Pole(65)),
            "many columns" => ensemble with { Trees = [.. Enumerable.Range(0, RowMaskTables.MostSlots + 1).Select(column => tree with { Splits = [.. tree.Splits.Select(s => s with { Column = column })] })] },
            _ => ensemble with { Trees = [.. Enumerable.Repeat(tree, RowMaskTables.MostTrees + 1)] },
        };
        Assert.That(Masks(ensemble, RowMaskTables.MostSlots + 1), Is.Null);

        TreeStructure With(Tree changed) => ensemble with { Trees = ensemble.Trees.SetItem(index, changed) };
    }

    [Test]
    public void As_many_leaves_as_a_mask_has_bits()
    {
        var random = new RandomEnsembles(5);
        AssertSame(random, new TreeStructure([0], [Pole(64)], TreeAggregate.Sum, TreePrecision.Double, TreeLink.Identity, 1), 1);
    }

    [Test]
    public void A_row_allocates_nothing()
    {
        var random = new RandomEnsembles(3);
        var ensemble = Ensemble(random, 4, 20, 64, 2, TreePrecision.Single, wide: true);
        var masks = Masks(ensemble, 4)!;
        double[] row = [0.5, 1, 2, double.NaN], scores = new double[ensemble.Outputs];
        masks.Score(row, scores);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++) masks.Score(row, scores);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static RowMasks? Masks(TreeStructure ensemble, int columns)
    {
        RowSlots slots = new(ensemble.Precision);
        return RowMaskTables.Hold(ensemble, slots) ? new(ensemble, columns, slots) : null;
    }

    // Of cuts only.
    private static TreeStructure Ensemble(RandomEnsembles random, int columns, int trees, int leaves, int outputs, TreePrecision precision, bool wide)
    {
        var ensemble = random.Ensemble(columns, trees, leaves, outputs, precision, thresholds: 300, wide);
        return ensemble with
        {
            Trees = [.. ensemble.Trees.Select(t => t with { Sets = [], Splits = [.. t.Splits.Select(s => s.Test == SplitTest.InSet ? s with { Test = SplitTest.AtMost, Threshold = 0.25 } : s)] })],
        };
    }

    // Each left child is a leaf.
    private static Tree Pole(int leaves) => new(
        [.. Enumerable.Range(0, leaves - 1).Select(i => new TreeSplit(0, SplitTest.AtMost, i / 32.0 - 1, MissingRule.None, false, ~i, i == leaves - 2 ? ~(i + 1) : i + 1, 0, 0))],
        [.. Enumerable.Range(0, leaves).Select(i => new TreeLeaf(i, 1))], [.. Enumerable.Range(0, leaves).Select(i => i + 0.5)], 0, [], []);

    private static void AssertSame(RandomEnsembles random, TreeStructure ensemble, int columns)
    {
        const int Rows = 500;
        var masks = Masks(ensemble, columns);
        Assert.That(masks, Is.Not.Null);
        double[][] values = random.Rows(ensemble, columns, Rows);
        double[] row = new double[columns], expected = new double[ensemble.Outputs], found = new double[ensemble.Outputs];
        for (int r = 0; r < Rows; r++)
        {
            for (int c = 0; c < columns; c++) row[c] = values[c][r];
            TreeWalk.Score(ensemble, row, expected);
            masks!.Score(row, found);
            Assert.That(found.Select(BitConverter.DoubleToInt64Bits), Is.EqualTo(expected.Select(BitConverter.DoubleToInt64Bits)), $"row {r}");
        }
    }
}
