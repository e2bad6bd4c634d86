namespace MlSql.SpecTests;

/// <summary>An engine that the spec scripts run on; another engine is a line in <see cref="All"/>.</summary>
public sealed record SpecEngine(string Name, Func<MlSqlOptions, Task<MlSqlSession>> Open)
{
    /// <summary>Every engine.</summary>
    public static SpecEngine[] All { get; } = [new("duckdb", options => MlSqlSession.OpenAsync(options))];

    /// <inheritdoc/>
    public override string ToString() => Name;
}
