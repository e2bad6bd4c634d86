using System.Collections.Immutable;
using MlSql.Scoring.Commands;

namespace MlSql.Worker.Tasks;

/// <summary>One task as the engine describes it, whatever the engine's version.</summary>
internal sealed record WorkerTask
{
    /// <summary>Every byte that described the task, as it came, for those who are given it instead of us.</summary>
    public required ReadOnlyMemory<byte> Raw { get; init; }

    public required int Partition { get; init; }

    /// <summary>The text in the place of a Python version; our clients put theirs and the engine's versions there.</summary>
    public required string Version { get; init; }

    public required TaskContext Context { get; init; }

    /// <summary>Where the files of the session lie, among them models.</summary>
    public required string Files { get; init; }

    /// <summary>Whether broadcast values came or went with the task: they belong to the connection.</summary>
    public required bool ChangesBroadcasts { get; init; }

    public required EvalType EvalType { get; init; }

    /// <summary>The functions; for the shapes that only Python knows one with the command alone.</summary>
    public required ImmutableArray<TaskFunction> Functions { get; init; }

    /// <summary>Times in the block of timing that answers of this version have.</summary>
    public required int TimingNumbers { get; init; }

    /// <summary>How many of the commands are of this program.</summary>
    public int OwnCommands => Functions.Sum(f => f.Commands.Count(c => WorkerCommand.IsOurs(c.Span)));

    /// <summary>All commands.</summary>
    public int Commands => Functions.Sum(f => f.Commands.Length);
}

/// <summary>One result column: its arguments, and the functions applied one after another, the innermost first.</summary>
internal sealed record TaskFunction(ImmutableArray<TaskArgument> Arguments, ImmutableArray<ReadOnlyMemory<byte>> Commands);

/// <summary>A column of the input by its place, given by name where <paramref name="Name"/> is not null.</summary>
internal sealed record TaskArgument(int Column, string? Name);
