using MlSql.Columnar.Ipc;
using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Scoring;
using MlSql.Scoring.Commands;
using MlSql.Scoring.Onnx;
using MlSql.Scoring.Outputs;
using MlSql.Worker.Models;

namespace MlSql.Worker.Evaluation;

/// <summary>Scores a model. Holds the model until it is disposed.</summary>
internal sealed class PredictFunction : IColumnFunction
{
    private readonly PredictCommand _command;
    private readonly ModelLease _lease;
    private readonly ModelFunction? _kernel;
    private readonly GraphWriter? _graph;
    private readonly bool _isRow;
    private readonly PackedArguments? _packed;

    /// <summary>Binds the model to the types of the arguments and takes the lease over. <paramref name="isRow"/>: the answer is a whole row of columns. Throws <see cref="Columnar.CodedException"/> MLS4309, MLS4311, MLS4312; then the lease is disposed.</summary>
    public PredictFunction(PredictCommand command, ModelLease lease, ReadOnlySpan<ArrowField> arguments, bool isRow)
    {
        (_command, _lease, _isRow) = (command, lease, isRow);
        try
        {
            var model = lease.Model.Model;
            if (!command.Packed.IsEmpty) _packed = new(command.Packed, arguments);
            CheckArguments(command, model.Signature, _packed is null ? arguments : _packed.Fields.AsSpan());
            PromisedType.Check(command, model);
            Output = ArrowField.Of("_0", command.OutputType);
            if (model.Structure is GraphStructure { Recognised: null } graph) _graph = new(model.Signature, graph, command.Output, command.ClassIndex);
            else _kernel = new(model, lease.Model.Kernel!, command.Output, command.Threshold, command.ClassIndex, command.Details, command.TopFeatures);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ArrowField Output { get; }

    /// <inheritdoc/>
    public void Compute(ReadOnlySpan<ColumnView> arguments, int rows, ArrowOutput output, CancellationToken cancel)
    {
        ArrowColumn column = new(output, _isRow);
        if (_packed is not null) arguments = _packed.Unpack(arguments, rows);
        if (_graph is not null)
        {
            using var batch = _lease.Model.Graph!.Score(arguments, rows, new RunLimits(_command.BatchTimeout, cancel));
            _graph.Write(batch, column);
            return;
        }
        _kernel!.Compute(arguments, rows, column);
    }

    /// <inheritdoc/>
    public void Dispose() => _lease.Dispose();

    private static void CheckArguments(PredictCommand command, ModelSignature signature, ReadOnlySpan<ArrowField> arguments)
    {
        var features = signature.FeaturesOf(arguments.Length);
        if (features.Length != arguments.Length) throw WorkerErrors.ArgumentCount(features.Length, arguments.Length);
        for (int i = 0; i < features.Length; i++)
            if (!FeatureTypes.Accepts(features[i].Type, arguments[i].Type)) throw WorkerErrors.ArgumentType(i < command.Arguments.Length ? command.Arguments[i] : features[i].Name, arguments[i].Type);
    }
}
