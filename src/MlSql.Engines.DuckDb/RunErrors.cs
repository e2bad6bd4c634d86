using MlSql.Columnar;

namespace MlSql.Engines.DuckDb;

/// <summary>The ledger of errors of running programs, MLS605x.</summary>
internal static class RunErrors
{
    private const string FeatureType = "MLS6050";
    private const string NoTrainingRuns = "MLS6053";

    public static CodedException ArgumentType(string model, string feature, DataType type) =>
        new(FeatureType, $"Feature {feature} of model {model} cannot be read from a {type}", "CAST the argument");

    public static CodedException NoTraining(string function) =>
        new(NoTrainingRuns, $"{function} takes the rows of a TRAIN statement, and none runs", "use TRAIN m … AS query");
}
