using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Language;
using MlSql.Language.Statements;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Planning.Plans;

namespace MlSql.Planning.Binding;

/// <summary>Binds what explains models and predictions: ML.TRAINING_INFO, ML.FEATURE_IMPORTANCE, EXPLAIN MODEL, EXPLAIN PREDICTIONS, ML.EXPLAIN_PREDICT.</summary>
internal sealed class ExplanationBinder(BindContext context, TableCallBinder tables)
{
    /// <summary>ML.TRAINING_INFO; reports a model that was not trained here and gives null.</summary>
    public BoundRows? TrainingInfo(ModelVersion model, Span at)
    {
        var details = context.Catalog.Details(model.Name, model.Version);
        if (!details.Iterations.IsEmpty) return ImportanceListings.Training(details);
        context.Report(BindErrors.NoTraining(at, model.Name));
        return null;
    }

    /// <summary>ML.FEATURE_IMPORTANCE; reports a model that has no trees and gives null.</summary>
    public BoundRows? FeatureImportance(ModelVersion model, Span at)
    {
        if (ImportanceListings.Trees(model.Model) is { } trees) return ImportanceListings.Splits(model.Model.Signature, trees.Trees, trees.Featurizers, trees.Measured);
        context.Report(BindErrors.NoSplits(at, model.Name));
        return null;
    }

    /// <summary>EXPLAIN MODEL; reports what is wrong and gives null.</summary>
    public BoundPart? Importance(ModelVersion model, ExplainModelStatement explain, Scope scope)
    {
        if (explain.Source is { } source) return Measured(model, source, explain, scope);
        foreach (var option in explain.Options) context.Report(BindErrors.MeasuredOnRows(option.KeySpan, option.Key));
        if (ImportanceListings.Trees(model.Model) is { } trees) return ImportanceListings.Importance(model.Model.Signature, trees.Trees, trees.Featurizers, trees.Measured);
        if (model.Model.Structure is LinearStructure linear) return ImportanceListings.Importance(model.Model, linear);
        context.Report(BindErrors.UnknownInside(explain.Model.Span, model.Name));
        return null;
    }

    /// <summary>EXPLAIN PREDICTIONS and ML.EXPLAIN_PREDICT; reports what is wrong and gives null.</summary>
    public BoundPredictTable? Predictions(ModelVersion model, RelationSource source, ImmutableArray<Option> given, Span at, Scope scope)
    {
        var options = ExplainOptions.Bind(context, given);
        if (ExplanationTypes.Obstacle(model.Model) is { } obstacle)
        {
            context.Report(BindErrors.NoAttributions(at, model.Name, obstacle));
            return null;
        }
        new PredictOptions(options.Threshold, false, null, null, false).CheckThreshold(context, at, model);
        if (tables.Columns(source, scope) is not { } columns || tables.Features(model, columns, at) is not { } features) return null;
        var prediction = TableCallBinder.Prediction(model, PredictionOutput.Explanation, features, options.Threshold) with { TopFeatures = options.TopFeatures };
        return new BoundPredictTable(prediction, tables.BindSource(source, scope), tables.Free(model, Outputs(model), columns, at), Lineage: false);
    }

    /// <summary>The columns of ML.EXPLAIN_PREDICT before those of the rows.</summary>
    public static IEnumerable<Field> Outputs(ModelVersion model)
    {
        var signature = model.Model.Signature;
        bool imported = PredictionBinder.AnswersByItself(model.Model);
        yield return new Field(imported ? signature.Label : "predicted_" + signature.Label, PredictionTypes.Of(model, PredictionOutput.Value));
        foreach (var field in ExplanationTypes.Further(signature.Task == ModelTask.Classification)) yield return field;
    }

    private BoundImportance? Measured(ModelVersion model, RelationSource source, ExplainModelStatement explain, Scope scope)
    {
        var options = PredictOptions.Bind(context, explain.Options, table: true);
        foreach (var option in explain.Options.Where(o => o.Key is not ("label" or "weight"))) context.Report(BindErrors.UnknownOption(option.KeySpan, option.Key, ["label", "weight"]));
        string? obstacle = !TableCallBinder.IsMeasurable(model.Model) ? "answers otherwise" : model.Model.Structure is GraphStructure { RowsAreIndependent: false } ? "sees whole batches" : null;
        if (obstacle is not null)
        {
            context.Report(BindErrors.NotExplainable(explain.Model.Span, model.Name, obstacle));
            return null;
        }
        if (tables.Columns(source, scope) is not { } columns) return null;
        var features = tables.Features(model, columns, explain.Span);
        var (label, weight) = tables.Measured(model, options, columns, "EXPLAIN MODEL … ON", explain.Span);
        if (features is null || label is null || context.HasErrors) return null;
        return new BoundImportance(TableCallBinder.Prediction(model, PredictionOutput.Score, features, 0.5), tables.BindSource(source, scope), label, weight);
    }
}
