using System.Collections.Immutable;
using MlSql.Columnar.Ipc;
using MlSql.Scoring.Commands;
using MlSql.Worker.Barrier;
using MlSql.Worker.Models;
using MlSql.Worker.Tasks;

namespace MlSql.Worker.Evaluation;

/// <summary>A function ready to run, with the places of its arguments among the input's columns.</summary>
internal sealed record BoundFunction(IColumnFunction Function, ImmutableArray<int> Columns);

/// <summary>Binds the commands of a task to the columns of its input.</summary>
internal sealed class FunctionBinder(WorkerTask task, ModelCache models, BarrierClient barrier)
{
    /// <summary>The model that the command last bound is of, for messages; null when there is none.</summary>
    public static string? ModelOf(WorkerCommand command) => command is PredictCommand predict ? $"model {predict.Model} version {predict.Version}" : null;

    /// <summary>A function over columns: the places come with the task. Throws <see cref="Columnar.CodedException"/>, <see cref="OperationCanceledException"/>.</summary>
    public BoundFunction BindScalar(TaskFunction function, ImmutableArray<WorkerCommand> commands, ImmutableArray<ArrowField> columns, CancellationToken cancel)
    {
        var places = Order(function.Arguments, commands[0] is PredictCommand predict ? predict.Arguments : []);
        foreach (int place in places)
            if (place < 0 || place >= columns.Length) throw WorkerErrors.InputColumns($"there are {columns.Length}, and number {place} is wanted");
        var bound = Bind(commands[0], [.. places.Select(p => columns[p])], isRow: false, cancel);
        for (int i = 1; i < commands.Length; i++) bound = Chain(bound, commands[i], cancel);
        return new(bound, places);
    }

    /// <summary>A function over the fields of a row: the arguments are found by name. Throws as <see cref="BindScalar"/>.</summary>
    public BoundFunction BindRow(WorkerCommand command, ArrowField row, CancellationToken cancel)
    {
        if (command is EchoCommand) return new(new EchoFunction(row), []);
        if (command is not PredictCommand predict) return new(Bind(command, [], isRow: false, cancel), []);
        int[] places = [.. predict.Arguments.Select(name => row.Children.IndexOf(name) is >= 0 and var place ? place : throw WorkerErrors.ArgumentName(name, row.Children.Select(c => c.Name)))];
        return new(Bind(command, [.. places.Select(p => row.Children[p])], isRow: predict.OutputType is Columnar.StructType, cancel), [.. places]);
    }

    private ChainedFunction Chain(IColumnFunction inner, WorkerCommand command, CancellationToken cancel)
    {
        try
        {
            return new(inner, Bind(command, [inner.Output], isRow: false, cancel));
        }
        catch
        {
            inner.Dispose();
            throw;
        }
    }

    private IColumnFunction Bind(WorkerCommand command, ReadOnlySpan<ArrowField> arguments, bool isRow, CancellationToken cancel) => command switch
    {
        EchoCommand => arguments.Length > 0 ? new EchoFunction(arguments[0]) : throw WorkerErrors.ArgumentCount(1, 0),
        ProbeCommand probe => new ProbeFunction(probe, models, barrier, task.Partition),
        PredictCommand predict => new PredictFunction(predict, models.Take(predict, [task.Files, Environment.CurrentDirectory], cancel), arguments, isRow),
        _ => throw new System.Diagnostics.UnreachableException(command.GetType().Name),
    };

    // Arguments by name go where the name stands; the others fill the places from the first on.
    private static ImmutableArray<int> Order(ImmutableArray<TaskArgument> arguments, ImmutableArray<string> names)
    {
        if (arguments.All(a => a.Name is null) || names.IsEmpty) return [.. arguments.Select(a => a.Column)];
        if (arguments.Length != names.Length) throw WorkerErrors.ArgumentCount(names.Length, arguments.Length);
        var places = new int?[names.Length];
        for (int i = 0; i < arguments.Length; i++)
        {
            int at = arguments[i].Name is { } name ? names.IndexOf(name, 0, names.Length, StringComparer.OrdinalIgnoreCase) : i;
            if (at < 0 || places[at] is not null) throw WorkerErrors.ArgumentName(arguments[i].Name ?? $"number {i + 1}", names);
            places[at] = arguments[i].Column;
        }
        return [.. places.Select(p => p!.Value)];
    }
}

/// <summary>Finds fields by name.</summary>
internal static class FieldNames
{
    /// <summary>The place of a field, first exactly, then whatever the case; -1 when it is not there.</summary>
    public static int IndexOf(this ImmutableArray<ArrowField> fields, string name)
    {
        for (int i = 0; i < fields.Length; i++)
            if (fields[i].Name == name) return i;
        for (int i = 0; i < fields.Length; i++)
            if (string.Equals(fields[i].Name, name, StringComparison.OrdinalIgnoreCase)) return i;
        return -1;
    }
}
