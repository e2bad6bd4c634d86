using MlSql.Models.Trees;
using MlSql.Training.Encoders;
using MlSql.Training.Rounds;
using MlSql.Training.Rows;

namespace MlSql.Training.Trees;

/// <summary>The rows of one part with their scores so far.</summary>
internal sealed class BoostedPart
{
    private readonly Objective _objective;
    private readonly BlockCrew _crew;

    public BoostedPart(TrainingData data, RowPart part, TreeColumns columns, Objective objective, CancellationToken cancel)
    {
        (_objective, _crew) = (objective, data.Crew);
        int rows = checked((int)data.Store.RowsOf(part));
        data.Store.Budget.Take((1L + objective.Outputs + (objective.Outputs > 1 ? 1 : 0) + (data.WeightsOf(part) is null ? 0 : 1)) * sizeof(double) * rows, "scores and labels");
        Labels = TrainingWeights.Flatten(data.Store.Labels.Parts[(int)part]);
        Weights = data.WeightsOf(part) is { } weights ? TrainingWeights.Flatten(weights) : [];
        Shared = objective.Outputs > 1 ? new double[rows] : [];
        Scores = [.. Enumerable.Range(0, objective.Outputs).Select(_ => new double[rows])];
        Rows = columns.Bin(part, data.Crew, cancel);
    }

    public BinnedRows Rows { get; }

    public double[] Labels { get; }

    /// <summary>Empty where every row weighs 1.</summary>
    public double[] Weights { get; }

    /// <summary>By output, then by row.</summary>
    public double[][] Scores { get; }

    /// <summary>What <see cref="Objective.Share"/> wrote; empty for one output.</summary>
    public double[] Shared { get; }

    private int Blocks => (Labels.Length + RowStore.BlockRows - 1) / RowStore.BlockRows;

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
    public double Loss(CancellationToken cancel)
    {
        var sums = new FixedPointSum[Blocks];
        var weights = new FixedPointSum[Blocks];
        double[] largest = new double[Blocks], heaviest = new double[Blocks];
        ForEachBlock((block, rows) =>
        {
            double[] losses = LossesOf(rows);
            foreach (double loss in losses) largest[block] = Math.Max(largest[block], Math.Abs(loss));
            foreach (double weight in WeightsOf(rows)) heaviest[block] = Math.Max(heaviest[block], weight);
        }, cancel);
        double most = largest.Max();
        if (!double.IsFinite(most)) throw TrainingErrors.NotFinite("the loss is not finite");
        double scale = FixedPointSum.ScaleOf(most), weightScale = FixedPointSum.ScaleOf(heaviest.Max());
        ForEachBlock((block, rows) =>
        {
            FixedPointSum sum = new(scale), weight = new(weightScale);
            foreach (double loss in LossesOf(rows)) sum.Add(loss);
            foreach (double one in WeightsOf(rows)) weight.Add(one);
            (sums[block], weights[block]) = (sum, weight);
        }, cancel);
        FixedPointSum total = new(scale), weightTotal = new(weightScale);
        for (int block = 0; block < sums.Length; block++)
        {
            total.Add(sums[block]);
            weightTotal.Add(weights[block]);
        }
        return total.Value / (Weights.Length == 0 ? Labels.Length : weightTotal.Value);
    }

    private double[] LossesOf(Range rows)
    {
        double[] losses = new double[rows.End.Value - rows.Start.Value];
        _objective.Losses(Scores, rows.Start.Value, SharedOf(rows), Labels.AsSpan(rows), WeightsOf(rows), losses);
        return losses;
    }
}
