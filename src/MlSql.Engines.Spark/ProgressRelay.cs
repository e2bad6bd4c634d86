using System.Diagnostics;
using MlSql.Engines.Spark.Connect;
using MlSql.Planning;
using MlSql.Training;

namespace MlSql.Engines.Spark;

/// <summary>Passes on how far the server says a query is.</summary>
internal sealed class ProgressRelay(RunContext context, string phase) : IProgress<SparkProgress>
{
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <inheritdoc/>
    public void Report(SparkProgress value)
    {
        if (context.Progress is not { } listener) return;
        var elapsed = Stopwatch.GetElapsedTime(_started);
        double? fraction = value.Tasks > 0 ? (double)value.TasksDone / value.Tasks : null;
        listener.Report(new RunProgress(phase, fraction, value.RowsReceived, value.RowsReceived / Math.Max(elapsed.TotalSeconds, 1e-3), 0, 0, null, elapsed) { Tasks = (int)value.Tasks, TasksDone = (int)value.TasksDone });
    }
}

/// <summary>Passes a trainer's progress on.</summary>
internal sealed class TrainingRelay(IProgress<RunProgress> listener) : IProgress<TrainingProgress>
{
    /// <inheritdoc/>
    public void Report(TrainingProgress value) =>
        listener.Report(new RunProgress(value.Phase, null, value.Rows, value.RowsPerSecond, value.Iteration, value.MaxIterations, value.Loss, value.Elapsed));
}
