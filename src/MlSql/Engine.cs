namespace MlSql;

/// <summary>Where a session's statements run. A closed family.</summary>
public abstract record Engine
{
    private Engine() { }

    /// <summary>DuckDB inside the process: the default.</summary>
    public static Engine DuckDb { get; } = new Embedded();

    /// <summary>
    /// Apache Spark over Spark Connect. <paramref name="remote"/> is the server's address, <c>sc://host:15002/;token=…</c>; without it SPARK_REMOTE, and without that a server of the session's own, started from SPARK_HOME and ended with the session.
    /// </summary>
    public static Engine Spark(string? remote = null) => new Cluster(remote);

    internal sealed record Embedded : Engine;

    internal sealed record Cluster(string? Remote) : Engine;
}
