using System.Collections.Immutable;
using MlSql.Models;

namespace MlSql.Planning.Binding;

/// <summary>The columns of EVALUATE, in order; what Training computes under these names.</summary>
public static class MetricNames
{
    private static readonly ImmutableArray<string> Classification = ["precision", "recall", "accuracy", "f1_score", "log_loss", "roc_auc"];

    private static readonly ImmutableArray<string> Regression =
        ["mean_absolute_error", "mean_squared_error", "mean_squared_log_error", "median_absolute_error", "r2_score", "explained_variance"];

    /// <summary>The metrics of a task.</summary>
    public static ImmutableArray<string> Of(ModelTask task) => task == ModelTask.Classification ? Classification : Regression;
}
