using MlSql.Language.Tokens;

namespace MlSql.Engines.Spark.Text;

/// <summary>
/// Says a portable statement in Spark's words. Rewritten are exactly: files in FROM (a name in quotes, read_csv, read_json, read_parquet), COPY, CREATE TABLE and CREATE VIEW, INSERT, DROP and TRUNCATE of TEMP tables, names under mlsql,
/// types that Spark has under another name (in casts and definitions), texts that Spark reads otherwise (backslashes, E'..', $$..$$), TIMESTAMPTZ '..', [..], {..} and MAP {..} as values, SET TimeZone, and * EXCLUDE. All other text stays as written, byte
/// for byte. Pure: what is read is looked for by Spark.
/// </summary>
internal static class SparkRewriter
{
    /// <summary>The statement's script. Throws <see cref="SparkTextException"/> MLS6401 to MLS6412 with the place of what cannot be said.</summary>
    public static SparkScript Rewrite(string statement, SparkNames names)
    {
        var tokens = new SqlTokens(statement);
        // Spark has two words for it, and takes one word for the name of a setting that nobody reads.
        if (tokens.Is(0, "SET") && tokens.Is(1, "TimeZone")) return new SparkScript([], SetTimeZone(tokens), false, names);
        // Spark takes the rest of these as it is, quotes and all.
        if (tokens.Count == 0 || tokens.IsAny(0, "SET", "RESET", "ADD", "LIST")) return new SparkScript([], new SparkTextBuilder(statement).Copy(0, statement.Length).Build(), false, names);
        var views = new FileViews(names);
        var body = new BodyRewriter(tokens, names, views);
        SparkScript script = Verb(tokens, names, views, body) ?? new SparkScript([], Whole(tokens, body), IsQuery(tokens), names);
        return script with { Before = views.Commands, Sources = views.Sources, NamesIfFailed = names with { Next = script.Names.Next } };
    }

    private static SparkScript? Verb(SqlTokens tokens, SparkNames names, FileViews views, BodyRewriter body)
    {
        if (tokens.Is(0, "COPY")) return new CopyRewriter(tokens, names, views, body).Rewrite();
        if (tokens.Is(0, "CREATE")) return new CreateTableRewriter(tokens, names, body).Rewrite() ?? new CreateViewRewriter(tokens, names, views, body).Rewrite();
        return tokens.IsAny(0, "INSERT", "DROP", "TRUNCATE") ? TempTableRewriter.Rewrite(tokens, names, body) : null;
    }

    // SET TimeZone { = | TO } 'UTC'
    private static SparkText SetTimeZone(SqlTokens tokens)
    {
        int value = tokens.IsSymbol(2, '=') || tokens.Is(2, "TO") ? 3 : 2;
        return new SparkTextBuilder(tokens.Source).Write("SET TIME ZONE ", 0).Copy(tokens.StartOf(value), tokens.EndBefore(tokens.Count)).Build();
    }

    private static SparkText Whole(SqlTokens tokens, BodyRewriter body)
    {
        var text = new SparkTextBuilder(tokens.Source);
        body.WriteGap(text, 0);
        body.Write(text, 0, tokens.Count);
        return text.Copy(tokens.EndBefore(tokens.Count), tokens.Source.Length).Build();
    }

    private static bool IsQuery(SqlTokens tokens)
    {
        if (tokens.IsAny(0, "SHOW", "DESCRIBE", "DESC", "EXPLAIN")) return true;
        if (!tokens.IsAny(0, "SELECT", "WITH", "VALUES", "FROM", "TABLE") && !tokens.IsSymbol(0, '(')) return false;
        // WITH c AS ( … ) INSERT INTO t … and FROM t INSERT INTO u …
        for (int i = 1; i < tokens.Count; i++)
        {
            if (tokens.Kind(i) == TokenKind.Open) i = tokens.Close(i);
            else if (tokens.Is(i, "INSERT") && tokens.IsAny(i + 1, "INTO", "OVERWRITE")) return false;
        }
        return true;
    }
}
