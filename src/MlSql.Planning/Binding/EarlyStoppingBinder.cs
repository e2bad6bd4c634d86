using MlSql.Language.Statements;
using MlSql.Models.Estimators;
using MlSql.Planning.Plans;

namespace MlSql.Planning.Binding;

/// <summary>Binds EARLY STOPPING ( rounds = …, min_delta = …, metric = … ).</summary>
internal static class EarlyStoppingBinder
{
    /// <summary>What the clause says, null without one; reports an estimator that has no such thing, a training without eval rows, and options that make no sense.</summary>
    public static EarlyStopping? Bind(BindContext context, EarlyStoppingClause? clause, EstimatorInfo estimator, BoundSplit split)
    {
        if (clause is null) return null;
        if (estimator.StoppingMetrics.IsEmpty)
        {
            context.Report(BindErrors.NoEarlyStopping(clause.Span, estimator.Name, context.Catalog.Estimators.Where(e => !e.StoppingMetrics.IsEmpty).Select(e => e.Name)));
            return null;
        }
        if (split is { Kind: BoundSplitKind.None } or { Kind: BoundSplitKind.Random, Eval: 0 }) context.Report(BindErrors.NoEvalRows(clause.Span));
        var values = new TrainOptions(context, clause.Options).Fill(
        [
            new("rounds", OptionType.Integer, "10", "Iterations without a better one.") { Min = 1, Max = int.MaxValue },
            new("min_delta", OptionType.Number, "0", "A better one is better by more than this.") { Min = 0 },
            new("metric", OptionType.Word, estimator.StoppingMetrics[0], "What is looked at.") { Words = estimator.StoppingMetrics },
        ], []);
        return new((int)values.Integer("rounds"), values.Number("min_delta"), values.Values["metric"]);
    }
}
