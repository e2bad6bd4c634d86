using System.Globalization;
using MlSql.SparkTests.Rig;

namespace MlSql.SpecTests;

/// <summary>An engine that the spec scripts run on; another engine is a line in <see cref="All"/>. A record may take up to the limit.</summary>
public sealed record SpecEngine(string Name, Func<MlSqlOptions, Task<MlSqlSession>> Open, TimeSpan Limit)
{
    /// <summary>Every engine.</summary>
    public static SpecEngine[] All { get; } =
    [
        new("duckdb", options => MlSqlSession.OpenAsync(options), TimeSpan.FromSeconds(60)),
        new("spark", OpenSparkAsync, TimeSpan.FromSeconds(180)) { CountsRows = false },
    ];

    /// <summary>False where the server does not say how many rows a statement changed.</summary>
    public bool CountsRows { get; init; } = true;

    /// <inheritdoc/>
    public override string ToString() => Name;

    // One server for all scripts. A script has a catalog database of its own, found again by its store when the session is opened again.
    private static async Task<MlSqlSession> OpenSparkAsync(MlSqlOptions options)
    {
        var server = SparkRig.Server();
        var session = await MlSqlSession.OpenAsync(options with { Database = null, Engine = Engine.Spark(string.Create(CultureInfo.InvariantCulture, $"sc://127.0.0.1:{server.Port}/;token={server.Token}")) });
        string database = "spec_" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(options.Models!)).AsSpan(0, 6));
        await session.ExecuteAsync($"CREATE DATABASE IF NOT EXISTS {database}; USE {database}; SET spark.sql.shuffle.partitions = 2; SET spark.sql.session.timeZone = UTC");
        return session;
    }
}
