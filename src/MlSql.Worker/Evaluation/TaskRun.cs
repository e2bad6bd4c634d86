using System.Collections.Immutable;
using System.Globalization;
using MlSql.Columnar;
using MlSql.Columnar.Ipc;
using MlSql.Columnar.Memory;
using MlSql.Scoring.Commands;
using MlSql.Worker.Serving;
using MlSql.Worker.Tasks;

namespace MlSql.Worker.Evaluation;

/// <summary>Reads the rows of a task batch by batch, computes its functions and answers batch by batch.</summary>
internal sealed class TaskRun(EngineStream stream, WorkerTask task, FunctionBinder binder, CancellationToken cancel)
{
    private ArrowStreamWriter? _writer;
    private bool _began;
    private string? _model;
    private long _batch;

    /// <summary>Rows answered.</summary>
    public long Rows { get; private set; }

    /// <summary>True while an Arrow stream of the answer is open.</summary>
    public bool IsOpen => _began;

    /// <summary>Where the run is, for messages: model, version, batch and partition.</summary>
    public string Place =>
        string.Create(CultureInfo.InvariantCulture, $"{(_model is null ? "" : _model + ", ")}{(_batch == 0 ? "before the first batch" : $"batch {_batch}")} of partition {task.Partition}");

    /// <summary>Answers the whole input. Throws <see cref="CodedException"/>; <see cref="IOException"/> when the engine is gone; <see cref="OperationCanceledException"/>.</summary>
    public void Execute()
    {
        ImmutableArray<ImmutableArray<WorkerCommand>> commands = [.. task.Functions.Select(f => f.Commands.Select(c => WorkerCommand.Read(c.Span)!).ToImmutableArray())];
        using ArrowStreamReader reader = new(stream);
        var columns = reader.ReadSchema(cancel).Fields;
        switch (task.EvalType)
        {
            case EvalType.ScalarArrow or EvalType.ScalarArrowIterator or EvalType.ScalarPandas:
                Scalar(reader, commands, columns);
                break;
            case EvalType.MapArrow:
                Map(reader, commands, columns);
                break;
            default:
                throw WorkerErrors.Unsupported(task.EvalType);
        }
        Close();
    }

    /// <summary>Ends the open Arrow stream, behind which an error may be told.</summary>
    public void Close()
    {
        if (!_began) return;
        _began = false;
        _writer!.End(CancellationToken.None);
    }

    private void Scalar(ArrowStreamReader reader, ImmutableArray<ImmutableArray<WorkerCommand>> commands, ImmutableArray<ArrowField> columns)
    {
        var bound = new BoundFunction?[commands.Length];
        try
        {
            for (int i = 0; i < bound.Length; i++)
            {
                _model = FunctionBinder.ModelOf(commands[i][0]);
                bound[i] = binder.BindScalar(task.Functions[i], commands[i], columns, cancel);
            }
            _writer = new(stream, new([.. bound.Select((b, i) => b!.Function.Output with { Name = string.Create(CultureInfo.InvariantCulture, $"_{i}") })]));
            while (Next(reader) is { } batch)
            {
                var outputs = _writer.Begin(batch.Rows);
                for (int i = 0; i < bound.Length; i++)
                {
                    _model = FunctionBinder.ModelOf(commands[i][0]);
                    bound[i]!.Function.Compute(Choose(batch.Columns, bound[i]!.Columns), batch.Rows, outputs[i], cancel);
                }
                Send(batch.Rows);
            }
        }
        finally
        {
            foreach (var function in bound) function?.Function.Dispose();
        }
    }

    private void Map(ArrowStreamReader reader, ImmutableArray<ImmutableArray<WorkerCommand>> commands, ImmutableArray<ArrowField> columns)
    {
        if (commands is not [[var command]] || columns is not [{ Type: StructType } row]) throw WorkerErrors.InputColumns("one function over one struct is expected");
        _model = FunctionBinder.ModelOf(command);
        var (function, places) = binder.BindRow(command, row, cancel);
        try
        {
            // The engine takes the fields of the one column as the columns of the result.
            bool wraps = function.Output.Type is not StructType;
            var output = wraps ? ArrowField.Of("_0", new StructType([new(function.Output.Name == "_0" ? "prediction" : function.Output.Name, function.Output.Type)])) : function.Output with { Name = "_0" };
            _writer = new(stream, new([output]));
            while (Next(reader) is { } batch)
            {
                var into = _writer.Begin(batch.Rows)[0];
                function.Compute(command is PredictCommand ? Choose(batch.Columns[0].Children, places) : batch.Columns, batch.Rows, wraps ? into.Field(0) : into, cancel);
                Send(batch.Rows);
            }
        }
        finally
        {
            function.Dispose();
        }
    }

    private ArrowBatch? Next(ArrowStreamReader reader)
    {
        cancel.ThrowIfCancellationRequested();
        var batch = reader.Next(cancel);
        if (batch is not null) _batch++;
        return batch;
    }

    private void Send(int rows)
    {
        if (!_began)
        {
            stream.WriteInt32(Marks.StartOfArrow);
            _began = true;
        }
        _writer!.Send(cancel);
        // The engine waits for whole batches, and may have nothing more to send before it has this one.
        stream.Flush();
        Rows += rows;
    }

    private static ColumnView[] Choose(ReadOnlySpan<ColumnView> columns, ImmutableArray<int> places)
    {
        var chosen = new ColumnView[places.Length];
        for (int i = 0; i < chosen.Length; i++) chosen[i] = columns[places[i]];
        return chosen;
    }
}
