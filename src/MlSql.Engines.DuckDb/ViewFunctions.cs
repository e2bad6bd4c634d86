using System.Text;
using System.Text.RegularExpressions;
using MlSql.Engines.DuckDb.Database;

namespace MlSql.Engines.DuckDb;

/// <summary>Finds which of our functions the views of a database call.</summary>
internal static partial class ViewFunctions
{
    /// <summary>View and function names; each function once.</summary>
    public static IReadOnlyList<(string View, string Function)> Find(DuckDbConnection connection)
    {
        var found = new List<(string, string)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        using var result = connection.ExecuteStreaming("SELECT view_name, sql FROM duckdb_views() WHERE NOT internal AND contains(sql, 'mlsql_')", default);
        while (result.NextChunk(default) is { } chunk)
        {
            for (int row = 0; row < chunk.Rows; row++)
            {
                string view = Encoding.UTF8.GetString(chunk.Views[0].Text(row));
                foreach (Match match in FunctionName().Matches(Encoding.UTF8.GetString(chunk.Views[1].Text(row))))
                    if (seen.Add(match.Value)) found.Add((view, match.Value));
            }
        }
        return found;
    }

    [GeneratedRegex("mlsql_[0-9a-f]{32}_[a-z0-9_]+")]
    private static partial Regex FunctionName();
}
