using System.Text;
using MlSql.Engines.DuckDb.Database;
using MlSql.Planning.Lowering;

namespace MlSql.Engines.DuckDb;

/// <summary>Finds which of our functions a database calls: in views, macros, defaults, generated columns, checks and indexes.</summary>
internal static class StoredCalls
{
    private const string Stored = """
        SELECT 'View ' || view_name, sql FROM duckdb_views() WHERE NOT internal AND contains(sql, 'mlsql_')
        UNION ALL SELECT 'Macro ' || function_name, macro_definition FROM duckdb_functions() WHERE NOT internal AND contains(macro_definition, 'mlsql_')
        UNION ALL SELECT 'Table ' || table_name, sql FROM duckdb_tables() WHERE NOT internal AND contains(sql, 'mlsql_')
        UNION ALL SELECT 'Index ' || index_name, sql FROM duckdb_indexes() WHERE contains(sql, 'mlsql_')
        ORDER BY 1
        """;

    /// <summary>What calls (like "View v") and the function's name; each function once.</summary>
    public static IReadOnlyList<(string Caller, string Function)> Find(DuckDbConnection connection)
    {
        var found = new List<(string, string)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        using var result = connection.ExecuteStreaming(Stored, default);
        while (result.NextChunk(default) is { } chunk)
        {
            for (int row = 0; row < chunk.Rows; row++)
            {
                string caller = Encoding.UTF8.GetString(chunk.Views[0].Text(row));
                foreach (string name in PredictFunctionNames.In(Encoding.UTF8.GetString(chunk.Views[1].Text(row))))
                    if (seen.Add(name)) found.Add((caller, name));
            }
        }
        return found;
    }
}
