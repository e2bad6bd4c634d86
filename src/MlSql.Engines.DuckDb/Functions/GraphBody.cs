using MlSql.Columnar.Memory;
using MlSql.Engines.DuckDb.Database;
using MlSql.Engines.DuckDb.Interop;
using MlSql.Models.Onnx;
using MlSql.Planning;
using MlSql.Planning.Binding;
using MlSql.Scoring.Onnx;
using MlSql.Scoring.Outputs;

namespace MlSql.Engines.DuckDb.Functions;

/// <summary>One output of one imported graph as a function of the engine: its vectors fill the tensors, ONNX Runtime computes on the engine's thread, and what comes out fills the answer.</summary>
internal sealed class GraphBody : IScalarFunction
{
    private readonly PredictFunction _function;
    private readonly GraphSessions _sessions;
    private readonly RunningStatement _running;
    private readonly TimeSpan _timeout;
    private readonly GraphWriter _writer;
    private GraphScorer? _scorer;

    private GraphBody(PredictFunction function, GraphStructure graph, GraphSessions sessions, RunningStatement running, TimeSpan timeout)
    {
        _function = function;
        _sessions = sessions;
        _running = running;
        _timeout = timeout;
        _writer = new GraphWriter(function.Model.Model.Signature, graph, PredictBody.OutputOf(function.Output), function.ClassIndex);
    }

    /// <summary>The function as it is registered. Where the rows of a batch influence each other it is called for every row, not for the distinct values of a column.</summary>
    public static ScalarFunctionDefinition Define(PredictFunction function, GraphSessions sessions, RunningStatement running, TimeSpan timeout)
    {
        var graph = (GraphStructure)function.Model.Model.Structure;
        return new(function.Name, null, PredictionTypes.Of(function), new GraphBody(function, graph, sessions, running, timeout))
        {
            Check = types => PredictBody.Check(function.Model, types),
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
        _writer.Write(batch, new VectorOutput(output));
    }
}
