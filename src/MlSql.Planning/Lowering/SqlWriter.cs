using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MlSql.Columnar;
using MlSql.Language;
using MlSql.Planning.Plans;

namespace MlSql.Planning.Lowering;

/// <summary>Prints bound SQL; functions and evaluations that it needs become steps before it.</summary>
internal sealed class SqlWriter(ILoweringDialect dialect, ImmutableArray<ProgramStep>.Builder steps, HashSet<string> functions)
{
    private const string Row = "__mlsql_row";

    private readonly StringBuilder _into = new();

    /// <summary>What was written.</summary>
    public override string ToString() => _into.ToString();

    /// <summary>Writes the parts in order.</summary>
    public void Write(BoundSql sql)
    {
        foreach (var part in sql.Parts)
        {
            switch (part)
            {
                case BoundText t:
                    _into.Append(t.Text);
                    break;
                case BoundPrediction p:
                    Write(p);
                    break;
                case BoundPredictTable t:
                    Write(t);
                    break;
                case BoundRows r:
                    _into.Append(ConstantRows.Print(r.Schema, r.Rows));
                    break;
                case BoundEvaluation e:
                    Write(e);
                    break;
                case BoundImportance i:
                    Write(i);
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException(part.GetType().Name);
            }
        }
    }

    private void Write(BoundPrediction prediction)
    {
        string[] arguments = [.. prediction.Arguments.Select(Text)];
        if (prediction.Scoring == ScoringMode.Inline) _into.Append(dialect.Inline(prediction, arguments));
        else Call(Register(prediction), arguments);
    }

    private void Call(PredictFunction function, string[] arguments)
    {
        var packed = function.Packed;
        IEnumerable<string> passed = packed.IsEmpty ? arguments : [$"[{string.Join(", ", packed.Select(i => arguments[i]))}]", .. arguments.Where((_, i) => !packed.Contains(i))];
        _into.Append(function.Name).Append('(').AppendJoin(", ", passed).Append(')');
    }

    private void Write(BoundPredictTable table)
    {
        var model = table.Row.Model;
        string lineage = table.Lineage
            ? string.Create(CultureInfo.InvariantCulture, $", {SqlQuote.Text(model.Name)} AS _model, {model.Version} AS _version, now() AS _scored_at")
            : "";
        string call = Text(table.Row), source = Text(table.Source);
        string? attached = table.Row.Scoring == ScoringMode.Inline ? null : dialect.Attach(call, Row, source);
        if (table.Row.Output is PredictionOutput.Row or PredictionOutput.Explanation)
        {
            var fields = ((StructType)table.Row.Type).Fields;
            string outputs = string.Join(", ", fields.Select((field, i) => $"{Row}.{SqlQuote.Identifier(field.Name)} AS {SqlQuote.Identifier(table.Outputs[i])}"));
            _into.Append(CultureInfo.InvariantCulture, $"(SELECT {outputs}, * EXCLUDE ({Row}){lineage} FROM {attached ?? $"(SELECT {call} AS {Row}, * FROM {source})"})");
        }
        else if (attached is not null) _into.Append(CultureInfo.InvariantCulture, $"(SELECT {Row} AS {SqlQuote.Identifier(table.Outputs[0])}, * EXCLUDE ({Row}){lineage} FROM {attached})");
        else _into.Append(CultureInfo.InvariantCulture, $"(SELECT {call} AS {SqlQuote.Identifier(table.Outputs[0])}, *{lineage} FROM {source})");
    }

    // Metrics are computed before the query runs; their rows take the place of the slot.
    private void Write(BoundEvaluation evaluation)
    {
        var inner = new SqlWriter(dialect, steps, functions);
        inner._into.Append("SELECT ");
        if (evaluation.By.IsEmpty) inner._into.Append("0::BIGINT");
        else inner._into.Append("(dense_rank() OVER (ORDER BY ").AppendJoin(", ", evaluation.By.Select(f => SqlQuote.Identifier(f.Name) + " NULLS LAST")).Append("))::BIGINT");
        inner._into.Append(" AS part, ");
        inner.Write(evaluation.Score);
        inner._into.Append(" AS score, ").Append(SqlQuote.Identifier(evaluation.Label)).Append(" AS label");
        if (evaluation.Weight is { } weight) inner._into.Append(", CAST(").Append(SqlQuote.Identifier(weight)).Append(" AS DOUBLE) AS weight");
        for (int i = 0; i < evaluation.By.Length; i++) inner._into.Append(CultureInfo.InvariantCulture, $", CAST({SqlQuote.Identifier(evaluation.By[i].Name)} AS VARCHAR) AS by{i}");
        inner._into.Append(" FROM ");
        inner.Write(evaluation.Source);
        string slot = string.Create(CultureInfo.InvariantCulture, $"__mlsql_metrics_{steps.OfType<EvaluateStep>().Count() + 1}__");
        steps.Add(new EvaluateStep(slot, evaluation, inner.ToString()));
        _into.Append(slot);
    }

    private void Write(BoundImportance importance)
    {
        string slot = string.Create(CultureInfo.InvariantCulture, $"__mlsql_importance_{steps.OfType<ImportanceStep>().Count() + 1}__");
        steps.Add(new ImportanceStep(slot, importance, ImportanceSql.Of(importance, Text)));
        _into.Append(slot);
    }

    private string Text(BoundSql sql)
    {
        var inner = new SqlWriter(dialect, steps, functions);
        inner.Write(sql);
        return inner.ToString();
    }

    private string Text(BoundPrediction prediction)
    {
        var inner = new SqlWriter(dialect, steps, functions);
        inner.Write(prediction);
        return inner.ToString();
    }

    private PredictFunction Register(BoundPrediction prediction)
    {
        var function = dialect.Function(prediction);
        if (functions.Add(function.Name)) steps.Add(new RegisterFunctionStep(function));
        return function;
    }
}
