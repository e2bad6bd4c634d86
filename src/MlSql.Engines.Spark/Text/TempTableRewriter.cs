namespace MlSql.Engines.Spark.Text;

/// <summary>INSERT, DROP and TRUNCATE of a TEMP table go to the table behind its name.</summary>
internal static class TempTableRewriter
{
    /// <summary>Null where the statement is about no TEMP table.</summary>
    public static SparkScript? Rewrite(SqlTokens tokens, SparkNames names, BodyRewriter body)
    {
        int at = 1;
        bool view = tokens.Is(0, "DROP") && tokens.Is(at, "VIEW");
        if (tokens.IsAny(at, "INTO", "OVERWRITE", "VIEW")) at++;
        if (tokens.Is(at, "TABLE")) at++;
        if (tokens.Is(0, "DROP") && tokens.Is(at, "IF") && tokens.Is(at + 1, "EXISTS")) at += 2;
        int name = at;
        if (!tokens.TryName(ref at, out string[]? parts) || parts.Length != 1) return null;
        if (view) return DropView(tokens, names, parts[0]);
        if (names.Behind(parts[0]) is not { } table) return null;
        if (tokens.Is(0, "DROP")) return DropTable(tokens, names, parts[0], table);

        var text = new SparkTextBuilder(tokens.Source);
        body.Write(text, 0, name);
        body.WriteGap(text, name);
        text.Write(table, tokens[name].Start);
        if (at < tokens.Count) body.WriteGap(text, at);
        body.Write(text, at, tokens.Count);
        return new SparkScript([], text.Build(), false, names);
    }

    private static SparkScript DropTable(SqlTokens tokens, SparkNames names, string name, string table) =>
        new([], SparkTextBuilder.Of($"DROP VIEW {SparkNames.Quoted(name)}", tokens.StartOf(0)), false, names with { TempTables = names.TempTables.Remove(name) })
        {
            After = [SparkTextBuilder.Of($"DROP TABLE IF EXISTS {table}", tokens.StartOf(0))],
        };

    private static SparkScript DropView(SqlTokens tokens, SparkNames names, string name) =>
        new([], new SparkTextBuilder(tokens.Source).Copy(0, tokens.Source.Length).Build(), false, names with { Views = names.Views.Remove(name) }) { DroppedView = name };
}
