using System.Globalization;
using MlSql.Planning;
using MlSql.Planning.Lowering;
using MlSql.Planning.Plans;

namespace MlSql.Engines.Spark.Lowering;

/// <summary>Spark: linear models become expressions, all others functions that workers run.</summary>
internal sealed class SparkDialect : ILoweringDialect
{
    /// <summary>The function knows its arguments by name, so that their number is part of its own.</summary>
    public PredictFunction Function(BoundPrediction prediction)
    {
        var function = PredictFunctionNames.Function(prediction);
        int count = prediction.Arguments.Length;
        return function with { Name = string.Create(CultureInfo.InvariantCulture, $"{function.Name}_{count}"), ArgumentNames = [.. prediction.Model.Model.Signature.FeaturesOf(count).Select(f => f.Name)] };
    }

    /// <inheritdoc/>
    public string Inline(BoundPrediction prediction, IReadOnlyList<string> arguments) => LinearSql.Print(prediction, arguments);

    /// <inheritdoc/>
    public string? Attach(string call, string column, string source) => EqualCalls.Attach(call, column, source);
}
