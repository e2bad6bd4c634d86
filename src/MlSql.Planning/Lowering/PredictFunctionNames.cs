using System.Globalization;
using System.Text.RegularExpressions;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Planning.Plans;

namespace MlSql.Planning.Lowering;

/// <summary>
/// Names of registered functions, made from everything that decides what they compute: mlsql_HASH_OUTPUT[_LABELTYPE][_tTHRESHOLD][_cCLASS][_xDETAILS][_kFEATURES]. A view keeps such names; <see cref="Parse"/> reads them back when its database is opened again.
/// </summary>
public static partial class PredictFunctionNames
{
    /// <summary>The code of a stored prediction whose model is gone.</summary>
    public const string ModelMissing = "MLS6051";

    private const string Prefix = "mlsql_";
    private const int HashLength = 32;

    /// <summary>The function that computes a prediction.</summary>
    public static PredictFunction Function(BoundPrediction prediction)
    {
        var model = prediction.Model;
        bool classes = model.Model.Signature.Task == ModelTask.Classification;
        bool label = classes && model.Model.Structure is not GraphStructure && prediction.Output is PredictionOutput.Value or PredictionOutput.Row or PredictionOutput.Explanation;
        bool decides = label || (classes && prediction.Output == PredictionOutput.Probability && prediction.ClassIndex is null);
        string name = $"{Prefix}{model.ContentHash[..HashLength]}_{prediction.Output.ToString().ToLowerInvariant()}"
            + (label ? "_" + model.LabelType.ToString().ToLowerInvariant() : "")
            + (decides && prediction.Threshold != 0.5 ? $"_t{BitConverter.DoubleToInt64Bits(prediction.Threshold):x16}" : "")
            + (prediction.ClassIndex is { } c ? string.Create(CultureInfo.InvariantCulture, $"_c{c}") : "")
            + (prediction.Details != PredictionDetails.None ? string.Create(CultureInfo.InvariantCulture, $"_x{(int)prediction.Details}") : "")
            + (prediction.TopFeatures > 0 ? string.Create(CultureInfo.InvariantCulture, $"_k{prediction.TopFeatures}") : "");
        return new PredictFunction(name, model, prediction.Output, prediction.Threshold, prediction.ClassIndex) { Details = prediction.Details, TopFeatures = prediction.TopFeatures };
    }

    /// <summary>The names that a text calls, each once.</summary>
    public static IEnumerable<string> In(string sql) => Name().Matches(sql).Select(m => m.Value).Distinct(StringComparer.Ordinal);

    /// <summary>The function that a name in stored SQL means, or null for a name that is none of ours. Throws <see cref="CodedException"/> MLS6051 when its model is gone; <paramref name="caller"/> says whose SQL it is, like "View v".</summary>
    public static PredictFunction? Find(string name, string caller, Func<string, DataType?, ModelVersion?> findByHash)
    {
        if (Parse(name) is not { } parsed) return null;
        if (findByHash(parsed.Hash, parsed.LabelType) is { } model) return new PredictFunction(name, model, parsed.Output, parsed.Threshold, parsed.ClassIndex) { Details = parsed.Details, TopFeatures = parsed.TopFeatures };
        throw new CodedException(
            ModelMissing,
            $"{caller} predicts with a model version that the store does not hold (content hash {parsed.Hash}…)",
            "open the session with the model store that it was made with (--models), or drop it");
    }

    /// <summary>What a name says, or null when it is none of ours: the start of the content hash, the output, the label type, threshold, class, details and number of features.</summary>
    public static (string Hash, PredictionOutput Output, DataType? LabelType, double Threshold, int? ClassIndex, PredictionDetails Details, int TopFeatures)? Parse(string name)
    {
        if (!name.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        string[] parts = name[Prefix.Length..].Split('_');
        if (parts.Length < 2 || parts[0].Length != HashLength || !Enum.TryParse<PredictionOutput>(parts[1], ignoreCase: true, out var output)) return null;
        DataType? labelType = null;
        double threshold = 0.5;
        int? classIndex = null;
        var details = PredictionDetails.None;
        int topFeatures = 0;
        foreach (string part in parts.Skip(2))
        {
            if (part.Length == 17 && part[0] == 't' && long.TryParse(part.AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out long bits)) threshold = BitConverter.Int64BitsToDouble(bits);
            else if (part[0] == 'c' && int.TryParse(part.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int index)) classIndex = index;
            else if (part is ['x', >= '1' and <= '7']) details = (PredictionDetails)(part[1] - '0');
            else if (part[0] == 'k' && int.TryParse(part.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int features)) topFeatures = features;
            else if (LabelTypes.Parse(part) is { } type) labelType = type;
            else return null;
        }
        return (parts[0], output, labelType, threshold, classIndex, details, topFeatures);
    }

    [GeneratedRegex("mlsql_[0-9a-f]{32}_[a-z0-9_]+")]
    private static partial Regex Name();
}
