using System.Globalization;
using MlSql.Planning;
using MlSql.Planning.Plans;

namespace MlSql.Engines.Spark.Lowering;

/// <summary>
/// Names of registered functions, made from everything that decides what they compute and how many arguments they take: mlsql_HASH_OUTPUT_ARGUMENTS[_LABELTYPE][_tTHRESHOLD][_cCLASS].
/// The same prediction has the same name in every statement of a session, so it is registered once.
/// </summary>
internal static class SparkFunctionNames
{
    private const int HashLength = 32;

    /// <summary>The function that computes a prediction.</summary>
    public static PredictFunction Function(BoundPrediction prediction)
    {
        var model = prediction.Model;
        string name = string.Create(CultureInfo.InvariantCulture, $"mlsql_{model.ContentHash[..HashLength]}_{prediction.Output.ToString().ToLowerInvariant()}_{prediction.Arguments.Length}")
            + (model.LabelType is Columnar.FloatType { Bits: 64 } ? "" : "_" + model.LabelType.ToString().ToLowerInvariant())
            + (prediction.Threshold != 0.5 ? $"_t{BitConverter.DoubleToInt64Bits(prediction.Threshold):x16}" : "")
            + (prediction.ClassIndex is { } c ? string.Create(CultureInfo.InvariantCulture, $"_c{c}") : "");
        return new PredictFunction(name, model, prediction.Output, prediction.Threshold, prediction.ClassIndex) { ArgumentNames = [.. model.Model.Signature.FeaturesOf(prediction.Arguments.Length).Select(f => f.Name)] };
    }
}
