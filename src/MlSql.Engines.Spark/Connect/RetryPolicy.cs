using MlSql.Engines.Spark.Connect.Errors;
using MlSql.Engines.Spark.Connect.Transport;

namespace MlSql.Engines.Spark.Connect;

/// <summary>When a failed call is tried again, and after how long: the figures of Spark's own clients.</summary>
/// <param name="Delay">Waits; replaced in tests.</param>
internal sealed record RetryPolicy(Func<TimeSpan, CancellationToken, Task> Delay)
{
    private const string Disconnected = "INVALID_CURSOR.DISCONNECTED";

    public static readonly RetryPolicy Default = new(Task.Delay);

    public int MaxRetries { get; init; } = 15;

    public TimeSpan First { get; init; } = TimeSpan.FromMilliseconds(50);

    public double Factor { get; init; } = 4;

    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest wait that a server may ask for.</summary>
    public TimeSpan LongestAsked { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Waits of at least this get up to <see cref="Jitter"/> more, so that many clients do not come back at once.</summary>
    public TimeSpan JitterFrom { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan Jitter { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often and how slowly at most a call is tried again where nothing listens any more: some 30 s in all. A server that starts again has lost our session anyway.</summary>
    public int MaxRetriesWhenRefused { get; init; } = 9;

    /// <inheritdoc cref="MaxRetriesWhenRefused"/>
    public TimeSpan LongestWhenRefused { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>True when the same call may succeed a little later.</summary>
    public static bool MayHelp(GrpcException e, ServerError error) =>
        e.Status == GrpcStatus.Unavailable
        || (e.Status == GrpcStatus.Internal && e.Message.Contains(Disconnected, StringComparison.Ordinal))
        || error.RetryDelay is not null;

    /// <summary>These rules where nothing listens at the server's address, instead of the server being slow, busy or cut off.</summary>
    public RetryPolicy WhenRefused() => this with { MaxRetries = Math.Min(MaxRetries, MaxRetriesWhenRefused), Longest = Longest < LongestWhenRefused ? Longest : LongestWhenRefused };

    /// <summary>The wait before try number <paramref name="retry"/> + 1, counted from 0, or null when there were enough.</summary>
    public TimeSpan? Wait(int retry, TimeSpan? asked)
    {
        if (retry >= MaxRetries) return null;
        double milliseconds = Math.Min(First.TotalMilliseconds * Math.Pow(Factor, retry), Longest.TotalMilliseconds);
        if (milliseconds >= JitterFrom.TotalMilliseconds) milliseconds += Random.Shared.NextDouble() * Jitter.TotalMilliseconds;
        var wait = TimeSpan.FromMilliseconds(milliseconds);
        if (asked is not { } server) return wait;
        if (server > LongestAsked) server = LongestAsked;
        return server > wait ? server : wait;
    }
}
