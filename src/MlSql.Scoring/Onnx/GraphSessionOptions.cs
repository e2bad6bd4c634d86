namespace MlSql.Scoring.Onnx;

/// <summary>How a session is made.</summary>
public sealed record GraphSessionOptions
{
    /// <summary>The most memory that the values of all runs of the session may hold at once, in bytes; its weights come on top. 0 = no limit of its own. With a limit memory goes back after each call; without one the session keeps what its largest slices needed, which is faster.</summary>
    public long ArenaBytes { get; init; }

    /// <summary>How long making the session may take.</summary>
    public TimeSpan LoadTimeout { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>How long one call may run, and what stops it before.</summary>
/// <param name="Timeout">For all rows of the call together; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> = no limit.</param>
/// <param name="Cancel">Stops the run within a node of the graph.</param>
public readonly record struct RunLimits(TimeSpan Timeout, CancellationToken Cancel);
