using System.Collections.Immutable;
using MlSql.Columnar;

namespace MlSql;

/// <summary>What one statement did. Its rows, if it has any, are read once and before the next statement runs.</summary>
public sealed class StatementResult : IAsyncDisposable
{
    private readonly Func<CancellationToken, IAsyncEnumerable<RecordBatch>>? _read;
    private readonly Func<ValueTask>? _dispose;

    internal StatementResult(string text, string summary, TimeSpan elapsed, Schema? schema, Func<CancellationToken, IAsyncEnumerable<RecordBatch>>? read, Func<ValueTask>? dispose)
    {
        Text = text;
        Summary = summary;
        Elapsed = elapsed;
        Schema = schema;
        _read = read;
        _dispose = dispose;
    }

    /// <summary>The statement as written.</summary>
    public string Text { get; }

    /// <summary>One line on what was done ("Trained churn version 2 on 200,000 rows: roc_auc 0.87 …", "1,204 rows changed"); empty for a plain query.</summary>
    public string Summary { get; }

    /// <summary>Time until the rows could be read.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>Columns of the rows, or null when the statement has none.</summary>
    public Schema? Schema { get; }

    /// <summary>Rows that INSERT, UPDATE, DELETE or COPY changed or wrote; null otherwise.</summary>
    public long? RowsChanged { get; internal init; }

    /// <summary>The model version that a TRAIN made, or null.</summary>
    public TrainedVersion? Trained { get; internal init; }

    /// <summary>Reads the rows, batch by batch.</summary>
    public IAsyncEnumerable<RecordBatch> ReadAsync(CancellationToken cancel = default) =>
        _read is null ? throw new InvalidOperationException("This statement has no rows; look at Schema first.") : _read(cancel);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _dispose?.Invoke() ?? ValueTask.CompletedTask;
}

/// <summary>A model version that a statement made.</summary>
public sealed record TrainedVersion(string Model, int Version, string ContentHash, long Rows, TimeSpan Duration)
{
    /// <summary>How the loss went down, an entry an iteration; a closed form has one.</summary>
    public ImmutableArray<LearningPoint> LearningCurve { get; init; } = [];

    /// <inheritdoc/>
    public bool Equals(TrainedVersion? other) =>
        other is not null && (Model, Version, ContentHash, Rows, Duration) == (other.Model, other.Version, other.ContentHash, other.Rows, other.Duration) && LearningCurve.AsSpan().SequenceEqual(other.LearningCurve.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Model, Version, ContentHash);
}

/// <summary>The losses after an iteration: on the training rows, and on the eval rows or null without any.</summary>
public readonly record struct LearningPoint(int Iteration, double Loss, double? EvalLoss);
