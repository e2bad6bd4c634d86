using System.Runtime.InteropServices;
using MlSql.Models.Trees;
using MlSql.Scoring.Kernels;
using MlSql.Scoring.Trees;
using MlSql.UnitTests.Scoring.Trees;

namespace MlSql.UnitTests.Scoring.Kernels;

/// <summary>The kernel gives the walk's bits.</summary>
internal sealed class TreeKernelTests
{
    private static readonly VectorPath[] _paths = [.. Enum.GetValues<VectorPath>().Where(VectorPaths.Supports)];

    private const int Rows = RandomEnsembles.CaseRows;

    [Test]
    public void Every_bit_is_the_walks([Range(0, 59)] int seed)
    {
        var (ensemble, columns) = RandomEnsembles.Case(seed);
        double[] expected = Walked(ensemble, columns, Rows);
        foreach (VectorPath path in _paths)
        {
            var kernel = TreeKernel.Create(ensemble, columns.Length, path);
            Assert.That(kernel.IsCompiled, "the kernel takes the ensemble");
            Assert.That(FirstDifference(expected, Scored(kernel, columns, Rows)), Is.EqualTo(-1), path.ToString());
        }
    }

    [Test]
    public void Slices_do_not_matter([Range(0, 9)] int seed)
    {
        var (ensemble, columns) = RandomEnsembles.Case(seed);
        double[] expected = Walked(ensemble, columns, Rows);
        foreach (VectorPath path in _paths)
        {
            var kernel = TreeKernel.Create(ensemble, columns.Length, path);
            var random = new Random(seed);
            double[] values = Together(columns, Rows), scores = new double[expected.Length];
            for (int row = 0; row < Rows;)
            {
                int count = Math.Min(Rows - row, random.Next(3) switch { 0 => random.Next(1, 5), 1 => random.Next(1, 130), _ => random.Next(1, 1_300) });
                kernel.Score(values.AsSpan(row), Rows, count, scores.AsSpan(row), Rows);
                row += count;
            }
            Assert.That(FirstDifference(expected, scores), Is.EqualTo(-1), path.ToString());
        }
    }

    [Test]
    public unsafe void Columns_of_32_bits_and_nulls_are_read_in_place([Range(0, 19)] int seed)
    {
        var (ensemble, columns) = RandomEnsembles.Case(seed);
        var random = new Random(seed);
        double[][] seen = [.. columns.Select(c => (double[])c.Clone())];
        float[][] singles = new float[columns.Length][];
        ulong[][] validity = new ulong[columns.Length][];
        for (int c = 0; c < columns.Length; c++)
        {
            singles[c] = GC.AllocateArray<float>(Rows, pinned: true);
            validity[c] = GC.AllocateArray<ulong>((Rows + 63) / 64, pinned: true);
            for (int row = 0; row < Rows; row++)
            {
                singles[c][row] = (float)columns[c][row];
                bool valid = c % 2 == 0 || random.Next(5) > 0;
                if (valid) validity[c][row >> 6] |= 1UL << (row & 63);
                seen[c][row] = valid ? singles[c][row] : double.NaN;
            }
        }
        double[] expected = Walked(ensemble, seen, Rows);
        foreach (VectorPath path in _paths)
        {
            var views = new ValueColumn[columns.Length];
            for (int c = 0; c < views.Length; c++)
                views[c] = new((void*)Marshal.UnsafeAddrOfPinnedArrayElement(singles[c], 0), true, c % 2 == 0 ? null : (ulong*)Marshal.UnsafeAddrOfPinnedArrayElement(validity[c], 0));
            double[] scores = new double[expected.Length];
            TreeKernel.Create(ensemble, columns.Length, path).Score(views, Rows, scores, Rows);
            Assert.That(FirstDifference(expected, scores), Is.EqualTo(-1), path.ToString());
        }
    }

    [Test]
    public void A_batch_allocates_nothing()
    {
        var (ensemble, columns) = RandomEnsembles.Case(3);
        double[] values = Together(columns, Rows), scores = new double[Rows * ensemble.Outputs];
        foreach (VectorPath path in _paths)
        {
            var kernel = TreeKernel.Create(ensemble, columns.Length, path);
            kernel.Score(values, Rows, Rows, scores, Rows);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 10; i++) kernel.Score(values, Rows, Rows, scores, Rows);
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero, path.ToString());
        }
    }

    [TestCase("linear leaves")]
    [TestCase("nothing is below −∞")]
    [TestCase("a leaf of 64 bits in sums of 32")]
    public void What_no_bins_hold_is_walked(string what)
    {
        var random = new RandomEnsembles(1);
        var ensemble = random.Ensemble(3, 4, 20, 1, TreePrecision.Single, 100, wide: false);
        Tree tree = ensemble.Trees.First(t => t.Splits.Length > 0);
        Tree changed = what switch
        {
            "linear leaves" => tree with { Linear = [.. tree.Leaves.Select(_ => new LinearLeaf(0.25, [0, 2], [1.5, -0.1]))] },
            "nothing is below −∞" => tree with { Splits = tree.Splits.SetItem(0, tree.Splits[0] with { Test = SplitTest.Below, Threshold = double.NegativeInfinity }) },
            _ => tree with { Values = tree.Values.SetItem(0, 0.1) },
        };
        ensemble = ensemble with { Trees = ensemble.Trees.Replace(tree, changed) };
        double[][] columns = random.Rows(ensemble, 3, 200);
        foreach (VectorPath path in _paths)
        {
            var kernel = TreeKernel.Create(ensemble, 3, path);
            Assert.That(kernel.IsCompiled, Is.False);
            Assert.That(FirstDifference(Walked(ensemble, columns, 200), Scored(kernel, columns, 200)), Is.EqualTo(-1));
        }
    }

    [Test]
    public void Many_threads_share_a_kernel()
    {
        var (ensemble, columns) = RandomEnsembles.Case(5);
        double[] expected = Walked(ensemble, columns, Rows);
        var kernel = TreeKernel.Create(ensemble, columns.Length);
        int[] differences = new int[16];
        Parallel.For(0, differences.Length, i => differences[i] = FirstDifference(expected, Scored(kernel, columns, Rows)));
        Assert.That(differences, Is.All.EqualTo(-1));
    }

    internal static double[] Walked(TreeStructure ensemble, double[][] columns, int rows)
    {
        double[] row = new double[columns.Length], scores = new double[ensemble.Outputs], all = new double[rows * ensemble.Outputs];
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < row.Length; c++) row[c] = columns[c][r];
            TreeWalk.Score(ensemble, row, scores);
            for (int o = 0; o < scores.Length; o++) all[o * rows + r] = scores[o];
        }
        return all;
    }

    internal static double[] Scored(TreeKernel kernel, double[][] columns, int rows)
    {
        double[] scores = new double[rows * kernel.Outputs];
        kernel.Score(Together(columns, rows), rows, rows, scores, rows);
        return scores;
    }

    private static double[] Together(double[][] columns, int rows) => [.. columns.SelectMany(c => c.Take(rows))];

    private static int FirstDifference(double[] expected, double[] found)
    {
        Assert.That(found, Has.Length.EqualTo(expected.Length));
        for (int i = 0; i < expected.Length; i++)
            if (BitConverter.DoubleToInt64Bits(expected[i]) != BitConverter.DoubleToInt64Bits(found[i])) return i;
        return -1;
    }
}
