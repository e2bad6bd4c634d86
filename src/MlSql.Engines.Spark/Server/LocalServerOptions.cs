namespace MlSql.Engines.Spark.Server;

/// <summary>How a server of our own is started.</summary>
internal sealed record LocalServerOptions
{
    /// <summary>The folder of the Spark.</summary>
    public required SparkHome Home { get; init; }

    /// <summary>Task slots; null = all cores.</summary>
    public int? Threads { get; init; }

    /// <summary>Bytes of the server's heap; null = what the user's Spark says, else a quarter of the machine's memory.</summary>
    public long? Memory { get; init; }

    /// <summary>Settings beside and above ours.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; init; } = [];

    /// <summary>Longest time from start to first answer.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time that the server has to end by itself.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);
}
