using MlSql.Engines.DuckDb.Database;
using MlSql.Planning;
using MlSql.Planning.Binding;
using MlSql.Planning.Lowering;
using MlSql.Training.Metrics;

namespace MlSql.Engines.DuckDb;

/// <summary>Runs an <see cref="EvaluateStep"/> or an <see cref="ImportanceStep"/>: streams scores and labels into metrics.</summary>
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

    /// <summary>How much each feature matters as a constant subquery; <paramref name="fill"/> puts the results of earlier steps into SQL.</summary>
    public static string Run(DuckDbConnection connection, ImportanceStep step, Func<string, string> fill, CancellationToken cancel)
    {
        var importance = step.Importance;
        var measured = new PermutationImportance(importance.Score.Model.Model.Signature, importance.Weight is not null);
        foreach (var query in step.Queries)
        {
            using var result = connection.ExecuteStreaming(fill(query.Sql), cancel);
            while (result.NextChunk(cancel) is { } chunk) measured.Append(chunk.Views, query.Targets, chunk.Rows);
        }
        var losses = measured.Finish();
        return ImportanceRows.Print(importance, measured.Loss, measured.Rows, losses);
    }
}
