using MlSql.Language;

namespace MlSql.Engines.DuckDb.Database;

/// <summary>A catalog in memory beside the user's database, for tables and views of the session; works also when the database is read-only.</summary>
internal static class SystemCatalog
{
    /// <summary>Its name.</summary>
    public const string Name = "mlsql";

    /// <summary>Attaches the catalog, for all connections of the database. Does nothing when it is there.</summary>
    public static void Attach(DuckDbConnection connection) =>
        connection.Execute($"ATTACH IF NOT EXISTS ':memory:' AS {SqlQuote.Identifier(Name)} (READ_WRITE)", CancellationToken.None);
}
