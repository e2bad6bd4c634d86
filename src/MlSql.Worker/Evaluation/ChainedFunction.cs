using MlSql.Columnar.Ipc;
using MlSql.Columnar.Memory;

namespace MlSql.Worker.Evaluation;

/// <summary>A function of another function's answer. What passes between them is a batch of its own.</summary>
internal sealed class ChainedFunction(IColumnFunction inner, IColumnFunction outer) : IColumnFunction
{
    private readonly ArrowSchema _between = new([inner.Output]);

    /// <inheritdoc/>
    public ArrowField Output => outer.Output;

    /// <inheritdoc/>
    public void Compute(ReadOnlySpan<ColumnView> arguments, int rows, ArrowOutput output, CancellationToken cancel)
    {
        using MemoryStream bytes = new();
        ArrowStreamWriter writer = new(bytes, _between);
        inner.Compute(arguments, rows, writer.Begin(rows)[0], cancel);
        writer.Send(cancel);
        writer.End(cancel);
        using ArrowStreamReader reader = new(bytes.GetBuffer().AsMemory(0, (int)bytes.Length));
        outer.Compute(reader.Next(cancel)!.Columns, rows, output, cancel);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        inner.Dispose();
        outer.Dispose();
    }
}
