namespace MlSql.Scoring.Onnx;

/// <summary>How a session is made.</summary>
public sealed record GraphSessionOptions
{
    /// <summary>The most memory that the session may hold for weights and values at once, in bytes; 0 = no limit of its own.</summary>
    public long ArenaBytes { get; init; }

    /// <summary>How long making the session may take.</summary>
    public TimeSpan LoadTimeout { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>How long one call may run, and what stops it before.</summary>
/// <param name="Timeout">For all rows of the call together; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> = no limit.</param>
/// <param name="Cancel">Stops the run within a node of the graph.</param>
public readonly record struct RunLimits(TimeSpan Timeout, CancellationToken Cancel);
