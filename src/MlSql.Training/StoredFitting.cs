using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Training.Encoders;
using MlSql.Training.Linear;
using MlSql.Training.Rows;

namespace MlSql.Training;

/// <summary>The run of a trainer that keeps the rows as they are, in our own columns.</summary>
internal sealed class StoredFitting(LinearEntry trainer, TrainingSpec spec, MemoryBudget budget) : Fitting
{
    private readonly RowIntake _intake = new(spec, budget);

    /// <inheritdoc/>
    public override long Rows => _intake.Rows;

    /// <inheritdoc/>
    public override int Append(ReadOnlySpan<ColumnView> columns, int rows, long first) => _intake.Append(columns, rows);

    /// <inheritdoc/>
    public override FittedRows Finish(IReadOnlyList<int>? order, FittingContext context, CancellationToken cancel)
    {
        RowStore store = _intake.Arrange(order, context.Crew, cancel);
        TrainingRows counts = new(store.RowsOf(RowPart.Train), store.RowsOf(RowPart.Eval), store.RowsOf(RowPart.Test), store.Dropped);
        counts.Check(store.Rows);
        ClassLabels? classes = spec.Estimator.Task == ModelTask.Classification ? store.Labels.FinishClasses(trainer.MaxClasses) : null;
        ChunkedArray<double>? weights = TrainingWeights.Of(store, spec, classes);
        context.Progress.Report("encoding", 0);
        FittedModel fitted = trainer.Fit(new(spec, store, classes, weights, context), out var moments, cancel);
        return new(
            fitted, classes, counts, Encoder.Signature(spec, store.Features), FeatureSummary.Of(store, moments, context.Crew, cancel), store.Fingerprint,
            part => TrainingWeights.Flatten(store.Labels.Parts[(int)part]),
            part => store.Weights is null ? [] : TrainingWeights.Flatten(store.Weights[(int)part]));
    }

    /// <inheritdoc/>
    public override void Dispose() => _intake.Dispose();
}
