using System.Collections.Immutable;
using MlSql.Models;
using MlSql.Models.Estimators;
using MlSql.Training.Encoders;
using MlSql.Training.Kernels;
using MlSql.Training.Rounds;
using MlSql.Training.Rows;

namespace MlSql.Training.Linear;

/// <summary>A trainer of the linear family: featurisers are fitted, then rounds are run over the encoded rows.</summary>
internal sealed record LinearEntry(EstimatorInfo Info, Func<TrainerPlan, ITrainer> Create) : TrainerEntry(Info)
{
    /// <inheritdoc/>
    public override Fitting Begin(TrainingSpec spec, MemoryBudget budget) => new StoredFitting(this, spec, budget);

    /// <summary>
    /// Learns from the training rows; <paramref name="moments"/> are those of the encoded columns that it took, by the way, null where it took none. Throws <see cref="Columnar.CodedException"/> (MLS3xxx), <see cref="OperationCanceledException"/>.
    /// </summary>
    public FittedModel Fit(TrainingData data, out Moments[]? moments, CancellationToken cancel)
    {
        Encoder encoder = Encoder.Fit(data.Store, data.Weights, data.Crew, data.Warnings, cancel);
        moments = data.Weights is null ? encoder.DenseMoments : null;
        Design train = encoder.DesignOf(RowPart.Train, data.Weights);
        (double weight, double labelMean) = TrainingWeights.Totals(train);
        ITrainer trainer = Create(new(encoder.Shape, data.Spec.Options, labelMean, weight, train.Rows));
        ImmutableArray<IterationInfo> iterations = Train(trainer, train, encoder.DesignOf(RowPart.Eval, data.WeightsOf(RowPart.Eval)), data, out Done done, cancel);
        if (done.Warning is not null) data.Warnings.Add(done.Warning);
        return new(
            encoder.Featurizers, done.Structure, iterations,
            (part, stop) => LinearPredictions.Of((LinearStructure)done.Structure, encoder.DesignOf(part, data.WeightsOf(part)), data.Crew, stop));
    }

    private static ImmutableArray<IterationInfo> Train(ITrainer trainer, Design train, Design eval, TrainingData data, out Done done, CancellationToken cancel)
    {
        RoundDriver driver = new(trainer, train, data.Crew);
        int maxIterations = (int)Math.Min(int.MaxValue, data.Spec.Options.Integer("max_iterations"));
        var iterations = ImmutableArray.CreateBuilder<IterationInfo>();
        long last = data.Time.GetTimestamp();
        data.Store.Budget.Take(driver.Bytes, "the trainer's sums");
        done = driver.Run(iteration =>
        {
            double? evalLoss = eval.Rows == 0 ? null : EvalLoss.Of((LinearStructure)iteration.Structure, eval, data.Crew, cancel);
            long now = data.Time.GetTimestamp();
            iterations.Add(new(iteration.Iteration, iteration.Loss, evalLoss, data.Time.GetElapsedTime(last, now)));
            last = now;
            data.Progress.Report("training", train.Rows * (iteration.Iteration + 1L), iteration.Iteration, maxIterations, iteration.Loss);
        }, cancel);
        data.Store.Budget.Give(driver.Bytes);
        return iterations.ToImmutable();
    }
}

/// <summary>What a trainer of the linear family works on.</summary>
/// <param name="Spec">What is wanted.</param>
/// <param name="Store">The rows, in order.</param>
/// <param name="Classes">The classes, ascending; labels are their indexes. Null for regression.</param>
/// <param name="Weights">What each training row weighs, its class's weight included; null when every row weighs 1.</param>
/// <param name="Context">What it works with.</param>
internal sealed record TrainingData(TrainingSpec Spec, RowStore Store, ClassLabels? Classes, ChunkedArray<double>? Weights, FittingContext Context)
{
    public BlockCrew Crew => Context.Crew;

    public TimeProvider Time => Context.Time;

    public ProgressReporter Progress => Context.Progress;

    public List<TrainingWarning> Warnings => Context.Warnings;

    /// <summary>What the rows of a part weigh; the weights of classes count in the training part alone.</summary>
    public ChunkedArray<double>? WeightsOf(RowPart part) => part == RowPart.Train ? Weights : Store.Weights?[(int)part];
}
