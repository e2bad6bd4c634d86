using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Planning.Plans;

namespace MlSql.Planning.Binding;

/// <summary>The columns of EVALUATE, in order; what Training computes under these names.</summary>
public static class MetricNames
{
    private static readonly ImmutableArray<string> Classification = ["precision", "recall", "accuracy", "f1_score", "log_loss", "roc_auc"];

    private static readonly ImmutableArray<string> Regression =
        ["mean_absolute_error", "mean_squared_error", "mean_squared_log_error", "median_absolute_error", "r2_score", "explained_variance"];

    /// <summary>The metrics of a model that tells classes apart, or of one that predicts a number.</summary>
    public static ImmutableArray<string> Of(ModelSignature signature) => signature.Classes is null ? Regression : Classification;

    /// <summary>All columns of an evaluation: those that it is grouped by, then the metrics.</summary>
    public static Schema Columns(BoundEvaluation evaluation) =>
        new([.. evaluation.By, .. Of(evaluation.Score.Model.Model.Signature).Select(m => new Field(m, new FloatType(64)))]);
}
