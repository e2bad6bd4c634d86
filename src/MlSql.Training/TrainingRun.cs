using System.Collections.Immutable;
using MlSql.Columnar.Memory;
using MlSql.Training.Metrics;
using MlSql.Training.Rounds;
using MlSql.Training.Rows;

namespace MlSql.Training;

/// <summary>
/// One training: rows are appended in pieces, from one thread or several, as often as <see cref="NextPass"/> asks for them; then <see cref="Finish"/> runs the trainer over them on up to <c>threads</c> threads.
/// The model's bytes depend on the spec, the rows and, unless the trainer says otherwise, their order, and on nothing else.
/// </summary>
public sealed class TrainingRun : IDisposable
{
    private const double Threshold = 0.5;
    private static readonly RowPart[] Parts = [RowPart.Train, RowPart.Eval, RowPart.Test];

    private readonly TrainingSpec _spec;
    private readonly int _threads;
    private readonly TimeProvider _time;
    private readonly Fitting _fitting;
    private readonly ProgressReporter _progress;
    private readonly List<TrainingWarning> _warnings = [];
    private string _phase = "reading";

    /// <summary>Prepares a run. <paramref name="memoryBudget"/> bounds our own arrays, in bytes. Throws <see cref="Columnar.CodedException"/> (MLS3xxx) for types that cannot be features or labels.</summary>
    public TrainingRun(TrainingSpec spec, int threads, long memoryBudget, TimeProvider time, IProgress<TrainingProgress>? progress)
    {
        _spec = spec;
        _threads = threads;
        _time = time;
        _fitting = Trainers.Of(spec.Estimator).Begin(spec, new(memoryBudget));
        _progress = new(progress, time);
    }

    /// <summary>True where the rows are read more than once: the same rows, in any order.</summary>
    public bool ReadsAgain => _fitting.ReadsAgain;

    /// <summary>
    /// Takes a piece of the rows and gives its number, counted as they come; nothing of it is kept by reference. Threads may come at once. Where rows have places that are the same in every pass, 0, 1, 2 …,
    /// <paramref name="first"/> is that of the first one here, and the others follow; else -1. Throws <see cref="Columnar.CodedException"/> (MLS3xxx) for values that cannot be trained on and above the memory budget.
    /// </summary>
    public int Append(ReadOnlySpan<ColumnView> columns, int rows, long first = -1)
    {
        int piece = _fitting.Append(columns, rows, first);
        _progress.Report(_phase, _fitting.Rows);
        return piece;
    }

    /// <summary>Ends a pass over the rows; true when all of them are to be appended once more. Throws <see cref="Columnar.CodedException"/> (MLS3xxx) for rows that cannot be trained on, and <see cref="OperationCanceledException"/>.</summary>
    public bool NextPass(CancellationToken cancel)
    {
        using BlockCrew crew = new(ReadsAgain ? _threads : 1);
        _phase = "encoding";
        return _fitting.NextPass(new(crew, _time, _progress, _warnings), cancel);
    }

    /// <summary>
    /// Trains on what was appended; <paramref name="order"/> holds the numbers of all pieces of the last pass in the order of their rows, null when they came in it. Throws <see cref="Columnar.CodedException"/> (MLS3xxx)
    /// for rows that cannot be trained on, and <see cref="OperationCanceledException"/>.
    /// </summary>
    public TrainingResult Finish(IReadOnlyList<int>? order, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using BlockCrew crew = new(_threads);
        FittedRows rows = _fitting.Finish(order, new(crew, _time, _progress, _warnings), cancel);
        return new(
            new(new(rows.Inputs, _spec.Label.Name, _spec.Estimator.Task, rows.Classes), rows.Fitted.Featurizers, rows.Fitted.Structure),
            rows.Counts,
            rows.Fitted.Iterations,
            [.. Parts.Where(part => rows.Counts.Of(part) > 0).SelectMany(part => MetricsOf(rows, part, crew, cancel))],
            rows.Statistics,
            [.. _warnings],
            rows.Fingerprint)
        { Stopping = rows.Fitted.Stopping };
    }

    /// <inheritdoc/>
    public void Dispose() => _fitting.Dispose();

    private IEnumerable<SplitMetric> MetricsOf(FittedRows rows, RowPart part, BlockCrew crew, CancellationToken cancel)
    {
        _progress.Report("evaluating", rows.Counts.Of(part));
        double[] predictions = rows.Fitted.Predict(part, cancel), labels = rows.Labels(part), weights = rows.Weights(part);
        cancel.ThrowIfCancellationRequested();
        ImmutableArray<Metric> metrics = rows.Classes?.Values.Length switch
        {
            null => RegressionMetrics.Of(predictions, labels, weights, crew, cancel),
            2 => BinaryMetrics.Of(predictions, labels, weights, Threshold, crew, cancel),
            { } count => MulticlassMetrics.Of(predictions, count, labels, weights, crew, cancel),
        };
        string name = part switch { RowPart.Train => "train", RowPart.Eval => "eval", _ => "test" };
        return metrics.Select(metric => new SplitMetric(name, metric.Name, metric.Value));
    }
}
