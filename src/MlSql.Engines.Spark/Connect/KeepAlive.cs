namespace MlSql.Engines.Spark.Connect;

/// <summary>How the client finds out that a silent connection is dead: a ping after <paramref name="Delay"/> of silence, given up after <paramref name="Timeout"/>.</summary>
/// <param name="Enabled">False for no pings at all.</param>
/// <param name="Delay">At least 10 s: the server closes connections that ping more often.</param>
/// <param name="Timeout">How long an answer may take.</param>
/// <param name="WithoutCalls">True to ping also while no call runs.</param>
internal sealed record KeepAlive(bool Enabled, TimeSpan Delay, TimeSpan Timeout, bool WithoutCalls)
{
    public static readonly KeepAlive Default = new(true, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(20), true);
}
