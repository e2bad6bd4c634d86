using System.Collections.Immutable;
using System.Globalization;
using MlSql.Columnar;
using MlSql.Engines.DuckDb.Database;
using MlSql.Engines.DuckDb.Lowering;
using MlSql.Planning;
using MlSql.Planning.Binding;
using MlSql.Training.Metrics;

namespace MlSql.Engines.DuckDb;

/// <summary>Runs an <see cref="EvaluateStep"/>: streams scores and labels into metrics, one set a group.</summary>
internal static class Evaluator
{
    private const int MaxGroups = 10_000;

    /// <summary>The metrics as a constant subquery.</summary>
    public static string Run(DuckDbConnection connection, EvaluateStep step, string sql, CancellationToken cancel)
    {
        var evaluation = step.Evaluation;
        var signature = evaluation.Score.Model.Model.Signature;
        var groups = new SortedDictionary<long, Group>();
        using var result = connection.ExecuteStreaming(sql, cancel);
        int weightColumn = evaluation.Weight is null ? -1 : 3;
        int firstBy = weightColumn < 0 ? 3 : 4;
        while (result.NextChunk(cancel) is { } chunk)
        {
            var part = chunk.Views[0].Values<long>();
            if (evaluation.By.IsEmpty)
            {
                At(0, chunk, 0).Metrics.Append(chunk.Views[1], chunk.Views[2], weightColumn < 0 ? null : chunk.Views[weightColumn], 0, chunk.Rows);
                continue;
            }
            for (int start = 0, end; start < chunk.Rows; start = end)
            {
                end = start + 1;
                while (end < chunk.Rows && part[end] == part[start]) end++;
                At(part[start], chunk, start).Metrics.Append(chunk.Views[1], chunk.Views[2], weightColumn < 0 ? null : chunk.Views[weightColumn], start, end - start);
            }
        }
        if (groups.Count == 0 && evaluation.By.IsEmpty) At(0, null, 0);

        var schema = new Schema([.. evaluation.By, .. MetricNames.Of(signature.Task).Select(m => new Field(m, new FloatType(64)))]);
        return ConstantRows.Print(schema, [.. groups.Values.Select(g => Row(g, schema, evaluation.By.Length))]);

        Group At(long number, DuckDbChunk? chunk, int row)
        {
            if (groups.TryGetValue(number, out var found)) return found;
            if (groups.Count == MaxGroups) throw RunErrors.Groups(MaxGroups);
            var by = ImmutableArray.CreateBuilder<object?>();
            for (int i = 0; i < evaluation.By.Length; i++)
            {
                var view = chunk!.Views[firstBy + i];
                by.Add(view.IsValid(row) ? Value(System.Text.Encoding.UTF8.GetString(view.Text(row)), evaluation.By[i].Type) : null);
            }
            return groups[number] = new Group(by.ToImmutable(), new Evaluation(signature.Task, signature.Classes, evaluation.Score.Threshold));
        }
    }

    // What the constant rows carry as text is cast there; numbers and booleans are not.
    private static object Value(string text, DataType type) => type switch
    {
        BooleanType => text == "true",
        IntegerType { Bits: <= 32 } or IntegerType { Bits: 64, Signed: true } => long.Parse(text, CultureInfo.InvariantCulture),
        FloatType => double.Parse(text.Replace("inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture),
        _ => text,
    };

    private static ImmutableArray<object?> Row(Group group, Schema schema, int groupColumns)
    {
        var metrics = group.Metrics.Finish().ToDictionary(m => m.Name, m => m.Value);
        return [.. group.By, .. schema.Fields.Skip(groupColumns).Select(f => (object?)metrics[f.Name])];
    }

    private sealed record Group(ImmutableArray<object?> By, Evaluation Metrics);
}
