using System.Buffers;
using System.Collections.Immutable;
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
    private readonly PredictFunction _function;
    private readonly IScorer _scorer;
    private readonly ClassDecoder _decoder;
    private readonly ClassWriter? _labels;

    private PredictBody(PredictFunction function)
    {
        _function = function;
        _scorer = Scorers.Create(function.Model.Model);
        _decoder = new ClassDecoder(function.Threshold);
        _labels = function.Model.Model.Signature.Classes is { } classes ? new ClassWriter(classes) : null;
    }

    /// <summary>The function as it is registered: it takes any argument types and checks them before the first rows.</summary>
    public static ScalarFunctionDefinition Define(PredictFunction function) =>
        new(function.Name, null, PredictionTypes.Of(function.Model, function.Output), new PredictBody(function)) { Check = types => Check(function.Model, types) };

    /// <inheritdoc/>
    public void Invoke(ReadOnlySpan<ColumnView> arguments, int rows, OutputVector output)
    {
        double[] rented = ArrayPool<double>.Shared.Rent(rows);
        try
        {
            var scores = rented.AsSpan(0, rows);
            _scorer.Score(arguments, scores);
            Write(scores, output);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    private static void Check(ModelVersion model, ImmutableArray<DataType> types)
    {
        var features = model.Model.Signature.Features;
        for (int i = 0; i < types.Length && i < features.Length; i++)
            if (!FeatureTypes.Accepts(features[i].Type, types[i])) throw RunErrors.ArgumentType(model.Name, features[i].Name, types[i]);
    }

    private void Write(Span<double> scores, OutputVector output)
    {
        switch (_function.Output)
        {
            case PredictionOutput.Score:
                if (_labels is not null) Links.Logistic(scores);
                scores.CopyTo(output.Values<double>());
                break;
            case PredictionOutput.Value when _labels is null:
                scores.CopyTo(output.Values<double>());
                break;
            case PredictionOutput.Value:
                WriteLabels(scores, output);
                break;
            case PredictionOutput.Probability:
                WriteProbability(scores, output.Values<double>());
                break;
            case PredictionOutput.Probabilities:
                WriteBoth(scores, output.SetLists(Twos(scores.Length)).Values<double>());
                break;
            case PredictionOutput.Row:
                WriteLabels(scores, output.Field(0));
                var pairs = output.Field(1).SetLists(Twos(scores.Length));
                _labels!.WriteAlternating(pairs.Field(0));
                WriteBoth(scores, pairs.Field(1).Values<double>());
                break;
            default:
                throw new System.Diagnostics.UnreachableException(_function.Output.ToString());
        }
    }

    private void WriteLabels(ReadOnlySpan<double> scores, OutputVector output)
    {
        int[] classes = ArrayPool<int>.Shared.Rent(scores.Length);
        _decoder.Decode(scores, classes);
        _labels!.Write(classes.AsSpan(0, scores.Length), output);
        ArrayPool<int>.Shared.Return(classes);
    }

    private void WriteProbability(Span<double> scores, Span<double> output)
    {
        scores.CopyTo(output);
        Links.Logistic(output);
        if (_function.ClassIndex is { } only)
        {
            if (only == 0)
                for (int i = 0; i < output.Length; i++) output[i] = 1 - output[i];
            return;
        }
        int[] classes = ArrayPool<int>.Shared.Rent(scores.Length);
        _decoder.Decode(scores, classes);
        for (int i = 0; i < output.Length; i++)
            if (classes[i] == 0) output[i] = 1 - output[i];
        ArrayPool<int>.Shared.Return(classes);
    }

    private static void WriteBoth(Span<double> scores, Span<double> pairs)
    {
        Links.Logistic(scores);
        for (int i = 0; i < scores.Length; i++)
        {
            pairs[2 * i] = 1 - scores[i];
            pairs[2 * i + 1] = scores[i];
        }
    }

    private static ReadOnlySpan<int> Twos(int rows)
    {
        int[] lengths = new int[rows];
        Array.Fill(lengths, 2);
        return lengths;
    }
}
