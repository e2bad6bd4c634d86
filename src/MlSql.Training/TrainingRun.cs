using MlSql.Columnar.Memory;

namespace MlSql.Training;

/// <summary>
/// One training: rows are appended once, in order, from one thread; then <see cref="Finish"/> runs the trainer over them on up to <c>threads</c> threads.
/// The model's bytes depend on the spec, the rows and their order, and on nothing else.
/// </summary>
public sealed class TrainingRun : IDisposable
{
    /// <summary>Prepares a run. <paramref name="memoryBudget"/> bounds our own arrays, in bytes. Throws <see cref="Columnar.CodedException"/> (MLS3xxx) for types that cannot be features or labels.</summary>
    public TrainingRun(TrainingSpec spec, int threads, long memoryBudget, TimeProvider time, IProgress<TrainingProgress>? progress)
    {
        throw new NotImplementedException($"{spec} {threads} {memoryBudget} {time} {progress}");
    }

    /// <summary>Takes one batch; nothing of it is kept by reference.</summary>
    public void Append(ReadOnlySpan<ColumnView> columns, int rows) => throw new NotImplementedException();

    /// <summary>Trains on what was appended.</summary>
    public TrainingResult Finish(CancellationToken cancel) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() { }
}
