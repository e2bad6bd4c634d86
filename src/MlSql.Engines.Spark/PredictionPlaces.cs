using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Engines.Spark.Connect.Errors;

namespace MlSql.Engines.Spark;

/// <summary>The places where Spark runs no function of a worker.</summary>
internal static class PredictionPlaces
{
    /// <summary>The error to show in place of Spark's, or null when that is about something else.</summary>
    /// <param name="error">What the server says.</param>
    /// <param name="models">The models that the statement asks for and that workers compute.</param>
    public static CodedException? Explain(SparkException error, ImmutableArray<string> models)
    {
        if (models.IsEmpty) return null;
        string names = string.Join(", ", models);
        return error.ErrorClass switch
        {
            "UNSUPPORTED_FEATURE.LAMBDA_FUNCTION_WITH_PYTHON_UDF" => EngineErrors.NoPredictionThere(names, "in a lambda", "make rows of the elements with explode, predict these, and collect the predictions again"),
            "UNSUPPORTED_FEATURE.PYTHON_UDF_IN_ON_CLAUSE" => EngineErrors.NoPredictionThere(names, "in the ON of such a join over columns of both sides", "join by other columns in a subquery first, and predict over its rows"),
            "INVALID_INLINE_TABLE.CANNOT_EVALUATE_EXPRESSION_IN_INLINE_TABLE" => EngineErrors.NoPredictionThere(names, "in VALUES", "select it from the values: SELECT PREDICT(…) FROM VALUES …"),
            _ => null,
        };
    }
}
