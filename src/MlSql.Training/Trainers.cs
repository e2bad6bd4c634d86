using System.Collections.Immutable;
using MlSql.Models.Estimators;
using MlSql.Training.Linear;
using MlSql.Training.Trees;

namespace MlSql.Training;

/// <summary>Every trainer there is.</summary>
public static class Trainers
{
    /// <summary>The registry: a trainer is a line here.</summary>
    internal static ImmutableArray<TrainerEntry> All { get; } =
    [
        new LinearEntry(LinearRegressionTrainer.Info, LinearRegressionTrainer.Create),
        new LinearEntry(LogisticRegressionTrainer.Info, LogisticRegressionTrainer.Create),
        BoostedTrees.Classifier,
        BoostedTrees.Regressor,
    ];

    /// <summary>What each trainer is called and takes.</summary>
    public static ImmutableArray<EstimatorInfo> Infos { get; } = [.. All.Select(entry => entry.Info)];

    /// <summary>The trainer of an estimator. Throws MLS3018 when there is none.</summary>
    internal static TrainerEntry Of(EstimatorInfo info) => All.FirstOrDefault(entry => entry.Info.Name == info.Name) ?? throw TrainingErrors.UnknownEstimator(info.Name);
}
