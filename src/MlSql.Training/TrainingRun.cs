using System.Collections.Immutable;
using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Training.Encoders;
using MlSql.Training.Metrics;
using MlSql.Training.Rounds;
using MlSql.Training.Rows;

namespace MlSql.Training;

/// <summary>
/// One training: rows are appended once, in pieces, from one thread or several; then <see cref="Finish"/> puts the pieces in order and runs the trainer over them on up to <c>threads</c> threads.
/// The model's bytes depend on the spec, the rows and their order, and on nothing else.
/// </summary>
public sealed class TrainingRun : IDisposable
{
    private const double Threshold = 0.5;
    private static readonly RowPart[] Parts = [RowPart.Train, RowPart.Eval, RowPart.Test];

    private readonly TrainingSpec _spec;
    private readonly TrainerEntry _entry;
    private readonly int _threads;
    private readonly TimeProvider _time;
    private readonly MemoryBudget _budget;
    private readonly RowIntake _intake;
    private readonly ProgressReporter _progress;
    private readonly List<TrainingWarning> _warnings = [];

    /// <summary>Prepares a run. <paramref name="memoryBudget"/> bounds our own arrays, in bytes. Throws <see cref="Columnar.CodedException"/> (MLS3xxx) for types that cannot be features or labels.</summary>
    public TrainingRun(TrainingSpec spec, int threads, long memoryBudget, TimeProvider time, IProgress<TrainingProgress>? progress)
    {
        _spec = spec;
        _entry = Trainers.Of(spec.Estimator);
        _threads = threads;
        _time = time;
        _budget = new(memoryBudget);
        _intake = new(spec, _budget, _entry.KeepsHashes);
        _progress = new(progress, time);
    }

    /// <summary>
    /// Takes a piece of the rows and gives its number, counted as they come; nothing of it is kept by reference. Threads may come at once. Throws <see cref="Columnar.CodedException"/> (MLS3xxx)
    /// for values that cannot be trained on and above the memory budget.
    /// </summary>
    public int Append(ReadOnlySpan<ColumnView> columns, int rows)
    {
        int piece = _intake.Append(columns, rows);
        _progress.Report("reading", _intake.Rows);
        return piece;
    }

    /// <summary>
    /// Trains on what was appended; <paramref name="order"/> holds the numbers of all pieces in the order of their rows, null when they came in it. Throws <see cref="Columnar.CodedException"/> (MLS3xxx)
    /// for rows that cannot be trained on, and <see cref="OperationCanceledException"/>.
    /// </summary>
    public TrainingResult Finish(IReadOnlyList<int>? order, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using BlockCrew crew = new(_threads);
        RowStore store = _intake.Arrange(order, crew, cancel);
        long rows = store.RowsOf(RowPart.Train);
        if (store.Rows == store.Dropped) throw TrainingErrors.NoRows(store.Dropped);
        if (rows == 0) throw TrainingErrors.NoTrainRows(store.Rows - store.Dropped);
        ClassLabels? classes = _spec.Estimator.Task == ModelTask.Classification ? store.Labels.FinishClasses(_entry.MaxClasses) : null;
        ChunkedArray<double>? weights = TrainingWeights.Of(store, _spec, classes);

        _progress.Report("encoding", 0);
        FittedModel fitted = _entry.Fit(new(_spec, store, classes, weights, crew, _time, _progress, _warnings), cancel);
        ModelSignature signature = new(Encoder.Signature(_spec, store), _spec.Label.Name, _spec.Estimator.Task, classes);
        return new(
            new(signature, fitted.Featurizers, fitted.Structure),
            new(rows, store.RowsOf(RowPart.Eval), store.RowsOf(RowPart.Test), store.Dropped),
            fitted.Iterations,
            [.. Parts.Where(part => store.RowsOf(part) > 0).SelectMany(part => MetricsOf(store, part, fitted, classes, crew, cancel))],
            FeatureSummary.Of(store, fitted.DenseMoments, crew, cancel),
            [.. _warnings],
            store.Fingerprint) { Stopping = fitted.Stopping };
    }

    /// <inheritdoc/>
    public void Dispose() => _intake.Dispose();

    private IEnumerable<SplitMetric> MetricsOf(RowStore store, RowPart part, FittedModel fitted, ClassLabels? classes, BlockCrew crew, CancellationToken cancel)
    {
        _progress.Report("evaluating", store.RowsOf(part));
        double[] predictions = fitted.Predict(part, cancel);
        double[] labels = TrainingWeights.Flatten(store.Labels.Parts[(int)part]);
        double[] weights = store.Weights is null ? [] : TrainingWeights.Flatten(store.Weights[(int)part]);
        cancel.ThrowIfCancellationRequested();
        ImmutableArray<Metric> metrics = classes?.Values.Length switch
        {
            null => RegressionMetrics.Of(predictions, labels, weights, crew, cancel),
            2 => BinaryMetrics.Of(predictions, labels, weights, Threshold, crew, cancel),
            { } count => MulticlassMetrics.Of(predictions, count, labels, weights, crew, cancel),
        };
        string name = part switch { RowPart.Train => "train", RowPart.Eval => "eval", _ => "test" };
        return metrics.Select(metric => new SplitMetric(name, metric.Name, metric.Value));
    }
}
