using System.Collections.Immutable;
using MlSql.Models;
using MlSql.Models.Estimators;
using MlSql.Models.Featurizers;
using MlSql.Models.Store;
using MlSql.Training.Kernels;
using MlSql.Training.Rounds;
using MlSql.Training.Rows;

namespace MlSql.Training;

/// <summary>A trainer of the registry.</summary>
internal abstract record TrainerEntry(EstimatorInfo Info)
{
    /// <summary>How many classes it tells apart at most.</summary>
    public virtual int MaxClasses => 2;

    /// <summary>Whether it needs the hash of every row.</summary>
    public virtual bool KeepsHashes => false;

    /// <summary>Learns from the training rows. Throws <see cref="Columnar.CodedException"/> (MLS3xxx), <see cref="OperationCanceledException"/>.</summary>
    public abstract FittedModel Fit(TrainingData data, CancellationToken cancel);

    /// <summary>The estimator's name.</summary>
    public sealed override string ToString() => Info.Name;
}

/// <summary>What a trainer works on.</summary>
/// <param name="Spec">What is wanted.</param>
/// <param name="Store">The rows, in order.</param>
/// <param name="Classes">The classes, ascending; labels are their indexes. Null for regression.</param>
/// <param name="Weights">What each training row weighs, its class's weight included; null when every row weighs 1.</param>
/// <param name="Crew">The threads.</param>
/// <param name="Time">The clock.</param>
/// <param name="Progress">Where to tell how far it is.</param>
/// <param name="Warnings">Where warnings go.</param>
internal sealed record TrainingData(
    TrainingSpec Spec, RowStore Store, ClassLabels? Classes, ChunkedArray<double>? Weights, BlockCrew Crew, TimeProvider Time, ProgressReporter Progress, List<TrainingWarning> Warnings)
{
    /// <summary>What the rows of a part weigh; the weights of classes count in the training part alone.</summary>
    public ChunkedArray<double>? WeightsOf(RowPart part) => part == RowPart.Train ? Weights : Store.Weights?[(int)part];
}

/// <summary>What a trainer learned.</summary>
/// <param name="Featurizers">How features become encoded columns.</param>
/// <param name="Structure">What is computed from them.</param>
/// <param name="Iterations">One line an iteration.</param>
/// <param name="Predict">Predictions for the rows of a part: values, or probabilities of the positive class of two; of more classes all probabilities of the first, then those of the next.</param>
/// <param name="DenseMoments">Moments of the encoded columns that the trainer took, by the way; null where it took none.</param>
internal sealed record FittedModel(
    ImmutableArray<Featurizer> Featurizers, ModelStructure Structure, ImmutableArray<IterationInfo> Iterations, Func<RowPart, CancellationToken, double[]> Predict, Moments[]? DenseMoments)
{
    /// <summary>What EARLY STOPPING did, or null.</summary>
    public VersionStopping? Stopping { get; init; }
}
