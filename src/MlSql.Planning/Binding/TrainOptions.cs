using System.Collections.Immutable;
using System.Globalization;
using MlSql.Language;
using MlSql.Language.Statements;
using MlSql.Models.Estimators;

namespace MlSql.Planning.Binding;

/// <summary>
/// The options of a training, taken apart: what clauses can say too (label, split, class weights, seed), and the estimator's own. The same thing said twice is an error that names both.
/// </summary>
internal sealed class TrainOptions
{
    private readonly BindContext _context;
    private readonly Dictionary<string, Option> _options = [];
    private readonly HashSet<string> _used = [];

    public TrainOptions(BindContext context, ImmutableArray<Option> options)
    {
        _context = context;
        foreach (var option in options)
        {
            if (!_options.TryAdd(option.Key, option)) context.Report(BindErrors.OptionTwice(option.KeySpan, option.Key, option.Key));
        }
    }

    /// <summary>Keys that clauses can say too.</summary>
    public static ImmutableArray<string> ClauseKeys { get; } =
    [
        "model_type", "label", "input_label_cols", "seed", "data_split_method", "data_split_eval_fraction", "data_split_test_fraction", "data_split_col",
        "auto_class_weights", "class_weights",
    ];

    /// <summary>The text of an option, or null when it was not said. A clause that says the same is an error.</summary>
    public string? Text(string key, Span? clause = null, string? clauseName = null)
    {
        if (Take(key, clause, clauseName) is not { } option) return null;
        if (option is { Complex: false, Items: [var item] }) return item.Text;
        _context.Report(BindErrors.OptionValue(option.ValueSpan, key, "one value", _context.TextOf(option.ValueSpan)));
        return null;
    }

    /// <summary>A fraction of the split.</summary>
    public double? Fraction(string key)
    {
        if (Take(key) is not { } option) return null;
        if (option is { Complex: false, IsList: false, Items: [{ Kind: LiteralKind.Number } item] }
            && double.TryParse(item.Text, CultureInfo.InvariantCulture, out double fraction) && fraction is >= 0 and < 1) return fraction;
        _context.Report(BindErrors.SplitFraction(option.ValueSpan, _context.TextOf(option.ValueSpan)));
        return null;
    }

    /// <summary>The option as it stands; marks it as read.</summary>
    public Option? Take(string key, Span? clause = null, string? clauseName = null)
    {
        if (!_options.TryGetValue(key, out var option)) return null;
        _used.Add(key);
        if (clause is not null) _context.Report(BindErrors.OptionTwice(option.KeySpan, key, clauseName!));
        return option;
    }

    /// <summary>
    /// The estimator's own options with defaults filled in, where <paramref name="byModelType"/> is true those of MODEL_TYPE; what is left over is an unknown option. Directions are left to <see cref="DirectionOptions"/>, which knows the features.
    /// </summary>
    public OptionValues ForEstimator(EstimatorInfo estimator, bool byModelType)
    {
        foreach (var (key, carriedOut) in estimator.FixedOptions)
            if (Take(key) is { } option && !(option is { Complex: false, IsList: false, Items: [var item] } && carriedOut.Contains(Plain(item))))
                _context.Report(BindErrors.NotCarriedOut(option.ValueSpan, $"{key} = {_context.TextOf(option.ValueSpan)}"));
        ImmutableArray<OptionInfo> infos = byModelType ? [.. estimator.Options.Select(o => o with { Default = estimator.ModelTypeDefaults.GetValueOrDefault(o.Name, o.Default) })] : estimator.Options;
        return Fill(infos, [.. estimator.FixedOptions.Keys, .. ClauseKeys]);
    }

    /// <summary>Options with defaults filled in; what is left over and not in <paramref name="alsoKnown"/> is an unknown option.</summary>
    public OptionValues Fill(ImmutableArray<OptionInfo> infos, ImmutableArray<string> alsoKnown)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var info in infos)
        {
            if (info.Type != OptionType.Directions) values[info.Name] = info.Default;
            string? said = null;
            foreach (string key in info.Synonyms.Prepend(info.Name))
            {
                if (Take(key) is not { } option) continue;
                if (said is not null) _context.Report(BindErrors.OptionTwice(option.KeySpan, key, said));
                said = key;
                if (info.Type != OptionType.Directions && Value(info, option) is { } value) values[info.Name] = value;
            }
        }
        var known = infos.SelectMany(o => o.Synonyms.Prepend(o.Name)).Concat(alsoKnown).ToList();
        foreach (var option in _options.Values.Where(o => !_used.Contains(o.Key)))
            _context.Report(BindErrors.UnknownOption(option.KeySpan, option.Key, known));
        return new OptionValues(values.ToImmutable());
    }

    private string? Value(OptionInfo info, Option option)
    {
        var item = option is { Complex: false, IsList: false, Items: [var only] } ? only : null;
        switch (info.Type)
        {
            case OptionType.Boolean when item is { Kind: LiteralKind.Boolean }:
                return item.Text;
            case OptionType.Word when item is { Kind: LiteralKind.Text } && info.Words.Contains(item.Text.ToLowerInvariant()):
                return item.Text.ToLowerInvariant();
            case OptionType.Number or OptionType.Integer when item is { Kind: LiteralKind.Number }
                && double.TryParse(item.Text, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
                && (info.Type == OptionType.Number || number == Math.Floor(number))
                && number <= info.Max && (info.AboveMin ? number > info.Min : number >= info.Min):
                return number.ToString("R", CultureInfo.InvariantCulture);
            default:
                string? near = info.Type == OptionType.Word && item is not null ? Hint.DidYouMean(item.Text, info.Words) : null;
                _context.Report(BindErrors.OptionValue(option.ValueSpan, info.Name, Wanted(info), _context.TextOf(option.ValueSpan), near));
                return null;
        }
    }

    // 1.0 is 1, and HIST is hist.
    private static string Plain(Literal item) => item.Kind == LiteralKind.Number && double.TryParse(item.Text, CultureInfo.InvariantCulture, out double number) ? number.ToString("R", CultureInfo.InvariantCulture) : item.Text.ToLowerInvariant();

    private static string Wanted(OptionInfo info)
    {
        string kind = info.Type switch
        {
            OptionType.Boolean => "true or false",
            OptionType.Word => "one of " + string.Join(", ", info.Words),
            OptionType.Integer => "a whole number",
            _ => "a number",
        };
        if (!double.IsNegativeInfinity(info.Min)) kind += string.Create(CultureInfo.InvariantCulture, $" {(info.AboveMin ? "above" : "from")} {info.Min:R}");
        if (!double.IsPositiveInfinity(info.Max)) kind += string.Create(CultureInfo.InvariantCulture, $" up to {info.Max:R}");
        return kind;
    }
}
