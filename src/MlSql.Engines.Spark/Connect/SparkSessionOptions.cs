namespace MlSql.Engines.Spark.Connect;

/// <summary>How a session is opened.</summary>
internal sealed record SparkSessionOptions
{
    /// <summary>How long to try before the server has answered for the first time.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets sentences that the user should see; null to drop them.</summary>
    public Action<string>? Notice { get; init; }

    public RetryPolicy Retries { get; init; } = RetryPolicy.Default;

    /// <summary>Stands in for the network in tests.</summary>
    public HttpMessageHandler? Network { get; init; }
}
