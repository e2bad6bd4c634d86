using System.Collections.Immutable;
using MlSql.Models;
using MlSql.Models.Estimators;
using MlSql.Training.Encoders;
using MlSql.Training.Rounds;
using MlSql.Training.Rows;

namespace MlSql.Training.Linear;

/// <summary>A trainer of the linear family: featurisers are fitted, then rounds are run over the encoded rows.</summary>
internal sealed record LinearEntry(EstimatorInfo Info, Func<TrainerPlan, ITrainer> Create) : TrainerEntry(Info)
{
    /// <inheritdoc/>
    public override FittedModel Fit(TrainingData data, CancellationToken cancel)
    {
        Encoder encoder = Encoder.Fit(data.Store, data.Weights, data.Crew, data.Warnings, cancel);
        Design train = encoder.DesignOf(RowPart.Train, data.Weights);
        (double weight, double labelMean) = TrainingWeights.Totals(train);
        ITrainer trainer = Create(new(encoder.Shape, data.Spec.Options, labelMean, weight, train.Rows));
        ImmutableArray<IterationInfo> iterations = Train(trainer, train, encoder.DesignOf(RowPart.Eval, data.WeightsOf(RowPart.Eval)), data, out Done done, cancel);
        if (done.Warning is not null) data.Warnings.Add(done.Warning);
        return new(
            encoder.Featurizers, done.Structure, iterations,
            (part, stop) => LinearPredictions.Of((LinearStructure)done.Structure, encoder.DesignOf(part, data.WeightsOf(part)), data.Crew, stop),
            data.Weights is null ? encoder.DenseMoments : null);
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
