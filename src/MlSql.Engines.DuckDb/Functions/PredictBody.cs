using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Engines.DuckDb.Interop;
using MlSql.Models;
using MlSql.Planning;
using MlSql.Planning.Binding;
using MlSql.Planning.Plans;
using MlSql.Scoring;

namespace MlSql.Engines.DuckDb.Functions;

/// <summary>One output of one model as a function of the engine: reads its vectors in place, scores them with our kernel, writes the answer.</summary>
internal sealed class PredictBody : IScalarFunction
{
    // What is made of a model takes longer than scoring some thousand rows; statements after the first find it, as long as the model is in use.
    private static readonly ConditionalWeakTable<Model, IScorer> _scorers = [];

    private readonly ModelFunction _function;

    private PredictBody(PredictFunction function)
    {
        var model = function.Model.Model;
        _function = new ModelFunction(model, _scorers.GetValue(model, Scorers.Create), OutputOf(function.Output), function.Threshold, function.ClassIndex, function.Details, function.TopFeatures);
    }

    /// <summary>The function as it is registered: it takes any argument types and checks them before the first rows.</summary>
    public static ScalarFunctionDefinition Define(PredictFunction function) =>
        new(function.Name, null, PredictionTypes.Of(function), new PredictBody(function)) { Check = types => Check(function.Model, types) };

    /// <inheritdoc/>
    public void Invoke(ReadOnlySpan<ColumnView> arguments, int rows, OutputVector output) => _function.Compute(arguments, rows, new VectorOutput(output));

    /// <summary>Refuses arguments that the model's features cannot be read from.</summary>
    internal static void Check(ModelVersion model, ImmutableArray<DataType> types)
    {
        var features = model.Model.Signature.FeaturesOf(types.Length);
        for (int i = 0; i < types.Length && i < features.Length; i++)
            if (!FeatureTypes.Accepts(features[i].Type, types[i])) throw RunErrors.ArgumentType(model.Name, features[i].Name, types[i]);
    }

    internal static ScoreOutput OutputOf(PredictionOutput output) => output switch
    {
        PredictionOutput.Value => ScoreOutput.Value,
        PredictionOutput.Probabilities => ScoreOutput.Probabilities,
        PredictionOutput.Probability => ScoreOutput.Probability,
        PredictionOutput.Row => ScoreOutput.Row,
        PredictionOutput.Score => ScoreOutput.Score,
        PredictionOutput.Explanation => ScoreOutput.Explanation,
        _ => throw new UnreachableException(output.ToString()),
    };
}
