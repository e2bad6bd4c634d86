using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Planning;
using MlSql.Planning.Lowering;
using MlSql.Planning.Plans;

namespace MlSql.Engines.Spark.Lowering;

/// <summary>Spark: linear models become expressions, all others functions that workers run.</summary>
internal sealed class SparkDialect : ILoweringDialect
{
    /// <inheritdoc/>
    public PredictFunction Function(BoundPrediction prediction) => Of(PredictFunctionNames.Function(prediction), prediction.Arguments.Length, PackedNames.Of(prediction));

    /// <summary>The function of a name in a kept view, or null for a name that is none of ours. Throws <see cref="CodedException"/> MLS6051 when its model is gone.</summary>
    public static PredictFunction? Find(string name, string caller, Func<string, DataType?, ModelVersion?> findByHash)
    {
        int last = name.LastIndexOf('_');
        return PackedNames.Read(name.AsSpan(last + 1)) is var (arguments, packed) && PredictFunctionNames.Find(name[..last], caller, findByHash) is { } function ? Of(function, arguments, packed) : null;
    }

    /// <inheritdoc/>
    public string Inline(BoundPrediction prediction, IReadOnlyList<string> arguments) => LinearSql.Print(prediction, arguments);

    /// <inheritdoc/>
    public string? Attach(string call, string column, string source) => EqualCalls.Attach(call, column, source);

    // The function knows its arguments by name, and how they come, so that both are part of its own.
    private static PredictFunction Of(PredictFunction function, int arguments, ImmutableArray<int> packed) => function with
    {
        Name = $"{function.Name}_{PackedNames.Write(arguments, packed)}",
        ArgumentNames = [.. function.Model.Model.Signature.FeaturesOf(arguments).Select(f => f.Name)],
        Packed = packed,
    };
}
