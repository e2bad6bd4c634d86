using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Language;
using MlSql.Language.Statements;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Models.Trees;
using MlSql.Planning.Plans;

namespace MlSql.Planning.Binding;

/// <summary>Binds the table forms: ML.PREDICT, ML.EVALUATE, ML.EXPLAIN_PREDICT, ML.WEIGHTS and its like, and what lowers to them.</summary>
internal sealed class TableCallBinder(BindContext context, SqlBinder sql)
{
    private static readonly DataType Number = new FloatType(64);

    /// <summary>Binds what explains models and predictions.</summary>
    public ExplanationBinder Explanations => new(context, this);

    /// <summary>Binds a call in FROM; reports what is wrong and gives null.</summary>
    public BoundPart? Bind(TableCall call, Scope scope)
    {
        if (call.Model is not { } reference || Carried(call.Function) is not { } function)
        {
            context.Report(BindErrors.NotCarriedOut(call.Span, $"ML.{call.Function}"));
            return null;
        }
        if (context.Resolve(reference) is not { } model) return null;
        if (function == "EXPLAIN_PREDICT") return call.Source is { } rows ? Explanations.Predictions(model, rows, call.Options, call.Span, scope) : Refuse(call);
        var options = PredictOptions.Bind(context, call.Options, table: true);
        return function switch
        {
            "PREDICT" when call.Source is { } source => Predict(model, source, options, call.Span, scope),
            "EVALUATE" => call.Source is { } source ? Evaluate(model, source, [], options, call.Span, scope) : StoredEvaluation(model, call.Options, call.Span),
            "WEIGHTS" when model.Model.Structure is not LinearStructure => NoWeights(call, model),
            "WEIGHTS" => ModelListings.Weights(model.Model, options.Standardize),
            "FEATURE_INFO" => ModelListings.FeatureInfo(context.Catalog.FeatureStatistics(model.Name, model.Version)),
            "TRAINING_INFO" => Explanations.TrainingInfo(model, call.Span),
            "FEATURE_IMPORTANCE" => Explanations.FeatureImportance(model, call.Span),
            _ => Refuse(call),
        };
    }

    /// <summary>A query of the same columns as the call, for the engine to describe; null when not known.</summary>
    public string? DescribableQuery(TableCall call)
    {
        if (call.Model is not { } reference || Carried(call.Function) is not { } function || context.Resolve(reference) is not { } model) return null;
        switch (function)
        {
            case "PREDICT":
                if (call.Source is null || Text(call.Source) is not { } source) return null;
                return $"(SELECT {string.Join(", ", Outputs(model, PredictOptions.DetailsOf(call.Options)).Select(o => Null(o.Name, o.Type)))}, * FROM {source})";
            case "EVALUATE":
                return $"(SELECT {string.Join(", ", MetricNames.Of(model.Model.Signature).Select(m => Null(m, Number)))})";
            case "WEIGHTS":
                return $"(SELECT {string.Join(", ", ModelListings.WeightColumns.Fields.Select(f => Null(f.Name, f.Type)))})";
            case "EXPLAIN_PREDICT":
                if (call.Source is null || Text(call.Source) is not { } explained) return null;
                return $"(SELECT {string.Join(", ", ExplanationBinder.Outputs(model).Select(o => Null(o.Name, o.Type)))}, * FROM {explained})";
            case "TRAINING_INFO":
                return $"(SELECT {string.Join(", ", ImportanceListings.TrainingColumns.Fields.Select(f => Null(f.Name, f.Type)))})";
            case "FEATURE_IMPORTANCE":
                return $"(SELECT {string.Join(", ", ImportanceListings.SplitColumns.Fields.Select(f => Null(f.Name, f.Type)))})";
            default:
                return $"(SELECT {string.Join(", ", ModelListings.FeatureInfoColumns.Fields.Select(f => Null(f.Name, f.Type)))})";
        }
    }

    /// <summary>Binds PREDICT model ON source.</summary>
    public BoundPredictTable? Predict(ModelVersion model, RelationSource source, PredictOptions options, Span at, Scope scope)
    {
        if (Columns(source, scope) is not { } columns) return null;
        var arguments = Features(model, columns, at);
        if (arguments is null) return null;
        options.CheckThreshold(context, at, model);
        var details = Details(model, options, at);
        var outputs = Free(model, Outputs(model, details), columns, at);
        bool row = model.Model.Signature.Task == ModelTask.Classification || model.Model.Structure is GraphStructure || details != PredictionDetails.None;
        var prediction = Prediction(model, row ? PredictionOutput.Row : PredictionOutput.Value, arguments, options.Threshold) with { Details = details };
        return new BoundPredictTable(prediction, BindSource(source, scope), outputs, options.Lineage);
    }

    /// <summary>Binds EVALUATE model ON source.</summary>
    public BoundEvaluation? Evaluate(ModelVersion model, RelationSource source, ImmutableArray<Name> by, PredictOptions options, Span at, Scope scope)
    {
        var measured = model.Model.Signature;
        if (!IsMeasurable(model.Model))
        {
            context.Report(BindErrors.NotMeasurable(at, model.Name));
            return null;
        }
        if (options.Threshold != 0.5 && measured.IsMulticlass) context.Report(BindErrors.ThresholdOfMany(at, model.Name, measured.Classes!.Values.Length));
        if (Columns(source, scope) is not { } columns) return null;
        var arguments = Features(model, columns, at);
        var (label, weight) = Measured(model, options, columns, "EVALUATE", at);
        var groups = ImmutableArray.CreateBuilder<Field>();
        foreach (var name in by)
        {
            if (columns.Find(name.Last) is { } found) groups.Add(found);
            else context.Report(BindErrors.UnknownColumn(name.Span, name.Last, columns.Names));
        }
        if (arguments is null || label is null || context.HasErrors) return null;
        return new BoundEvaluation(Prediction(model, PredictionOutput.Score, arguments, options.Threshold), BindSource(source, scope), label, weight, groups.ToImmutable());
    }

    /// <summary>Whether a model has classes or one number as its answer.</summary>
    public static bool IsMeasurable(Model model) =>
        model.Signature.Task != ModelTask.Graph && model.Signature.Classes is not { Values.Length: < 2 } && (model.Signature.Classes is not null || model.Structure is not TreeStructure { Predictions: > 1 });

    /// <summary>The columns of the label and the weight; reports those that are missing.</summary>
    public (string? Label, string? Weight) Measured(ModelVersion model, PredictOptions options, ColumnLookup columns, string statement, Span at)
    {
        string asked = options.Label ?? model.Model.Signature.Label;
        string? label = columns.Find(asked)?.Name;
        if (label is null) context.Report(BindErrors.NoLabelColumn(at, statement, asked, columns.Names));
        string? weight = options.Weight is null ? null : columns.Find(options.Weight)?.Name;
        if (options.Weight is not null && weight is null) context.Report(BindErrors.UnknownColumn(at, options.Weight, columns.Names));
        return (label, weight);
    }

    /// <summary>Names for output columns that the rows do not have.</summary>
    public ImmutableArray<string> Free(ModelVersion model, IEnumerable<Field> wanted, ColumnLookup columns, Span at)
    {
        var outputs = ImmutableArray.CreateBuilder<string>();
        foreach (var output in wanted)
        {
            string name = output.Name;
            while (columns.Find(name) is not null) name = "predicted_" + name;
            if (name != output.Name) context.Report(BindErrors.OutputRenamed(at, output.Name, name, imported: PredictionBinder.AnswersByItself(model.Model)));
            outputs.Add(name);
        }
        return outputs.ToImmutable();
    }

    /// <summary>The metrics that were kept with the version, as one row.</summary>
    public BoundRows? StoredEvaluation(ModelVersion model, ImmutableArray<Option> options, Span at)
    {
        foreach (var option in options) context.Report(BindErrors.RowsNeeded(option.KeySpan, option.Key));
        var metrics = context.Catalog.StoredMetrics(model.Name, model.Version);
        if (metrics.IsDefaultOrEmpty)
        {
            context.Report(BindErrors.NoStoredMetrics(at, model.Name));
            return null;
        }
        return new BoundRows(new Schema([.. metrics.Select(m => new Field(m.Key, Number))]), [[.. metrics.Select(m => (object?)m.Value)]]);
    }

    // A detail that the model has not is a column of NULLs.
    private PredictionDetails Details(ModelVersion model, PredictOptions options, Span at)
    {
        if (options.Details == PredictionDetails.None) return PredictionDetails.None;
        if (model.Model.Signature.Task != ModelTask.Booster)
        {
            context.Report(BindErrors.NoDetails(at, model.Name));
            return PredictionDetails.None;
        }
        foreach (var (_, name) in PredictionDetail.In(options.Details & ~PredictionDetail.Of(model.Model.Structure))) context.Report(BindErrors.UnknownDetail(at, model.Name, name));
        return options.Details;
    }

    // Names under which the same thing is known elsewhere.
    private static string? Carried(string function) => function switch
    {
        "PREDICT" or "ML_PREDICT" => "PREDICT",
        "EVALUATE" or "ML_EVALUATE" => "EVALUATE",
        "WEIGHTS" or "FEATURE_INFO" or "TRAINING_INFO" or "FEATURE_IMPORTANCE" or "EXPLAIN_PREDICT" => function,
        _ => null,
    };

    private BoundPart? NoWeights(TableCall call, ModelVersion model)
    {
        context.Report(BindErrors.NoWeights(call.Span, model.Name));
        return null;
    }

    private BoundPart? Refuse(TableCall call)
    {
        context.Report(BindErrors.NotCarriedOut(call.Span, $"ML.{call.Function} without rows"));
        return null;
    }

    /// <summary>A prediction whose arguments are columns.</summary>
    public static BoundPrediction Prediction(ModelVersion model, PredictionOutput output, Field[] columns, double threshold) =>
        new(model, output, [.. columns.Select(c => BoundSql.Of(SqlQuote.Identifier(c.Name)))], threshold, null) { ArgumentTypes = [.. columns.Select(c => (DataType?)c.Type)] };

    private static IEnumerable<Field> Outputs(ModelVersion model, PredictionDetails details)
    {
        var signature = model.Model.Signature;
        if (signature.Task == ModelTask.Booster)
        {
            foreach (var field in BoosterTypes.Row(model.Model, details).Fields) yield return field;
            yield break;
        }
        if (model.Model.Structure is GraphStructure graph)
        {
            foreach (var output in graph.Outputs) yield return new Field(output.Column, output.Type);
            yield break;
        }
        yield return new Field("predicted_" + signature.Label, PredictionTypes.Of(model, PredictionOutput.Value));
        if (signature.Task == ModelTask.Classification) yield return new Field($"predicted_{signature.Label}_probs", PredictionTypes.Probabilities(model));
    }

    /// <summary>The columns of the features in their order; reports what is missing or does not fit and gives null.</summary>
    public Field[]? Features(ModelVersion model, ColumnLookup columns, Span at)
    {
        var found = new List<Field>();
        foreach (var feature in model.Model.Signature.Features)
        {
            if (columns.IsAmbiguous(feature.Name))
            {
                context.Report(BindErrors.AmbiguousColumn(at, feature.Name));
                return null;
            }
            if (columns.Find(feature.Name) is not { } column)
            {
                context.Report(BindErrors.MissingFeature(at, model.Name, feature.Name, columns.Names));
                return null;
            }
            if (!FeatureTypes.Accepts(feature.Type, column.Type)) context.Report(BindErrors.FeatureType(at, feature, column.Type));
            found.Add(column);
        }
        return [.. found];
    }

    /// <summary>The columns of the rows; reports an error of the engine and gives null.</summary>
    public ColumnLookup? Columns(RelationSource source, Scope scope)
    {
        if (Text(source) is not { } text) return null;
        var inner = scope.Inner(null, false, text);
        if (inner.Columns is { } columns) return columns;
        context.Report(BindErrors.QueryFailed(source.Span, inner.Error ?? "The engine cannot say which columns these rows have"));
        return null;
    }

    private string? Text(RelationSource source) => source switch
    {
        TableSource t => context.TextOf(t.Span),
        QuerySource q => sql.Describable(q.Query) is { } text ? $"({text})" : null,
        _ => throw new System.Diagnostics.UnreachableException(source.GetType().Name),
    };

    /// <summary>The rows.</summary>
    public BoundSql BindSource(RelationSource source, Scope scope) => source switch
    {
        TableSource t => BoundSql.Of(context.TextOf(t.Span)),
        QuerySource q => new BoundSql([new BoundText("("), .. sql.Bind(q.Query, scope).Parts, new BoundText(")")]),
        _ => throw new System.Diagnostics.UnreachableException(source.GetType().Name),
    };

    private static string Null(string name, DataType type) => $"CAST(NULL AS {type}) AS {SqlQuote.Identifier(name)}";
}
