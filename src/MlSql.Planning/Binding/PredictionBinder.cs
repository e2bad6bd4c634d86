using System.Collections.Immutable;
using System.Text.RegularExpressions;
using MlSql.Columnar;
using MlSql.Language;
using MlSql.Language.Statements;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Planning.Plans;

namespace MlSql.Planning.Binding;

/// <summary>Binds the scalar forms: which argument is which feature, whether the types fit.</summary>
internal sealed class PredictionBinder(BindContext context, SqlBinder sql)
{
    /// <summary>Binds one call; reports what is wrong and gives null.</summary>
    public BoundPrediction? Bind(ScalarPredict call, Scope scope)
    {
        if (context.Resolve(call.Model) is not { } model) return null;
        if (!call.SaysModel && call is { ByUsing: false, Model: { Version: null, Alias: null, Model.Parts: [var name] } }
            && scope.Columns?.Find(name) is not null)
        {
            context.Report(BindErrors.ModelOrColumn(call.Model.Span, name));
            return null;
        }

        var signature = model.Model.Signature;
        if (call.Form != PredictForm.Predict && signature.Classes is null)
        {
            context.Report(BindErrors.NotAClassifier(call.Span, model.Name, call.Form == PredictForm.Proba ? "PREDICT_PROBA" : "PREDICTION_PROBABILITY"));
            return null;
        }

        var options = PredictOptions.Bind(context, call.Options, table: false);
        options.CheckThreshold(context, call.Span, model);
        int? wanted = null;
        if (call.Class is { } value)
        {
            wanted = ClassIndex(signature.Classes!, value.Text);
            if (wanted < 0)
            {
                context.Report(BindErrors.NotAClass(value.Span, model.Name, value.Text, signature.Classes!.Values));
                return null;
            }
        }

        var arguments = call.Arguments is { } given ? Match(call, model, given, scope) : FromScope(call, model, scope);
        if (arguments is null) return null;
        var types = CheckTypes(call, signature, arguments, scope);
        return new BoundPrediction(model, PredictionTypes.OutputOf(call), [.. arguments.Select(a => a.Sql)], options.Threshold, wanted) { ArgumentTypes = types };
    }

    /// <summary>Whether a model was imported and answers as it does: no class is chosen by the probability of the positive one.</summary>
    public static bool AnswersByItself(Model model) => model.Structure is GraphStructure || model.Signature.Task == ModelTask.Booster;

    /// <summary>The index of a class by its text; numbers compare by value. -1 when it is none.</summary>
    public static int ClassIndex(ClassLabels classes, string text)
    {
        int index = classes.Values.IndexOf(text);
        if (index >= 0 || classes.Kind == ClassKind.Text) return index;
        if (classes.Kind == ClassKind.Boolean) return classes.Values.IndexOf(text is "1" ? "true" : text is "0" ? "false" : text.ToLowerInvariant());
        if (!double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out double number)) return -1;
        for (int i = 0; i < classes.Values.Length; i++)
            if (double.Parse(classes.Values[i], System.Globalization.CultureInfo.InvariantCulture).Equals(number)) return i;
        return -1;
    }

    private sealed record Argument(BoundSql Sql, string? Describable, Span At, DataType? Type = null);

    // USING *: every feature is a column of that name.
    private Argument[]? FromScope(ScalarPredict call, ModelVersion model, Scope scope)
    {
        var fields = scope.AllColumns(out bool complete);
        var arguments = new List<Argument>();
        foreach (var feature in model.Model.Signature.Features)
        {
            var column = new Field(feature.Name, new NullType());
            if (fields.Fields.Count > 0)
            {
                if (FindColumn(call.Span, model.Name, feature.Name, scope, fields, complete) is not { } found) return null;
                column = found;
            }
            string text = SqlQuote.Identifier(column.Name);
            arguments.Add(new Argument(BoundSql.Of(text), text, call.Span, column.Type is NullType ? null : column.Type));
        }
        return [.. arguments];
    }

    private Field? FindColumn(Span at, string model, string feature, Scope scope, ColumnLookup columns, bool complete)
    {
        if (scope.Columns is { } own && own.IsAmbiguous(feature))
        {
            context.Report(BindErrors.AmbiguousColumn(at, feature));
            return null;
        }
        if (columns.Find(feature) is { } found) return found;
        if (!complete) return new Field(feature, new NullType());
        context.Report(BindErrors.MissingFeature(at, model, feature, columns.Names));
        return null;
    }

    private Argument[]? Match(ScalarPredict call, ModelVersion model, ImmutableArray<PredictArgument> given, Scope scope)
    {
        var features = model.Model.Signature.Features;
        if (!call.ByUsing && model.Model.Signature.IsGivenByElement(given.Length)) return given.All(g => KnownColumn(g, scope)) ? [.. given.Select(g => BindArgument(g, scope))] : null;
        var indexes = new FeatureIndexes(features);
        var assigned = new Argument?[features.Length];
        var unnamed = new List<int>();
        bool ok = true;
        for (int i = 0; i < given.Length; i++)
        {
            ok &= KnownColumn(given[i], scope);
            int feature = given[i].Column is { } column ? indexes.Of(column.Last) : -1;
            if (feature >= 0 && assigned[feature] is null)
            {
                assigned[feature] = BindArgument(given[i], scope);
            }
            else if (!call.ByUsing)
            {
                if (feature >= 0 && given.Length == features.Length)
                {
                    context.Report(BindErrors.ArgumentOrder(given[i].Span, context.TextOf(given[i].Span), features[i].Name, i + 1));
                    return null;
                }
                unnamed.Add(i);
            }
            // Columns beyond the features do no harm after USING: the model does not read them.
        }
        if (!ok) return null;
        if (!call.ByUsing && given.Length != features.Length)
        {
            context.Report(BindErrors.ArgumentCount(call.Span, model.Name, features.Length, given.Length, features.Select(f => f.Name)));
            return null;
        }
        foreach (int i in unnamed)
        {
            if (assigned[i] is not null)
            {
                context.Report(BindErrors.ArgumentOrder(given[i].Span, context.TextOf(given[i].Span), features[i].Name, i + 1));
                return null;
            }
            assigned[i] = BindArgument(given[i], scope);
        }
        for (int f = 0; f < features.Length; f++)
        {
            if (assigned[f] is not null) continue;
            context.Report(BindErrors.MissingFeature(call.Span, model.Name, features[f].Name, given.Where(g => g.Column is not null).Select(g => g.Column!.Last)));
            return null;
        }
        return assigned!;
    }

    private Argument BindArgument(PredictArgument argument, Scope scope) =>
        new(sql.Bind(argument.Expression, scope), sql.Describable(argument.Expression), argument.Span);

    // A plain column that no scope has; names of struct fields (a.b) are the engine's business.
    private bool KnownColumn(PredictArgument argument, Scope scope)
    {
        if (argument.Column is not { Parts.Length: 1 } column || context.TextOf(argument.Expression.Span).Trim().Trim('"') != column.Last) return true;
        var columns = scope.AllColumns(out bool complete);
        if (columns.Fields.Count == 0 || !complete || columns.Find(column.Last) is not null || IsLambdaParameter(column.Last, argument.Span)) return true;
        context.Report(BindErrors.UnknownColumn(argument.Span, column.Last, columns.Names));
        return false;
    }

    // x -> PREDICT(m, x), (x, i) -> …, lambda x: …: whether the lambda reaches so far is the engine's business.
    private bool IsLambdaParameter(string name, Span at)
    {
        string word = $@"\b{Regex.Escape(name)}\b";
        return Regex.IsMatch(context.Source.AsSpan(0, at.Start), $@"{word}[^;]*->|\blambda\b[^;]*{word}", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking);
    }

    private ImmutableArray<DataType?> CheckTypes(ScalarPredict call, ModelSignature signature, Argument[] arguments, Scope scope)
    {
        if (arguments.Length == 0 || arguments.Any(a => a.Describable is null)) return [];
        // Types of plain columns are known; asking the engine again would cost it another look at its files.
        var types = arguments.All(a => a.Type is not null) ? [.. arguments.Select(a => a.Type!)] : scope.TypesOf(arguments.Select(a => a.Describable!))?.Fields.Select(f => f.Type).ToList();
        if (types is null) return [];
        var features = signature.FeaturesOf(arguments.Length);
        for (int i = 0; i < arguments.Length; i++)
        {
            // The engine calls a bare NULL an INTEGER.
            if (!IsNull(arguments[i]) && !FeatureTypes.Accepts(features[i].Type, types[i]))
                context.Report(BindErrors.FeatureType(arguments[i].At == call.Span ? call.Model.Span : arguments[i].At, features[i], types[i]));
        }
        return [.. types.Select((type, i) => IsNull(arguments[i]) ? null : type)];
    }

    private static bool IsNull(Argument argument) => string.Equals(argument.Describable!.Trim(), "NULL", StringComparison.OrdinalIgnoreCase);

    /// <summary>Finds features by name, exactly first, then by case.</summary>
    private sealed class FeatureIndexes
    {
        private readonly Dictionary<string, int> _exact = new(StringComparer.Ordinal);
        private readonly Dictionary<string, int> _loose = new(StringComparer.OrdinalIgnoreCase);

        public FeatureIndexes(ImmutableArray<Feature> features)
        {
            for (int i = 0; i < features.Length; i++)
            {
                _exact[features[i].Name] = i;
                _loose.TryAdd(features[i].Name, i);
            }
        }

        public int Of(string name) => _exact.TryGetValue(name, out int exact) || _loose.TryGetValue(name, out exact) ? exact : -1;
    }
}
