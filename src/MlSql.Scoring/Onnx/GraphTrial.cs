using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Models.Onnx;

namespace MlSql.Scoring.Onnx;

/// <summary>What a trial of a graph found.</summary>
/// <param name="Outputs">Every output of the model under its own name, typed as it came out, or, with a warning, as it is declared.</param>
/// <param name="Batch">The number of rows that the inputs fix; null for any.</param>
/// <param name="RowsAreIndependent">False when rows of a batch influence each other's results, and where that could not be tried.</param>
/// <param name="Warning">Why the graph could not be run (MLS4104, MLS4105, MLS4106); null when it could.</param>
public sealed record GraphTrialResult(ImmutableArray<GraphOutput> Outputs, int? Batch, bool RowsAreIndependent, CodedException? Warning);

/// <summary>Runs a graph on neutral rows at import, to learn what its outputs really are.</summary>
public static class GraphTrial
{
    private const long ArenaBytes = 512L << 20;
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Makes a session and runs it on 1 and on 3 rows of zeros and empty texts, then on rows that differ; 2 s for each of the two, 512 MiB beside the weights. Outputs that nobody wants may be left out of the
    /// model's <see cref="OnnxModel.Outputs"/>. Throws <see cref="OperationCanceledException"/>; <see cref="CodedException"/> MLS4101 … MLS4103, MLS4105, MLS4115 when there is no session, MLS4109 for an output that is
    /// not a column, MLS4114, MLS4116.
    /// </summary>
    public static GraphTrialResult Run(OnnxModel model, ImmutableArray<GraphInput> inputs, CancellationToken cancel)
    {
        int? batch = FixedBatch(model, inputs);
        using var session = GraphSession.Create(model.Bytes, new GraphSessionOptions { ArenaBytes = ArenaBytes }, cancel);
        ImmutableArray<GraphOutput> outputs;
        try
        {
            outputs = OutputShapes.Observe(session, inputs, [.. model.Outputs.Select(o => o.Name)], batch, new RunLimits(_limit, cancel));
        }
        catch (CodedException e) when (RuntimeErrors.IsOfRun(e))
        {
            return new GraphTrialResult(OutputShapes.Declared(model.Outputs), batch, batch == 1, e);
        }
        bool independent = batch == 1 || RowIndependence.Of(session, inputs, outputs, batch, new RunLimits(_limit, cancel));
        return new GraphTrialResult(outputs, batch, independent, null);
    }

    /// <summary>The number of rows that the inputs fix; null for any. MLS4116 for several.</summary>
    internal static int? FixedBatch(OnnxModel model, ImmutableArray<GraphInput> inputs)
    {
        (string Name, long Rows)? first = null;
        foreach (var input in inputs)
        {
            if (model.Inputs.FirstOrDefault(i => i.Name == input.Name)?.Type is not TensorValueType { Shape: { IsDefaultOrEmpty: false } shape } || shape[0] is not { } rows) continue;
            if (first is { } known && known.Rows != rows) throw RuntimeErrors.BatchSizes(known.Name, known.Rows, input.Name, rows);
            first ??= (input.Name, rows);
        }
        return first is { } found ? checked((int)found.Rows) : null;
    }
}
