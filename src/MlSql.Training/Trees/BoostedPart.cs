using MlSql.Models.Trees;
using MlSql.Training.Kernels;
using MlSql.Training.Rounds;
using MlSql.Training.Rows;

namespace MlSql.Training.Trees;

/// <summary>The rows of one part with their scores so far.</summary>
internal sealed class BoostedPart
{
    /// <summary>Rows looked at once: what is made of them stays in the first cache.</summary>
    public const int TileRows = 1_024;

    // A largest loss of 2^52 units is what a scale is made for; sums of more than 2^62, or of less than 2^32, are made again.
    private const double LargestScaled = 1L << 62;
    private const double LeastScaled = 1L << 32;

    private readonly BinnedPart _part;
    private readonly Objective _objective;
    private readonly BlockCrew _crew;
    private readonly MemoryBudget _budget;
    private double _lossScale;
    private double[][] _kept = [];

    /// <summary>Scores for the rows, <paramref name="weights"/> being empty where every row weighs 1. Throws MLS3010 above the memory budget.</summary>
    public BoostedPart(BinnedPart part, double[] weights, Objective objective, BlockCrew crew, MemoryBudget budget)
    {
        (_part, _objective, _crew, _budget, Weights) = (part, objective, crew, budget, weights);
        int rows = Labels.Length;
        budget.Take((objective.Outputs + (objective.Outputs > 1 ? 1L : 0)) * sizeof(double) * rows, "scores");
        Weight = Weights.Length == 0 ? rows : FixedPointSum.Of(Weights);
        Shared = objective.Outputs > 1 ? new double[rows] : [];
        Scores = [.. Enumerable.Range(0, objective.Outputs).Select(_ => new double[rows])];
    }

    public BinnedRows Rows => _part.Rows;

    public double[] Labels => _part.Labels;

    /// <summary>Empty where every row weighs 1.</summary>
    public double[] Weights { get; }

    /// <summary>What all rows weigh.</summary>
    public double Weight { get; }

    /// <summary>By output, then by row.</summary>
    public double[][] Scores { get; }

    /// <summary>What <see cref="Objective.Share"/> wrote; empty for one output.</summary>
    public double[] Shared { get; }

    /// <summary>Blocks of rows.</summary>
    public int Blocks => (Labels.Length + RowStore.BlockRows - 1) / RowStore.BlockRows;

    /// <summary>Calls for each block of rows, on all threads.</summary>
    public void ForEachBlock(Action<int, Range> work, CancellationToken cancel) =>
        _crew.Run(Blocks, block => work(block, (block * RowStore.BlockRows)..Math.Min(Labels.Length, (block + 1) * RowStore.BlockRows)), cancel);

    public ReadOnlySpan<double> SharedOf(Range rows) => Shared.Length == 0 ? [] : Shared.AsSpan(rows);

    public ReadOnlySpan<double> WeightsOf(Range rows) => Weights.Length == 0 ? [] : Weights.AsSpan(rows);

    /// <summary>Sets all scores to those without any tree.</summary>
    public void Begin(double[] bases, CancellationToken cancel)
    {
        for (int output = 0; output < bases.Length; output++) Array.Fill(Scores[output], bases[output]);
        Share(cancel);
    }

    /// <summary>Puts the rows of each block into another order; scores must be shared afterwards, and none are kept yet.</summary>
    public void Arrange(Func<Range, int[]> orderOf, CancellationToken cancel) => ForEachBlock((_, rows) =>
    {
        int[] order = orderOf(rows);
        _part.Arrange(rows.Start.Value, order);
        // What the rows weigh with their classes' weights is an array of its own.
        if (Weights.Length > 0 && Weights != _part.Weights) LeafOrder.Arrange(Weights.AsSpan(rows), order);
        foreach (double[] scores in Scores) LeafOrder.Arrange(scores.AsSpan(rows), order);
    }, cancel);

    /// <summary>Looks at the scores as they are now: derivatives and losses are those until the next call.</summary>
    public void Share(CancellationToken cancel)
    {
        if (Shared.Length > 0) ForEachBlock((_, rows) => _objective.Share(Scores, rows.Start.Value, Shared.AsSpan(rows)), cancel);
    }

    /// <summary>Adds a tree's values by walking it.</summary>
    public void Add(Tree tree, CancellationToken cancel)
    {
        BinnedWalk walk = new(tree, Rows);
        ForEachBlock((_, rows) => walk.Add(Rows, rows.Start.Value, tree.Values.AsSpan(), Scores[tree.Output].AsSpan(rows)), cancel);
    }

    /// <summary>The mean loss, the same in any order of the rows. Throws MLS3022 where it is not finite.</summary>
    public double Loss(CancellationToken cancel) =>
        Mean((rows, losses) => _objective.Losses(Scores, rows.Start.Value, SharedOf(rows), Labels.AsSpan(rows), WeightsOf(rows), losses), ref _lossScale, cancel);

    /// <summary>Writes a number a row, times what the row weighs.</summary>
    public delegate void TermsOfRows(Range rows, Span<double> terms);

    /// <summary>The weighted mean of a number a row, the same in any order of the rows; <paramref name="scale"/> begins at 0 and is kept for the next time. Throws MLS3022 where it is not finite.</summary>
    public double Mean(TermsOfRows termsOf, ref double scale, CancellationToken cancel)
    {
        double[] largest = new double[Blocks];
        var sums = new FixedPointSum[Blocks];
        while (true)
        {
            double unit = scale;
            ForEachBlock((block, rows) => (sums[block], largest[block]) = SumOf(rows, termsOf, unit), cancel);
            double most = largest.Max();
            if (!double.IsFinite(most)) throw TrainingErrors.NotFinite("the loss is not finite");
            // The scale of an earlier model serves while the largest loss is of about its size; what is seen of the rows decides, not their order.
            if (unit > 0 && most * unit is <= LargestScaled and >= LeastScaled or 0) break;
            scale = FixedPointSum.ScaleOf(most);
        }
        FixedPointSum total = new(scale);
        foreach (FixedPointSum sum in sums) total.Add(sum);
        return total.Value / Weight;
    }

    /// <summary>Keeps the scores as they are now for <see cref="Recall"/>. Throws MLS3010 above the memory budget.</summary>
    public void Keep(CancellationToken cancel)
    {
        if (_kept.Length == 0)
        {
            _budget.Take((long)Scores.Length * Labels.Length * sizeof(double), "the scores of the best iteration");
            _kept = Array.ConvertAll(Scores, scores => new double[scores.Length]);
        }
        Copy(Scores, _kept, cancel);
    }

    /// <summary>Goes back to the scores that were kept.</summary>
    public void Recall(CancellationToken cancel)
    {
        Copy(_kept, Scores, cancel);
        Share(cancel);
    }

    private void Copy(double[][] from, double[][] to, CancellationToken cancel) => ForEachBlock((_, rows) =>
    {
        for (int output = 0; output < from.Length; output++) from[output].AsSpan(rows).CopyTo(to[output].AsSpan(rows));
    }, cancel);

    private static (FixedPointSum Sum, double Largest) SumOf(Range rows, TermsOfRows termsOf, double scale)
    {
        FixedPointSum sum = new(scale);
        double largest = 0;
        Span<double> tile = stackalloc double[TileRows];
        for (int start = rows.Start.Value; start < rows.End.Value; start += TileRows)
        {
            Range part = start..Math.Min(rows.End.Value, start + TileRows);
            Span<double> terms = tile[..(part.End.Value - start)];
            termsOf(part, terms);
            largest = Math.Max(largest, GradientKernel.Largest(terms));
            foreach (double term in terms) sum.Add(term);
        }
        return (sum, largest);
    }
}
