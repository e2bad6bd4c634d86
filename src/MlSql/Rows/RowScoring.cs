using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Planning;
using MlSql.Planning.Binding;
using MlSql.Planning.Plans;
using MlSql.Scoring;
using MlSql.Scoring.Onnx;
using MlSql.Scoring.Outputs;

namespace MlSql.Rows;

/// <summary>Computes predictions of single rows by what computes those of queries: the model's kernels, or ONNX Runtime for a graph that is not recognised. Safe for any number of threads at once.</summary>
internal sealed class RowScoring : IDisposable
{
    private readonly ModelVersion _model;
    private readonly DataType _type;
    private readonly TimeSpan _timeout;
    private readonly GraphSession? _session;
    private readonly GraphScorer? _graph;
    private readonly GraphWriter[] _graphWriters = [];
    private readonly IScorer? _scorer;
    private readonly ModelFunction[] _functions = [];

    /// <summary>Makes the model ready. Throws <see cref="CodedException"/>, <see cref="OperationCanceledException"/>.</summary>
    public RowScoring(ModelVersion model, TimeSpan timeout, long arenaBytes, CancellationToken cancel)
    {
        (_model, _timeout, _type) = (model, timeout, PredictionTypes.Of(model, PredictionOutput.Value));
        Classes = PredictedClasses.Of(model.Model.Signature, _type);
        ScoreOutput[] outputs = HasClasses ? [ScoreOutput.Value, ScoreOutput.Probabilities] : [ScoreOutput.Value];
        var structure = model.Model.Structure as GraphStructure;
        if (structure is not null) _graphWriters = [.. outputs.Select(o => new GraphWriter(model.Model.Signature, structure, o, null))];
        if (structure is { Recognised: null } graph)
        {
            _session = GraphSession.Create(graph.Graph, new GraphSessionOptions { ArenaBytes = arenaBytes }, cancel);
            try
            {
                _graph = new GraphScorer(model.Model, _session);
            }
            catch
            {
                _session.Dispose();
                throw;
            }
            return;
        }
        _scorer = Scorers.Create(model.Model);
        _functions = [.. outputs.Select(o => new ModelFunction(model.Model, _scorer, o, threshold: 0.5, classIndex: null, PredictionDetails.None, topFeatures: 0))];
    }

    /// <summary>The classes as they are predicted, ascending.</summary>
    public ImmutableArray<object> Classes { get; }

    private bool HasClasses => _model.Model.Signature.Classes is not null;

    /// <summary>The place of a class among <see cref="Classes"/>. Throws <see cref="MlSqlException"/> MLS2010, MLS2011.</summary>
    public int ClassIndex(string text)
    {
        var (index, error) = Binder.ClassIndex(_model, text);
        return error is null ? index : throw RowErrors.Of([error]);
    }

    /// <summary>The probability of the predicted class, as PREDICTION_PROBABILITY gives it; null for NULL.</summary>
    public double? ProbabilityOf(object? value, ReadOnlySpan<double> probabilities)
    {
        if (probabilities.IsEmpty) return null;
        // A score that is no number decides for no class; a booster answers with the probabilities themselves, and the largest is meant.
        if (value is null) return double.NaN;
        if (_model.Model.Signature.Task == ModelTask.Booster) return Largest(probabilities);
        int index = Classes.IndexOf(value);
        return index < 0 ? null : probabilities[index];
    }

    /// <summary>Predicts the row that the context holds. Throws <see cref="CodedException"/>, <see cref="OperationCanceledException"/>.</summary>
    public Prediction Predict(RowContext context, CancellationToken cancel)
    {
        var answer = context.Answer ??= new RowAnswer(_type, _scorer?.Outputs ?? 0, HasClasses);
        if (_graph is null) _scorer!.Score(context.Views, answer.Scores);
        if (_graphWriters.Length == 0)
        {
            Write(0, context, answer, answer.Value);
            if (HasClasses) Write(1, context, answer, answer.Probabilities!);
        }
        else
        {
            using var batch = _graph?.Score(context.Views, 1, new RunLimits(_timeout, cancel)) ?? _functions[0].Batch(context.Views, 1, answer.Scores)!;
            _graphWriters[0].Write(batch, answer.Value.Open(1));
            if (HasClasses) _graphWriters[1].Write(batch, answer.Probabilities!.Open(1));
        }
        // Its columns are read through pointers.
        GC.KeepAlive(context);
        return Read(answer);
    }

    /// <summary>Frees a graph's session once its last run is over.</summary>
    public void Dispose() => _session?.Dispose();

    private void Write(int output, RowContext context, RowAnswer answer, PredictedColumn column)
    {
        answer.Scores.CopyTo(answer.Copy, 0);
        _functions[output].Write(context.Views, 1, answer.Copy, column.Open(1));
    }

    private Prediction Read(RowAnswer answer)
    {
        double[] probabilities = HasClasses ? answer.Probabilities!.Doubles(0) : [];
        return _type is FloatType { Bits: 64 } && answer.Value.TryDouble(0, out double number)
            ? new Prediction(this, number, probabilities)
            : new Prediction(this, answer.Value.Read(0), probabilities);
    }

    private static double Largest(ReadOnlySpan<double> values)
    {
        double largest = values[0];
        foreach (double value in values) largest = Math.Max(largest, value);
        return largest;
    }
}
