namespace MlSql.Engines.DuckDb.Database;

/// <summary>Writes names and texts into SQL so that nothing in them is read as SQL.</summary>
internal static class SqlName
{
    /// <summary>A quoted name.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A quoted text.</summary>
    public static string QuoteText(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
