using System.Collections.Immutable;
using System.Globalization;
using MlSql.Columnar;
using MlSql.Language.Statements;
using MlSql.Models.Estimators;

namespace MlSql.Planning.Binding;

/// <summary>Binds options that give features a direction: monotone = (a => 1, b => -1). Features go by the names that they have in the query.</summary>
internal static class DirectionOptions
{
    /// <summary>The values with every direction that is not 0; reports names that are no feature or none of a number, and other values than 1, 0 and -1.</summary>
    public static OptionValues Bind(BindContext context, TrainOptions options, EstimatorInfo estimator, OptionValues values, ImmutableArray<Field> features)
    {
        var all = values.Values.ToBuilder();
        foreach (var info in estimator.Options.Where(o => o.Type == OptionType.Directions))
            foreach (string key in info.Synonyms.Prepend(info.Name))
                if (options.Take(key) is { } option) Add(context, option, info.Name, features, all);
        return new OptionValues(all.ToImmutable());
    }

    private static void Add(BindContext context, Option option, string name, ImmutableArray<Field> features, ImmutableSortedDictionary<string, string>.Builder into)
    {
        const string Wanted = "( feature => 1 | 0 | -1, … )";
        if (option.Entries.IsEmpty) context.Report(BindErrors.OptionValue(option.ValueSpan, option.Key, Wanted, context.TextOf(option.ValueSpan)));
        var columns = new ColumnLookup(features);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in option.Entries)
        {
            if (columns.Find(entry.Key.Text) is not { } feature)
            {
                context.Report(BindErrors.NoSuchFeature(entry.Key.Span, option.Key, entry.Key.Text, columns.Names));
                continue;
            }
            if (!seen.Add(feature.Name)) context.Report(BindErrors.OptionTwice(entry.Key.Span, feature.Name, feature.Name));
            if (feature.Type is not (BooleanType or IntegerType or FloatType or DecimalType)) context.Report(BindErrors.NoDirection(entry.Key.Span, option.Key, feature.Name, feature.Type));
            if (entry.Value.Kind == LiteralKind.Number && double.TryParse(entry.Value.Text, CultureInfo.InvariantCulture, out double direction) && direction is 1 or 0 or -1)
            {
                if (direction != 0) into[$"{name}.{feature.Name}"] = direction.ToString("R", CultureInfo.InvariantCulture);
            }
            else context.Report(BindErrors.OptionValue(entry.Value.Span, option.Key, Wanted, context.TextOf(entry.Value.Span)));
        }
    }
}
