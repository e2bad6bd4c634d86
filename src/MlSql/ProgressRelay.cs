using MlSql.Planning;

namespace MlSql;

/// <summary>Passes an engine's progress on, with the time that is left.</summary>
internal sealed class ProgressRelay(IProgress<StatementProgress> listener) : IProgress<RunProgress>
{
    public void Report(RunProgress value) => listener.Report(new StatementProgress(
        value.Phase, value.Fraction, value.Rows, value.RowsPerSecond, value.Iteration, value.MaxIterations, value.Loss, value.Elapsed, Left(value))
    { Tasks = value.Tasks, TasksDone = value.TasksDone });

    private static TimeSpan? Left(RunProgress value) => value.Fraction is > 0.02 and { } fraction ? value.Elapsed * ((1 - fraction) / fraction) : null;
}
