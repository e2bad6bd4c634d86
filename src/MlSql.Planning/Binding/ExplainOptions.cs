using System.Collections.Immutable;
using System.Globalization;
using MlSql.Language.Statements;

namespace MlSql.Planning.Binding;

/// <summary>The options of EXPLAIN PREDICTIONS and ML.EXPLAIN_PREDICT.</summary>
internal sealed record ExplainOptions(int TopFeatures, double Threshold)
{
    private const int MostFeatures = 1_000_000;
    private static readonly ImmutableArray<string> Known = ["top_k_features", "threshold", "approx_feature_contrib"];

    /// <summary>Reads them; wrong ones are reported. BigQuery's defaults: five features, an even chance.</summary>
    public static ExplainOptions Bind(BindContext context, ImmutableArray<Option> options)
    {
        var result = new ExplainOptions(5, 0.5);
        var seen = new HashSet<string>();
        foreach (var option in options)
        {
            var value = option is { IsList: false, Complex: false, Items: [var only] } ? only : null;
            if (!Known.Contains(option.Key)) context.Report(BindErrors.UnknownOption(option.KeySpan, option.Key, Known));
            else if (!seen.Add(option.Key)) context.Report(BindErrors.OptionTwice(option.KeySpan, option.Key, option.Key));
            else if (option.Key == "top_k_features" && value is { Kind: LiteralKind.Number } && int.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int top) && top is > 0 and <= MostFeatures) result = result with { TopFeatures = top };
            else if (option.Key == "threshold" && value is { Kind: LiteralKind.Number } && double.TryParse(value.Text, CultureInfo.InvariantCulture, out double threshold) && threshold is >= 0 and <= 1) result = result with { Threshold = threshold };
            // The exact attributions are an answer to either wish.
            else if (option.Key == "approx_feature_contrib" && value is { Kind: LiteralKind.Boolean }) continue;
            else context.Report(BindErrors.OptionValue(option.ValueSpan, option.Key, Wanted(option.Key), context.TextOf(option.ValueSpan)));
        }
        return result;
    }

    private static string Wanted(string key) => key switch
    {
        "top_k_features" => "a whole number from 1",
        "threshold" => "a number from 0 to 1",
        _ => "true or false",
    };
}
