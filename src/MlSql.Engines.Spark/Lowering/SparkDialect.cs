using System.Globalization;
using MlSql.Columnar;
using MlSql.Planning;
using MlSql.Planning.Lowering;
using MlSql.Planning.Plans;

namespace MlSql.Engines.Spark.Lowering;

/// <summary>Spark: linear models become expressions, all others functions that workers run.</summary>
internal sealed class SparkDialect : ILoweringDialect
{
    /// <inheritdoc/>
    public PredictFunction Function(BoundPrediction prediction) => Of(PredictFunctionNames.Function(prediction), prediction.Arguments.Length);

    /// <summary>The function of a name in a kept view, or null for a name that is none of ours. Throws <see cref="CodedException"/> MLS6051 when its model is gone.</summary>
    public static PredictFunction? Find(string name, string caller, Func<string, DataType?, ModelVersion?> findByHash)
    {
        int last = name.LastIndexOf('_');
        return int.TryParse(name.AsSpan(last + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int arguments) && PredictFunctionNames.Find(name[..last], caller, findByHash) is { } function
            ? Of(function, arguments)
            : null;
    }

    /// <inheritdoc/>
    public string Inline(BoundPrediction prediction, IReadOnlyList<string> arguments) => LinearSql.Print(prediction, arguments);

    /// <inheritdoc/>
    public string? Attach(string call, string column, string source) => EqualCalls.Attach(call, column, source);

    // The function knows its arguments by name, so that their number is part of its own.
    private static PredictFunction Of(PredictFunction function, int arguments) => function with
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"{function.Name}_{arguments}"),
        ArgumentNames = [.. function.Model.Model.Signature.FeaturesOf(arguments).Select(f => f.Name)],
    };
}
