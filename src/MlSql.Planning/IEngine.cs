using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Store;

namespace MlSql.Planning;

/// <summary>What runs programs. One statement at a time; an open result is read before the next statement.</summary>
public interface IEngine : IAsyncDisposable
{
    /// <summary>Its name, as versions keep it: "duckdb", "spark".</summary>
    string Name { get; }

    /// <summary>Its version.</summary>
    string Version { get; }

    /// <summary>What decides how it is asked for predictions.</summary>
    EngineCapabilities Capabilities { get; }

    /// <summary>The columns of a query, without running it.</summary>
    Description Describe(string sql, CancellationToken cancel);

    /// <summary>Turns a statement into steps. Pure.</summary>
    EngineProgram Lower(OptimizedStatement statement);

    /// <summary>Shows rows under mlsql.<paramref name="table"/>, in the place of what stood there.</summary>
    Task PublishAsync(string table, Schema schema, ImmutableArray<ImmutableArray<object?>> rows, CancellationToken cancel);

    /// <summary>Runs the steps. Errors are <see cref="CodedException"/>; cancellation ends it within a second.</summary>
    Task<EngineOutcome> RunAsync(EngineProgram program, RunContext context, CancellationToken cancel);
}

/// <summary>How far the running step is. <paramref name="Phase"/> as in the session's progress.</summary>
public sealed record RunProgress(string Phase, double? Fraction, long Rows, double RowsPerSecond, int Iteration, int MaxIterations, double? Loss, TimeSpan Elapsed)
{
    /// <summary>Tasks of a cluster's running query; 0 when there are none or they are not known.</summary>
    public int Tasks { get; init; }

    /// <summary>How many of them are done.</summary>
    public int TasksDone { get; init; }
}

/// <summary>Something that the user should know, with a code and what to do about it or null.</summary>
public sealed record RunNotice(string Code, string Message, string? Hint);

/// <summary>What a run may use: the clock, and whom to tell.</summary>
public sealed record RunContext(TimeProvider Time, IProgress<RunProgress>? Progress);

/// <summary>What a program gave. A closed family.</summary>
public abstract record EngineOutcome
{
    private EngineOutcome() { }

    /// <summary>Rows, read once; dispose to stop early.</summary>
    public sealed record Rows(Schema Schema, Func<CancellationToken, IAsyncEnumerable<RecordBatch>> Read, Func<ValueTask> DisposeAsync) : EngineOutcome;

    /// <summary>Nothing to read; rows changed where the statement counts them.</summary>
    public sealed record Done(long? RowsChanged) : EngineOutcome;

    /// <summary>A model that is not stored yet, with everything to keep about it.</summary>
    public sealed record Trained(Model Model, VersionDetails Details) : EngineOutcome;
}
