using System.Collections.Immutable;
using System.Globalization;
using MlSql.Columnar;
using MlSql.Language;
using MlSql.Language.Statements;
using MlSql.Models;
using MlSql.Models.Estimators;
using MlSql.Planning.Plans;

namespace MlSql.Planning.Binding;

/// <summary>Binds TRAIN and CREATE MODEL: the estimator and its options, the label, the features, the split and the weights.</summary>
internal sealed class TrainBinder(BindContext context, SqlBinder sql)
{
    /// <summary>Binds the statement; reports what is wrong and gives null.</summary>
    public BoundTrain? Bind(TrainStatement train)
    {
        foreach (var clause in train.Unsupported) context.Report(BindErrors.NotCarriedOut(clause.Span, clause.Name));
        var options = new TrainOptions(context, train.Options);
        var estimator = Estimator(train, options);
        var rows = sql.Bind(train.Query, sql.Outermost);
        if (sql.Describable(train.Query) is not { } text) return null;
        var description = context.Catalog.Describe(text);
        if (description.Schema is not { } schema)
        {
            context.Report(BindErrors.QueryFailed(train.Query.Span, description.Error ?? "The engine cannot say which columns this query has"));
            return null;
        }

        var columns = new ColumnLookup(schema.Fields);
        string? label = Label(train, options, columns);
        var (weight, weightColumn) = Expression(train.WeightBy);
        var (split, splitColumn) = Split(train, options, columns);
        var (balanced, weights) = ClassWeights(train, options);
        long seed = Seed(train, options);
        if (estimator is null) return null;
        var values = options.ForEstimator(estimator, train.ByModelType);
        var stopping = EarlyStoppingBinder.Bind(context, train.EarlyStopping, estimator, split);
        if (label is null) return null;

        var features = Features(train, columns, label, weightColumn, splitColumn);
        values = DirectionOptions.Bind(context, options, estimator, values, features);
        var labelField = columns.Find(label)!;
        CheckLabel(train, estimator, labelField);
        return context.HasErrors
            ? null
            : new BoundTrain(train.Model.Text, estimator, values, rows, features, labelField, weight, balanced, weights, split, seed, train.Comment?.Text, CanonicalSql.Print(train, context.Source)) { EarlyStopping = stopping };
    }

    private EstimatorInfo? Estimator(TrainStatement train, TrainOptions options)
    {
        var all = context.Catalog.Estimators;
        if (options.Take("model_type", train.Estimator?.Span, "USING") is { } type)
        {
            string name = type.Items.IsDefaultOrEmpty ? "" : type.Items[0].Text;
            var byType = all.FirstOrDefault(e => string.Equals(e.ModelType, name, StringComparison.OrdinalIgnoreCase) || Same(e.Name, name));
            if (byType is null) context.Report(BindErrors.UnknownEstimator(type.ValueSpan, name, all.Select(e => e.ModelType)));
            return byType;
        }
        if (train.Estimator is not { } estimator)
        {
            context.Report(BindErrors.NoEstimator(train.Model.Span));
            return null;
        }
        var found = all.FirstOrDefault(e => Same(e.Name, estimator.Text) || Same(e.ModelType, estimator.Text));
        if (found is null) context.Report(BindErrors.UnknownEstimator(estimator.Span, estimator.Text, all.Select(e => e.Name)));
        return found;
    }

    private string? Label(TrainStatement train, TrainOptions options, ColumnLookup columns)
    {
        string? option = options.Text("label", train.Label?.Span, "LABEL") ?? options.Text("input_label_cols", train.Label?.Span, "LABEL");
        string? name = train.Label?.Last ?? option;
        if (name is null)
        {
            if (columns.Find("label") is { } standard) return standard.Name;
            context.Report(BindErrors.NoLabel(train.Model.Span, columns.Names));
            return null;
        }
        var at = train.Label?.Span ?? options.Take("label")?.ValueSpan ?? options.Take("input_label_cols")!.ValueSpan;
        return Find(columns, name, at);
    }

    private string? Find(ColumnLookup columns, string name, Span at)
    {
        if (columns.IsAmbiguous(name))
        {
            context.Report(BindErrors.AmbiguousColumn(at, name));
            return null;
        }
        if (columns.Find(name) is { } found) return found.Name;
        context.Report(BindErrors.UnknownColumn(at, name, columns.Names));
        return null;
    }

    private ImmutableArray<Field> Features(TrainStatement train, ColumnLookup columns, string label, string? weightColumn, string? splitColumn)
    {
        var chosen = ImmutableArray.CreateBuilder<Field>();
        if (train.Features is { Star: false } list)
        {
            foreach (var name in list.Columns)
            {
                if (Find(columns, name.Last, name.Span) is not { } column) continue;
                if (column == label) context.Report(BindErrors.LabelIsFeature(name.Span, column));
                chosen.Add(columns.Find(column)!);
            }
        }
        else
        {
            var left = new HashSet<string>(StringComparer.Ordinal) { label };
            foreach (string? column in (IEnumerable<string?>)[weightColumn, splitColumn])
                if (column is not null && columns.Find(column) is { } found) left.Add(found.Name);
            foreach (var name in train.Features?.Except ?? [])
                if (Find(columns, name.Last, name.Span) is { } found) left.Add(found);
            chosen.AddRange(columns.Fields.Where(f => !left.Contains(f.Name)));
        }
        if (chosen.Count == 0 && !context.HasErrors) context.Report(BindErrors.NoFeatures(train.Features?.Span ?? train.Query.Span));
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in chosen)
        {
            if (!names.Add(field.Name)) context.Report(BindErrors.AmbiguousColumn(train.Features?.Span ?? train.Query.Span, field.Name));
            if (FeatureTypes.Of(field.Type) is null) context.Report(BindErrors.FeatureUnsupported(train.Features?.Span ?? train.Query.Span, field.Name, field.Type));
        }
        return chosen.ToImmutable();
    }

    private void CheckLabel(TrainStatement train, EstimatorInfo estimator, Field label)
    {
        bool number = label.Type is BooleanType or IntegerType or FloatType or DecimalType;
        bool ok = estimator.Task == ModelTask.Regression ? number : number || label.Type is StringType or EnumType;
        if (!ok) context.Report(BindErrors.LabelUnsupported(train.Label?.Span ?? train.Query.Span, label.Name, label.Type, estimator.Name));
    }

    private (BoundSql? Sql, string? PlainColumn) Expression(SqlText? expression)
    {
        if (expression is null) return (null, null);
        string text = context.TextOf(expression.Span).Trim();
        return (sql.Bind(expression, sql.Outermost), text.Trim('"'));
    }

    private (BoundSplit Split, string? PlainColumn) Split(TrainStatement train, TrainOptions options, ColumnLookup columns)
    {
        string? method = options.Text("data_split_method", train.Split?.Span, "SPLIT");
        double? evalOption = options.Fraction("data_split_eval_fraction"), testOption = options.Fraction("data_split_test_fraction");
        var column = options.Take("data_split_col", train.Split?.Span, "SPLIT");
        if (train.Split is { } clause)
        {
            double eval = Fraction(clause.Eval, 0.2), test = Fraction(clause.Test, 0);
            if (eval + test >= 1) context.Report(BindErrors.SplitFraction(clause.Span, context.TextOf(clause.Span)));
            if (clause.Kind == SplitKind.By)
            {
                var (by, plain) = Expression(clause.By);
                return (new BoundSplit(BoundSplitKind.Column, 0, 0, by), plain);
            }
            return (clause.Kind == SplitKind.Random ? new BoundSplit(BoundSplitKind.Random, eval, test, null) : new BoundSplit(BoundSplitKind.None, 0, 0, null), null);
        }
        switch (method?.ToUpperInvariant())
        {
            case null when !train.ByModelType:
            case "NO_SPLIT":
                return (new BoundSplit(BoundSplitKind.None, 0, 0, null), null);
            case null or "AUTO_SPLIT":
                return (new BoundSplit(BoundSplitKind.Auto, 0.2, testOption ?? 0, null), null);
            case "RANDOM":
                return (new BoundSplit(BoundSplitKind.Random, evalOption ?? 0.2, testOption ?? 0, null), null);
            case "CUSTOM" when column is { Items: [var name] }:
                string? found = Find(columns, name.Text, name.Span);
                return (new BoundSplit(BoundSplitKind.Column, 0, 0, found is null ? null : BoundSql.Of(SqlQuote.Identifier(found))), found);
            case "CUSTOM" or "SEQ":
                context.Report(BindErrors.NotCarriedOut(options.Take("data_split_method")!.ValueSpan, $"data_split_method = '{method}'"));
                break;
            default:
                context.Report(BindErrors.OptionValue(options.Take("data_split_method")!.ValueSpan, "data_split_method", "AUTO_SPLIT, RANDOM, CUSTOM or NO_SPLIT", method!));
                break;
        }
        return (new BoundSplit(BoundSplitKind.None, 0, 0, null), null);
    }

    private double Fraction(Literal? literal, double standard)
    {
        if (literal is null) return standard;
        if (double.TryParse(literal.Text, CultureInfo.InvariantCulture, out double fraction) && fraction is >= 0 and < 1) return fraction;
        context.Report(BindErrors.SplitFraction(literal.Span, literal.Text));
        return standard;
    }

    private (bool Balanced, ImmutableSortedDictionary<string, double> Weights) ClassWeights(TrainStatement train, TrainOptions options)
    {
        bool balanced = train.BalancedClasses is not null;
        if (options.Text("auto_class_weights", train.BalancedClasses, "WEIGHT CLASSES") is { } auto) balanced |= string.Equals(auto, "true", StringComparison.OrdinalIgnoreCase);
        if (options.Take("class_weights") is { } list) context.Report(BindErrors.NotCarriedOut(list.ValueSpan, "class_weights; WEIGHT CLASSES ( value => weight ) says the same"));
        var weights = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        foreach (var weight in train.ClassWeights)
        {
            if (double.TryParse(weight.Weight.Text, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) && number > 0) weights[weight.Value.Text] = number;
            else context.Report(BindErrors.ClassWeight(weight.Weight.Span, weight.Weight.Text));
        }
        return (balanced, weights.ToImmutable());
    }

    private long Seed(TrainStatement train, TrainOptions options)
    {
        var at = train.Seed?.Span;
        string? text = options.Text("seed", at, "SEED") ?? train.Seed?.Text;
        if (text is null) return 0;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seed)) return seed;
        context.Report(BindErrors.OptionValue(at ?? options.Take("seed")!.ValueSpan, "seed", "a whole number of 64 bits", text));
        return 0;
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
