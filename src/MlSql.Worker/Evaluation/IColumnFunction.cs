using MlSql.Columnar.Ipc;
using MlSql.Columnar.Memory;

namespace MlSql.Worker.Evaluation;

/// <summary>A function of a task, bound to the columns of its input: a column from columns. Used by one thread.</summary>
internal interface IColumnFunction : IDisposable
{
    /// <summary>The type of the answers, and how they lie in an Arrow stream; the name says nothing.</summary>
    ArrowField Output { get; }

    /// <summary>Fills the column for all rows. Throws <see cref="Columnar.CodedException"/>, <see cref="OperationCanceledException"/>.</summary>
    void Compute(ReadOnlySpan<ColumnView> arguments, int rows, ArrowOutput output, CancellationToken cancel);
}
