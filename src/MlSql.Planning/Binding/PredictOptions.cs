using System.Collections.Immutable;
using System.Globalization;
using MlSql.Language;
using MlSql.Language.Statements;
using MlSql.Models;

namespace MlSql.Planning.Binding;

/// <summary>The options of PREDICT and EVALUATE.</summary>
internal sealed record PredictOptions(double Threshold, bool Lineage, string? Label, string? Weight, bool Standardize)
{
    private static readonly ImmutableArray<string> Known = ["threshold", "lineage", "label", "weight", "standardize", "raw", "contributions", "leaves"];

    /// <summary>What is asked of a booster beside its prediction.</summary>
    public PredictionDetails Details { get; init; }

    /// <summary>Reads them; wrong ones are reported. <paramref name="table"/>: the table forms and EVALUATE take more than the scalar forms.</summary>
    public static PredictOptions Bind(BindContext context, ImmutableArray<Option> options, bool table)
    {
        var result = new PredictOptions(0.5, false, null, null, false);
        var known = table ? Known : ["threshold"];
        var seen = new HashSet<string>();
        foreach (var option in options)
        {
            string key = option.Key;
            if (!known.Contains(key))
            {
                context.Report(BindErrors.UnknownOption(option.KeySpan, key, known));
                continue;
            }
            if (!seen.Add(key))
            {
                context.Report(BindErrors.OptionTwice(option.KeySpan, key, key));
                continue;
            }
            var value = option is { IsList: false, Complex: false, Items: [var only] } ? only : null;
            string found = context.TextOf(option.ValueSpan);
            switch (key)
            {
                case "threshold" when value is { Kind: LiteralKind.Number } && double.TryParse(value.Text, CultureInfo.InvariantCulture, out double t) && t is >= 0 and <= 1:
                    result = result with { Threshold = t };
                    break;
                case "threshold":
                    context.Report(BindErrors.OptionValue(option.ValueSpan, key, "a number from 0 to 1", found));
                    break;
                case "lineage" or "standardize" when value is { Kind: LiteralKind.Boolean }:
                    result = key == "lineage" ? result with { Lineage = value.Text == "true" } : result with { Standardize = value.Text == "true" };
                    break;
                case "raw" or "contributions" or "leaves" when value is { Kind: LiteralKind.Boolean }:
                    result = result with { Details = DetailsOf(options) };
                    break;
                case "lineage" or "standardize" or "raw" or "contributions" or "leaves":
                    context.Report(BindErrors.OptionValue(option.ValueSpan, key, "true or false", found));
                    break;
                default:
                    if (value is not { Kind: LiteralKind.Text }) context.Report(BindErrors.OptionValue(option.ValueSpan, key, "a column", found));
                    else result = key == "label" ? result with { Label = value.Text } : result with { Weight = value.Text };
                    break;
            }
        }
        return result;
    }

    /// <summary>The details that are asked for, whatever else the options say.</summary>
    public static PredictionDetails DetailsOf(ImmutableArray<Option> options)
    {
        var details = PredictionDetails.None;
        foreach (var (detail, name) in PredictionDetail.In(PredictionDetails.All))
            if (options.Any(option => option.Key == name && option is { IsList: false, Complex: false, Items: [{ Kind: LiteralKind.Boolean, Text: "true" }] })) details |= detail;
        return details;
    }

    /// <summary>Reports a threshold that the model's predictions cannot follow.</summary>
    public void CheckThreshold(BindContext context, Span at, ModelVersion model)
    {
        if (Threshold == 0.5) return;
        if (PredictionBinder.AnswersByItself(model.Model)) context.Report(BindErrors.NoThreshold(at, model.Name));
        else if (model.Model.Signature.IsMulticlass) context.Report(BindErrors.ThresholdOfMany(at, model.Name, model.Model.Signature.Classes!.Values.Length));
    }
}
