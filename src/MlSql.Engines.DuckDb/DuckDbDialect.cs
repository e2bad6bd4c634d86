using MlSql.Planning;
using MlSql.Planning.Lowering;
using MlSql.Planning.Plans;

namespace MlSql.Engines.DuckDb;

/// <summary>DuckDB: every prediction is a function that reads its vectors in place.</summary>
internal sealed class DuckDbDialect : ILoweringDialect
{
    /// <inheritdoc/>
    public PredictFunction Function(BoundPrediction prediction) => PredictFunctionNames.Function(prediction);

    /// <inheritdoc/>
    public string Inline(BoundPrediction prediction, IReadOnlyList<string> arguments) => throw new System.Diagnostics.UnreachableException("The engine's capabilities say that nothing is inlined.");

    /// <inheritdoc/>
    public string? Attach(string call, string column, string source) => null;
}
