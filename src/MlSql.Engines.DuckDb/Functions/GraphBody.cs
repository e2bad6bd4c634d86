using System.Buffers;
using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Engines.DuckDb.Database;
using MlSql.Engines.DuckDb.Interop;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Planning;
using MlSql.Planning.Binding;
using MlSql.Planning.Plans;
using MlSql.Scoring.Onnx;

namespace MlSql.Engines.DuckDb.Functions;

/// <summary>One output of one imported graph as a function of the engine: its vectors fill the tensors, ONNX Runtime computes on the engine's thread, and what comes out fills the answer.</summary>
internal sealed class GraphBody : IScalarFunction
{
    private readonly PredictFunction _function;
    private readonly GraphSessions _sessions;
    private readonly RunningStatement _running;
    private readonly TimeSpan _timeout;
    private readonly GraphClasses? _classes;
    private GraphScorer? _scorer;

    private GraphBody(PredictFunction function, GraphStructure graph, GraphSessions sessions, RunningStatement running, TimeSpan timeout)
    {
        _function = function;
        _sessions = sessions;
        _running = running;
        _timeout = timeout;
        _classes = function.Model.Model.Signature.Classes is { } classes ? new GraphClasses(classes, graph.ClassOrder) : null;
    }

    /// <summary>The function as it is registered. Where the rows of a batch influence each other it is called for every row, not for the distinct values of a column.</summary>
    public static ScalarFunctionDefinition Define(PredictFunction function, GraphSessions sessions, RunningStatement running, TimeSpan timeout)
    {
        var graph = (GraphStructure)function.Model.Model.Structure;
        return new(function.Name, null, PredictionTypes.Of(function.Model, function.Output), new GraphBody(function, graph, sessions, running, timeout))
        {
            Check = types => Check(function.Model, types),
            Volatile = !graph.RowsAreIndependent,
        };
    }

    /// <inheritdoc/>
    public void Invoke(ReadOnlySpan<ColumnView> arguments, int rows, OutputVector output)
    {
        var cancel = _running.Cancel;
        // Threads that come here at once are given the same one.
        _scorer ??= _sessions.Of(_function.Model, cancel);
        using var batch = _scorer.Score(arguments, rows, new RunLimits(_timeout, cancel));
        Write(batch, output);
        if (batch.Validity.IsEmpty) return;
        for (int row = 0; row < rows; row++)
            if (!batch.IsValid(row)) output.SetNull(row);
    }

    private void Write(GraphBatch batch, OutputVector output)
    {
        switch (_function.Output)
        {
            case PredictionOutput.Value when _classes is not null || batch.Columns.Length == 1:
                GraphColumnWriter.Write(batch.Columns[0], batch.Rows, output);
                break;
            case PredictionOutput.Value or PredictionOutput.Row:
                for (int i = 0; i < batch.Columns.Length; i++) GraphColumnWriter.Write(batch.Columns[i], batch.Rows, output.Field(i));
                break;
            case PredictionOutput.Probabilities:
                WithProbabilities(batch, (all, count) => all.CopyTo(output.SetLists(Enumerable.Repeat(count, batch.Rows).ToArray()).Values<double>()));
                break;
            case PredictionOutput.Probability when _function.ClassIndex is { } only:
                _classes!.Probability(batch.Columns[1], only, output.Values<double>());
                break;
            case PredictionOutput.Probability:
                WithProbabilities(batch, (all, count) => WriteProbability(batch, all, count, output));
                break;
            case PredictionOutput.Score when _classes is not null:
                _classes.Probability(batch.Columns[1], _classes.Count - 1, output.Values<double>());
                break;
            case PredictionOutput.Score:
                GraphColumnWriter.WriteDoubles(batch.Columns[0], batch.Rows, output.Values<double>());
                break;
            default:
                throw new System.Diagnostics.UnreachableException(_function.Output.ToString());
        }
    }

    private void WithProbabilities(GraphBatch batch, Action<ReadOnlySpan<double>, int> use)
    {
        int count = _classes!.Count;
        double[] rented = ArrayPool<double>.Shared.Rent(batch.Rows * count);
        try
        {
            var all = rented.AsSpan(0, batch.Rows * count);
            _classes.Probabilities(batch.Columns[1], batch.Rows, all);
            use(all, count);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    private void WriteProbability(GraphBatch batch, ReadOnlySpan<double> all, int count, OutputVector output)
    {
        var values = output.Values<double>();
        int[] labels = new int[batch.Rows];
        _classes!.Labels(batch.Columns[0], labels);
        for (int row = 0; row < labels.Length; row++)
        {
            if (labels[row] < 0) output.SetNull(row);
            else values[row] = all[row * count + labels[row]];
        }
    }

    private static void Check(ModelVersion model, ImmutableArray<DataType> types)
    {
        var features = model.Model.Signature.FeaturesOf(types.Length);
        for (int i = 0; i < types.Length && i < features.Length; i++)
            if (!FeatureTypes.Accepts(features[i].Type, types[i])) throw RunErrors.ArgumentType(model.Name, features[i].Name, types[i]);
    }
}
