using System.Collections.Immutable;

namespace MlSql.Engines.Spark.Text;

/// <summary>Settings of a session that the rewritten text counts on; a session sets them before its first statement.</summary>
internal static class TextSettings
{
    /// <summary>
    /// Double quotes make names. Literals are printed with a backslash before backslashes and quotes: with escapedStringLiterals on, no literal could hold a quote ('it''s' reads it''s then). TIMESTAMP is the
    /// local time that it is on DuckDB, in casts, literals and inferred columns alike; TIMESTAMP WITH TIME ZONE is Spark's instant.
    /// </summary>
    public static readonly ImmutableArray<KeyValuePair<string, string>> All =
    [
        new("spark.sql.ansi.doubleQuotedIdentifiers", "true"),
        new("spark.sql.parser.escapedStringLiterals", "false"),
        new("spark.sql.timestampType", "TIMESTAMP_NTZ"),
    ];
}
