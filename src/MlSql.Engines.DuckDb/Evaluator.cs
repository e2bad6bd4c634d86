using MlSql.Engines.DuckDb.Database;
using MlSql.Planning;
using MlSql.Planning.Binding;
using MlSql.Planning.Lowering;
using MlSql.Training.Metrics;

namespace MlSql.Engines.DuckDb;

/// <summary>Runs an <see cref="EvaluateStep"/>: streams scores and labels into metrics, one set a group.</summary>
internal static class Evaluator
{
    /// <summary>The metrics as a constant subquery.</summary>
    public static string Run(DuckDbConnection connection, EvaluateStep step, string sql, CancellationToken cancel)
    {
        var evaluation = step.Evaluation;
        var signature = evaluation.Score.Model.Model.Signature;
        var metrics = new GroupedEvaluation(signature, evaluation.Score.Threshold, evaluation.Weight is not null, evaluation.By);
        using var result = connection.ExecuteStreaming(sql, cancel);
        while (result.NextChunk(cancel) is { } chunk) metrics.Append(chunk.Views, chunk.Rows);
        return ConstantRows.Print(MetricNames.Columns(evaluation), metrics.Finish());
    }
}
