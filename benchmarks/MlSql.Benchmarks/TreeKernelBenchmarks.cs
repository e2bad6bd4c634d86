using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using MlSql.Models.Trees;
using MlSql.Scoring.Kernels;
using MlSql.Scoring.Trees;

namespace MlSql.Benchmarks;

/// <summary>Raw scores of 100 random trees over 28 columns of 32 bits, in nanoseconds a row, on each kind of vector and by the walk that defines them. Aims: at most 90 for 31 leaves and 700 for 255 with AVX-512.</summary>
public class TreeKernelBenchmarks
{
    private const int Rows = 2_048, Columns = 28, Trees = 100, Cuts = 100;
    private readonly float[] _values = new float[Rows * Columns];
    private readonly double[] _scores = new double[Rows];
    private TreeStructure _ensemble = null!;
    private TreeKernel _kernel = null!;

    [Params(31, 63, 255)]
    public int Leaves { get; set; }

    [Params(nameof(VectorPath.Avx512), nameof(VectorPath.Avx2), nameof(VectorPath.Scalar))]
    public string Path { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        var random = new Random(1);
        for (int i = 0; i < _values.Length; i++) _values[i] = random.NextSingle();
        _ensemble = new([0], [.. Enumerable.Range(0, Trees).Select(_ => Grow(random))], TreeAggregate.Sum, TreePrecision.Double, TreeLink.Identity, 1);
        _kernel = TreeKernel.Create(_ensemble, Columns, Enum.Parse<VectorPath>(Path));
    }

    [Benchmark(OperationsPerInvoke = Rows)]
    public void Kernel() => _kernel.Score(_values, Rows, Rows, _scores, Rows);

    [Benchmark(OperationsPerInvoke = Rows)]
    public void Walk()
    {
        Span<double> row = stackalloc double[Columns];
        for (int r = 0; r < Rows; r++)
        {
            for (int c = 0; c < Columns; c++) row[c] = _values[c * Rows + r];
            TreeWalk.Score(_ensemble, row, _scores.AsSpan(r, 1));
        }
    }

    // Splits some leaf again and again: about as deep as grown trees.
    private Tree Grow(Random random)
    {
        List<TreeSplit> splits = [];
        List<(int Parent, bool Left)> open = [(-1, false)];
        while (open.Count < Leaves)
        {
            int at = random.Next(open.Count);
            Hang(splits, open[at], splits.Count);
            open[at] = (splits.Count, true);
            open.Add((splits.Count, false));
            splits.Add(new(random.Next(Columns), SplitTest.AtMost, (float)random.Next(1, Cuts) / Cuts, MissingRule.None, false, 0, 0, 1, 1));
        }
        for (int leaf = 0; leaf < Leaves; leaf++) Hang(splits, open[leaf], ~leaf);
        ImmutableArray<double> values = [.. Enumerable.Range(0, Leaves).Select(_ => random.NextDouble() - 0.5)];
        return new([.. splits], [.. Enumerable.Range(0, Leaves).Select(i => new TreeLeaf(i, 1))], values, 0, [], []);
    }

    private static void Hang(List<TreeSplit> splits, (int Parent, bool Left) below, int child)
    {
        if (below.Parent < 0) return;
        TreeSplit parent = splits[below.Parent];
        splits[below.Parent] = below.Left ? parent with { Left = child } : parent with { Right = child };
    }
}
