namespace MlSql.Engines.Spark.Text;

/// <summary>CREATE VIEW makes a view of the session, since a permanent one must not stand on files, TEMP tables or predictions; one without TEMP is made again in sessions that name it. A name with a dot stays as written: no temporary view can have one.</summary>
internal sealed class CreateViewRewriter(SqlTokens tokens, SparkNames names, FileViews views, BodyRewriter body)
{
    /// <summary>Null where the statement makes no view of the session.</summary>
    public SparkScript? Rewrite()
    {
        int at = 1;
        bool replaces = tokens.Is(at, "OR") && tokens.Is(at + 1, "REPLACE");
        if (replaces) at += 2;
        int word = at;
        bool temporary = tokens.IsAny(at, "TEMP", "TEMPORARY");
        if (temporary) at++;
        if (!tokens.Is(at++, "VIEW")) return null;
        bool ifMissing = tokens.Is(at, "IF") && tokens.Is(at + 1, "NOT") && tokens.Is(at + 2, "EXISTS");
        int condition = at;
        if (ifMissing) at += 3;
        int name = at;
        if (!tokens.TryName(ref at, out string[]? parts) || parts.Length != 1) return null;
        if (ifMissing && names.Views.ContainsKey(parts[0])) return new SparkScript([], null, false, names);

        var text = new SparkTextBuilder(tokens.Source).Copy(0, tokens.StartOf(0));
        if (temporary)
        {
            int first = 0;
            if (!replaces && names.Views.TryGetValue(parts[0], out var hidden) && hidden.IsLasting)
            {
                // Hides a view that lasts; here both are views of the session.
                body.Write(text, 0, 1);
                text.Write(" OR REPLACE", tokens.StartOf(1));
                body.WriteGap(text, 1);
                first = 1;
            }
            body.Write(text, first, condition);
        }
        else
        {
            body.Write(text, 0, word);
            text.Write(" TEMPORARY", tokens.StartOf(word));
            body.WriteGap(text, word);
            body.Write(text, word, condition);
        }
        // Not by the body: the view that is replaced is not read.
        body.WriteGap(text, name);
        text.Copy(tokens.StartOf(name), tokens.EndBefore(at));
        if (at < tokens.Count) body.WriteGap(text, at);
        body.Write(text, at, tokens.Count);
        return new SparkScript([], text.Build(), false, names with { Views = names.Views.SetItem(parts[0], new SessionView(views.Commands, views.Sources, IsLasting: !temporary)) })
        {
            LastingView = temporary ? null : (parts[0], "CREATE OR REPLACE VIEW " + tokens.Source[tokens.StartOf(name)..tokens.EndBefore(tokens.Count)]),
        };
    }
}
