using System.Collections.Immutable;
using MlSql.Models;
using MlSql.Models.Estimators;
using MlSql.Models.Featurizers;
using MlSql.Models.Store;
using MlSql.Training.Rows;

namespace MlSql.Training;

/// <summary>A trainer of the registry.</summary>
internal abstract record TrainerEntry(EstimatorInfo Info)
{
    /// <summary>How many classes it tells apart at most.</summary>
    public virtual int MaxClasses => 2;

    /// <summary>Begins a run, which takes its memory from the budget. Throws <see cref="Columnar.CodedException"/> (MLS3xxx) for types that cannot be features or labels.</summary>
    public abstract Fitting Begin(TrainingSpec spec, MemoryBudget budget);

    /// <summary>The estimator's name.</summary>
    public sealed override string ToString() => Info.Name;
}

/// <summary>What a trainer learned.</summary>
/// <param name="Featurizers">How features become encoded columns.</param>
/// <param name="Structure">What is computed from them.</param>
/// <param name="Iterations">One line an iteration.</param>
/// <param name="Predict">Predictions for the rows of a part: values, or probabilities of the positive class of two; of more classes all probabilities of the first, then those of the next.</param>
internal sealed record FittedModel(
    ImmutableArray<Featurizer> Featurizers, ModelStructure Structure, ImmutableArray<IterationInfo> Iterations, Func<RowPart, CancellationToken, double[]> Predict)
{
    /// <summary>What EARLY STOPPING did, or null.</summary>
    public VersionStopping? Stopping { get; init; }
}
