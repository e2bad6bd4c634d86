using MlSql.Engines.Spark.Connect;
using MlSql.Planning;
using MlSql.Planning.Binding;
using MlSql.Planning.Lowering;
using MlSql.Training.Metrics;

namespace MlSql.Engines.Spark;

/// <summary>Runs an <see cref="EvaluateStep"/>: scores come from the cluster, metrics are computed here, one set a group.</summary>
internal static class SparkEvaluator
{
    /// <summary>The metrics as a constant subquery.</summary>
    public static async Task<string> RunAsync(SparkStatements statements, EvaluateStep step, string sql, IProgress<SparkProgress> progress, CancellationToken cancel)
    {
        var evaluation = step.Evaluation;
        var metrics = new GroupedEvaluation(evaluation.Score.Model.Model.Signature, evaluation.Score.Threshold, evaluation.Weight is not null, evaluation.By);
        await foreach (var batch in statements.BatchesAsync(sql, progress, cancel).ConfigureAwait(false)) metrics.Append(batch.Columns, batch.Rows);
        return ConstantRows.Print(MetricNames.Columns(evaluation), metrics.Finish());
    }
}
