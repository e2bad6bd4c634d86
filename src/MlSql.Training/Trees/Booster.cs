using System.Collections.Immutable;
using MlSql.Models.Trees;
using MlSql.Training.Kernels;
using MlSql.Training.Rounds;
using MlSql.Training.Rows;

namespace MlSql.Training.Trees;

/// <summary>
/// Gradient boosting of trees (Friedman: Greedy function approximation, 2001) with second derivatives: each tree is grown on the derivatives of the loss at the scores so far. Derivatives are rounded to 16 bits and their sums are whole numbers, and
/// every choice is made on such sums: the trees depend on the set of rows and on nothing else.
/// </summary>
internal sealed class Booster
{
    private readonly BoostingData _data;
    private readonly BoostingOptions _options;
    private readonly Objective _objective;
    private readonly BlockCrew _crew;
    private readonly BoostedPart _train;
    private readonly BoostedPart? _eval;
    private readonly TreeRows _rows;
    private readonly TreeGrower _grower;
    private readonly List<Tree> _trees = [];
    private readonly double[] _bases;
    private readonly (double Gradient, double Hessian)[] _scales;
    private readonly StoppingRule? _stopping;

    public Booster(BoostingData data)
    {
        (_data, _crew, _objective) = (data, data.Context.Crew, Objective.Of(data.Options, data.Classes?.Values.Length ?? 0));
        _options = data.Options with { Directions = MonotoneDirections.Of(data.Spec, data.Columns) };
        _train = PartOf(RowPart.Train);
        _eval = data.Parts[(int)RowPart.Eval].Labels.Length == 0 ? null : PartOf(RowPart.Eval);
        _rows = new(_train.Rows, TreeGrower.MaxNodes(_options.MaxLeaves), data.Budget);
        _grower = new(_rows, _options, _crew);
        _bases = _objective.Bases(_train.Labels, _train.Weights);
        _scales = [.. _bases.Select(_ => (1.0, 1.0))];
        _stopping = StoppingRule.Of(data.Spec.EarlyStopping, _objective, _eval);
    }

    /// <summary>Grows all trees.</summary>
    public FittedModel Run(CancellationToken cancel)
    {
        _train.Begin(_bases, cancel);
        _eval?.Begin(_bases, cancel);
        var iterations = ImmutableArray.CreateBuilder<IterationInfo>();
        long last = _data.Context.Time.GetTimestamp();
        bool stopped = false;
        for (int iteration = 0; iteration < _options.Trees && !stopped; iteration++)
        {
            bool grown = false;
            for (int output = 0; output < _objective.Outputs; output++) grown |= Grow(iteration, output, cancel);
            if (iteration == 0 && _options.Subsample == 1) Arrange(cancel);
            _train.Share(cancel);
            _eval?.Share(cancel);
            long now = _data.Context.Time.GetTimestamp();
            double loss = _train.Loss(cancel);
            double? evalLoss = _eval?.Loss(cancel);
            iterations.Add(new(iteration + 1, loss, evalLoss, _data.Context.Time.GetElapsedTime(last, now)));
            last = now;
            _data.Context.Progress.Report("training", _train.Labels.Length * (iteration + 1L), iteration + 1, _options.Trees, loss);
            if (_stopping?.IsBest(iteration + 1, evalLoss!.Value, cancel) == true) Keep(cancel);
            // Other rows or columns may divide where these did not.
            if (!grown && _options is { Subsample: 1, ColumnSample: 1 }) break;
            stopped = _stopping?.IsOver(iteration + 1) == true;
        }
        if (_stopping is not null) Recall(_stopping.Best, cancel);
        TreeStructure structure = new([.. _bases], [.. _trees], TreeAggregate.Sum, TreePrecision.Double, _objective.Link, 1);
        return new(_data.Columns.Featurizers, structure, iterations.ToImmutable(), Predict) { Stopping = _stopping is null ? null : new(_stopping.Best, stopped) };
    }

    private void Arrange(CancellationToken cancel)
    {
        _crew.Run(_grower.Leaves, _rows.Sort, cancel);
        _train.Arrange(block => LeafOrder.Of(_rows, _grower.Leaves, block), cancel);
    }

    private void Keep(CancellationToken cancel)
    {
        _train.Keep(cancel);
        _eval!.Keep(cancel);
    }

    // What was grown after the best iteration is no part of the model, nor of the scores that it is measured by.
    private void Recall(int best, CancellationToken cancel)
    {
        int kept = best * _objective.Outputs;
        if (kept == _trees.Count) return;
        _trees.RemoveRange(kept, _trees.Count - kept);
        _train.Recall(cancel);
        _eval!.Recall(cancel);
    }

    // One tree of an output; false for one of a single leaf.
    private bool Grow(int iteration, int output, CancellationToken cancel)
    {
        (double gradientScale, double hessianScale) = Pack(output, cancel);
        long tree = (long)iteration * _objective.Outputs + output;
        bool[] taken = RowsOf(tree);
        List<GrownSplit> splits = _grower.Grow(taken, ColumnsOf(tree), 1 / gradientScale, 1 / hessianScale, cancel);
        double[] values = new double[_grower.Leaves];
        ValueBounds[]? bounds = BoundsOf(splits, output, cancel);
        _crew.Run(values.Length, leaf => values[leaf] = ValueOf(leaf, output, gradientScale, hessianScale, bounds), cancel);
        Tree grown = TreeBuilder.Of(splits, _grower, _data.Columns.Columns, values, output);
        _trees.Add(grown);
        if (taken.Length == 0)
            _crew.Run(values.Length, leaf => ScoreKernel.Add(_rows.RowsOf(leaf), values[leaf], _train.Scores[output]), cancel);
        else _train.Add(grown, cancel);
        _eval?.Add(grown, cancel);
        return splits.Count > 0;
    }

    // Derivatives as whole numbers: the scales are powers of two that the largest of them decide. Those of the tree before serve nearly always; where they do not, all is done again.
    private (double Gradient, double Hessian) Pack(int output, CancellationToken cancel)
    {
        double[] gradientsOf = new double[_train.Blocks], hessiansOf = new double[_train.Blocks];
        while (true)
        {
            (double gradientScale, double hessianScale) = _scales[output];
            Array.Clear(gradientsOf);
            Array.Clear(hessiansOf);
            ForEachTile(output, (block, rows, gradients, hessians) =>
            {
                gradientsOf[block] = Math.Max(gradientsOf[block], GradientKernel.Largest(gradients));
                hessiansOf[block] = Math.Max(hessiansOf[block], GradientKernel.Largest(hessians));
                GradientKernel.Pack(gradients, hessians, gradientScale, hessianScale, _rows.Pairs.AsSpan(rows));
            }, cancel);
            _scales[output] = (GradientKernel.ScaleOf(gradientsOf.Max(), GradientKernel.MaxGradient), GradientKernel.ScaleOf(hessiansOf.Max(), GradientKernel.MaxHessian));
            if (_scales[output] == (gradientScale, hessianScale)) return _scales[output];
        }
    }

    private delegate void TileWork(int block, Range rows, ReadOnlySpan<double> gradients, ReadOnlySpan<double> hessians);

    // Derivatives are never kept: they would take 16 bytes a row.
    private void ForEachTile(int output, TileWork work, CancellationToken cancel) => _train.ForEachBlock((block, rows) =>
    {
        Span<double> g = stackalloc double[BoostedPart.TileRows], h = stackalloc double[BoostedPart.TileRows];
        for (int start = rows.Start.Value; start < rows.End.Value; start += BoostedPart.TileRows)
        {
            Range tile = start..Math.Min(rows.End.Value, start + BoostedPart.TileRows);
            Span<double> gradients = g[..(tile.End.Value - start)], hessians = h[..gradients.Length];
            _objective.Derivatives(output, _train.Scores, start, _train.SharedOf(tile), _train.Labels.AsSpan(tile), _train.WeightsOf(tile), gradients, hessians);
            work(block, tile, gradients, hessians);
        }
    }, cancel);

    // Null where no direction is wanted: then values are as they come.
    private ValueBounds[]? BoundsOf(List<GrownSplit> splits, int output, CancellationToken cancel) =>
        _options.Directions is not { } directions ? null
        : _objective is QuantileLoss quantile ? RenewedBounds.Of(splits, _rows, directions, rows => Quantile(quantile, rows, output), _crew, cancel)
        : [.. Enumerable.Range(0, _grower.Leaves).Select(_grower.Bounds)];

    private double ValueOf(int leaf, int output, double gradientScale, double hessianScale, ValueBounds[]? bounds)
    {
        LeafSums sums = _grower.Sums(leaf);
        double hessian = sums.Hessian / hessianScale + _options.L2, gradient = sums.Gradient / gradientScale;
        if (bounds is null && _objective is not QuantileLoss) return hessian > 0 ? -_options.LearnRate * gradient / hessian : 0;
        double value = _objective is QuantileLoss quantile ? Quantile(quantile, _rows.RowsOf(leaf), output) : hessian > 0 ? -gradient / hessian : 0;
        return _options.LearnRate * (bounds is null ? value : bounds[leaf].Clamp(value));
    }

    private double Quantile(QuantileLoss quantile, ReadOnlySpan<int> rows, int output)
    {
        double[] residuals = new double[rows.Length], weights = new double[_train.Weights.Length == 0 ? 0 : rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            residuals[i] = _train.Labels[rows[i]] - _train.Scores[output][rows[i]];
            if (weights.Length > 0) weights[i] = _train.Weights[rows[i]];
        }
        return rows.Length == 0 ? 0 : quantile.Quantile(residuals, weights);
    }

    // Equal rows share their fate; another tree draws anew.
    private bool[] RowsOf(long tree)
    {
        if (_options.Subsample == 1) return [];
        bool[] taken = new bool[_train.Labels.Length];
        ulong[] hashes = _data.Parts[(int)RowPart.Train].Hashes;
        long seed = unchecked((long)RowHash.Mix((ulong)_data.Spec.Seed, (ulong)tree));
        for (int row = 0; row < taken.Length; row++) taken[row] = RowHash.Fraction(hashes[row], seed) < _options.Subsample;
        return taken;
    }

    private bool[] ColumnsOf(long tree)
    {
        bool[] taken = new bool[_data.Columns.Columns.Length];
        Array.Fill(taken, true);
        if (_options.ColumnSample == 1) return taken;
        ulong seed = RowHash.Mix(RowHash.Mix((ulong)_data.Spec.Seed, (ulong)tree), 1);
        int keep = Math.Max(1, (int)Math.Round(_options.ColumnSample * taken.Length));
        foreach (int column in Enumerable.Range(0, taken.Length).OrderBy(column => RowHash.Finish(RowHash.Mix(seed, (ulong)column))).Skip(keep)) taken[column] = false;
        return taken;
    }

    private double[] Predict(RowPart part, CancellationToken cancel)
    {
        BoostedPart rows = part == RowPart.Train ? _train : part == RowPart.Eval && _eval is not null ? _eval : Scored(part, cancel);
        int count = rows.Labels.Length;
        double[] predictions = new double[_objective.Outputs * count];
        rows.ForEachBlock((_, block) =>
        {
            if (_objective is SoftmaxLoss)
            {
                for (int output = 0; output < _objective.Outputs; output++)
                    SoftmaxLoss.Probabilities(output, rows.Scores, block.Start.Value, rows.SharedOf(block), predictions.AsSpan(output * count + block.Start.Value, block.End.Value - block.Start.Value));
                return;
            }
            Span<double> ofBlock = predictions.AsSpan(block);
            rows.Scores[0].AsSpan(block).CopyTo(ofBlock);
            if (_objective.Link == TreeLink.Logistic) Elementary.Sigmoid(ofBlock);
            else if (_objective.Link == TreeLink.Exponential) Elementary.Exp(ofBlock);
        }, cancel);
        return predictions;
    }

    private BoostedPart PartOf(RowPart part) => new(_data.Parts[(int)part], part == RowPart.Train ? _data.Weights : _data.Parts[(int)part].Weights, _objective, _crew, _data.Budget);

    private BoostedPart Scored(RowPart part, CancellationToken cancel)
    {
        BoostedPart rows = PartOf(part);
        rows.Begin(_bases, cancel);
        foreach (Tree tree in _trees) rows.Add(tree, cancel);
        rows.Share(cancel);
        return rows;
    }
}
