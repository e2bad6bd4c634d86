using MlSql.Engines.Spark.Connect;
using MlSql.Planning;
using MlSql.Planning.Binding;
using MlSql.Planning.Lowering;
using MlSql.Training.Metrics;

namespace MlSql.Engines.Spark;

/// <summary>Runs an <see cref="EvaluateStep"/> or an <see cref="ImportanceStep"/>: scores come from the cluster, metrics are computed here.</summary>
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

    /// <summary>How much each feature matters as a constant subquery; <paramref name="fill"/> puts the results of earlier steps into SQL.</summary>
    public static async Task<string> RunAsync(SparkStatements statements, ImportanceStep step, Func<string, string> fill, IProgress<SparkProgress> progress, CancellationToken cancel)
    {
        var importance = step.Importance;
        var measured = new PermutationImportance(importance.Score.Model.Model.Signature, importance.Weight is not null);
        foreach (var query in step.Queries)
            await foreach (var batch in statements.BatchesAsync(fill(query.Sql), progress, cancel).ConfigureAwait(false)) measured.Append(batch.Columns, query.Targets, batch.Rows);
        var losses = measured.Finish();
        return ImportanceRows.Print(importance, measured.Loss, measured.Rows, losses);
    }
}
