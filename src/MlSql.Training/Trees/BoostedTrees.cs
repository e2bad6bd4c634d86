using MlSql.Models;
using MlSql.Models.Estimators;
using MlSql.Training.Rows;

namespace MlSql.Training.Trees;

/// <summary>Gradient boosting as trainers of the registry.</summary>
internal sealed record BoostedTrees(EstimatorInfo Info) : TrainerEntry(Info)
{
    /// <summary>For classes: of two the log loss, of more the cross-entropy of their softmax.</summary>
    public static BoostedTrees Classifier { get; } = new(new EstimatorInfo(
        "boosted_tree_classifier", "BOOSTED_TREE_CLASSIFIER", ModelTask.Classification, "Gradient boosting of trees for two or more classes.", BoostingOptions.Table("logistic", "softmax"))
    {
        StoppingMetrics = ["loss", "log_loss", "accuracy"],
        ModelTypeDefaults = BoostingOptions.OfModelType,
        FixedOptions = BoostingOptions.Fixed,
    });

    /// <summary>For numbers.</summary>
    public static BoostedTrees Regressor { get; } = new(new EstimatorInfo(
        "boosted_tree_regressor", "BOOSTED_TREE_REGRESSOR", ModelTask.Regression, "Gradient boosting of trees for numbers.", BoostingOptions.Table("squared_error", "poisson", "quantile"))
    {
        StoppingMetrics = ["loss", "mean_squared_error", "mean_absolute_error"],
        ModelTypeDefaults = BoostingOptions.OfModelType,
        FixedOptions = BoostingOptions.Fixed,
    });

    /// <inheritdoc/>
    public override int MaxClasses => 1_000;

    /// <inheritdoc/>
    public override Fitting Begin(TrainingSpec spec, MemoryBudget budget) => new BoostedFitting(this, spec, budget);
}
