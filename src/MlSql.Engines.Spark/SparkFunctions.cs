using MlSql.Columnar;
using MlSql.Engines.Spark.Connect;
using MlSql.Engines.Spark.Shipping;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Planning;
using MlSql.Planning.Binding;
using MlSql.Planning.Plans;
using MlSql.Scoring;
using MlSql.Scoring.Commands;
using MlSql.Scoring.Outputs;

namespace MlSql.Engines.Spark;

/// <summary>Makes predictions known to a session: worker and model travel before their first function, and each function is registered once.</summary>
internal sealed class SparkFunctions(SparkSession session, WorkerShipment shipment, TimeSpan modelTimeout)
{
    // Columns in, a column out; equal calls side by side are one task.
    private const int ScalarArrow = 250;
    private readonly HashSet<string> _registered = new(StringComparer.Ordinal);

    /// <summary>Registers a function unless that was done.</summary>
    public async Task EnsureAsync(PredictFunction function, CancellationToken cancel)
    {
        if (_registered.Contains(function.Name)) return;
        var model = function.Model;
        // A recognised graph travels as its trees, so the file may have another hash than the stored model.
        byte[] file = ModelFormat.WriteForScoring(model.Model);
        string hash = ModelFormat.ContentHash(file);
        var runtimeGraph = model.Model.Structure is GraphStructure { Recognised: null } graph ? graph : null;
        await Task.WhenAll(
            shipment.SendAsync(needsOnnxRuntime: runtimeGraph is not null, cancel),
            session.Artifacts.AddAsync("files/" + PredictCommand.FileNameOf(hash), ArtifactSource.Of(file), cancel)).ConfigureAwait(false);

        var type = SignedTypes.Of(PredictionTypes.Of(function));
        var command = new PredictCommand(model.Name, model.Version, hash, file.Length, Output(function.Output), type, function.ArgumentNames)
        {
            Threshold = function.Threshold,
            ClassIndex = function.ClassIndex,
            Details = function.Details,
            TopFeatures = function.TopFeatures,
            Packed = function.Packed,
            BatchTimeout = modelTimeout,
        };
        await session.RegisterAsync(
            new WorkerFunction
            {
                Name = function.Name,
                EvalType = ScalarArrow,
                Command = command.Write(),
                Output = SparkTypes.ToMessage(type),
                WorkerVersion = $"mlsql/{WorkerCommand.ProtocolVersion} spark/{session.Version.Text}",
                // Where rows influence each other a repeated call may answer otherwise.
                Deterministic = runtimeGraph is not { RowsAreIndependent: false },
            },
            cancel).ConfigureAwait(false);
        _registered.Add(function.Name);
    }

    /// <summary>What a worker says of itself.</summary>
    public async Task<string> ProbeAsync(SparkStatements statements, CancellationToken cancel)
    {
        await session.RegisterAsync(
            new WorkerFunction { Name = "mlsql_probe", EvalType = ScalarArrow, Command = new ProbeCommand().Write(), Output = Plans.Type("string"), WorkerVersion = "mlsql", Deterministic = false },
            cancel).ConfigureAwait(false);
        string answer = "";
        await foreach (var batch in statements.BatchesAsync("SELECT mlsql_probe(id) FROM range(0, 1, 1, 1)", null, cancel).ConfigureAwait(false))
            if (batch.Rows > 0) answer = batch.ToRecordBatch().Columns[0] is TextColumn text ? text.Text(0) ?? "" : "";
        return answer;
    }

    private static ScoreOutput Output(PredictionOutput output) => output switch
    {
        PredictionOutput.Value => ScoreOutput.Value,
        PredictionOutput.Probabilities => ScoreOutput.Probabilities,
        PredictionOutput.Probability => ScoreOutput.Probability,
        PredictionOutput.Row => ScoreOutput.Row,
        PredictionOutput.Score => ScoreOutput.Score,
        PredictionOutput.Explanation => ScoreOutput.Explanation,
        _ => throw new System.Diagnostics.UnreachableException(output.ToString()),
    };
}
