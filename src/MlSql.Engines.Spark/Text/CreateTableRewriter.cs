using MlSql.Language.Tokens;

namespace MlSql.Engines.Spark.Text;

/// <summary>
/// CREATE [OR REPLACE] [TEMP] TABLE [IF NOT EXISTS] t (columns) | AS query. A TEMP table is a table under a name of ours and a temporary view of the user's name over it. OR REPLACE makes the new one first: the query may read the old one.
/// Constraints stay as written: Spark keeps NOT NULL and DEFAULT (without checking NOT NULL on files), and refuses keys and CHECK where the kind of table has none. A statement in Spark's own form (USING, LOCATION, …) only gets its types read.
/// </summary>
internal sealed class CreateTableRewriter(SqlTokens tokens, SparkNames names, BodyRewriter body)
{
    private bool _replace;
    private bool _temporary;
    private int _condition;
    private int _name;
    private int _afterName;
    private int _columns = -1;
    private int _as = -1;

    /// <summary>Null where the statement makes no table.</summary>
    public SparkScript? Rewrite()
    {
        if (!ReadHead(out string[]? parts)) return null;
        if (tokens.IsSymbol(_afterName, '(')) _columns = _afterName;
        int rest = _columns < 0 ? _afterName : tokens.Close(_columns) + 1;
        if (tokens.Is(rest, "AS")) _as = rest + 1;
        bool portable = (_as > 0 && _as < tokens.Count) || (rest == tokens.Count && _columns >= 0);
        if (!portable || (_temporary && parts.Length > 1)) return AsWritten();
        if (_temporary) return Temporary(parts[0]);
        // Catalogs of the user's own replace tables by themselves.
        bool replaces = _replace && (parts.Length <= 2 || parts[0].Equals("spark_catalog", StringComparison.OrdinalIgnoreCase));
        return replaces ? Replaced(parts) : AsWritten();
    }

    private bool ReadHead([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string[]? parts)
    {
        parts = null;
        int at = 1;
        if (_replace = tokens.Is(at, "OR") && tokens.Is(at + 1, "REPLACE")) at += 2;
        if (_temporary = tokens.IsAny(at, "TEMP", "TEMPORARY")) at++;
        if (!tokens.Is(at++, "TABLE")) return false;
        _condition = at;
        if (tokens.Is(at, "IF") && tokens.Is(at + 1, "NOT") && tokens.Is(at + 2, "EXISTS")) at += 3;
        _name = at;
        bool named = tokens.TryName(ref at, out parts);
        _afterName = at;
        return named;
    }

    private SparkScript AsWritten()
    {
        var text = new SparkTextBuilder(tokens.Source).Copy(0, tokens.StartOf(0));
        body.Write(text, 0, _afterName);
        return new SparkScript([], WithDefinition(text), false, names);
    }

    private SparkScript Replaced(string[] parts)
    {
        (string made, SparkNames after) = names.New(string.Join('.', parts[..^1].Select(SparkNames.Quoted)));
        string name = string.Join('.', parts.Select(SparkNames.Quoted));
        // The session catalog takes no name of its own here.
        string last = string.Join('.', parts.TakeLast(2).Select(SparkNames.Quoted));
        return new SparkScript([], Made(made), false, after)
        {
            After = [Ours($"DROP TABLE IF EXISTS {name}"), Ours($"ALTER TABLE {made} RENAME TO {last}")],
            DropAtEnd = [$"DROP TABLE IF EXISTS {made}"],
        };
    }

    private SparkScript Temporary(string name)
    {
        string? old = names.Behind(name);
        if (old is not null && _name > _condition) return new SparkScript([], null, false, names);
        if (old is not null && !_replace) throw new SparkTextException("MLS6409", $"There is a table {name} already", "write CREATE OR REPLACE TEMP TABLE, or DROP TABLE first", tokens.SpanOf(_name, _name + 1));
        (string made, SparkNames after) = names.New(names.Namespace);
        SparkText view = Ours($"CREATE {(old is null ? "" : "OR REPLACE ")}TEMPORARY VIEW {SparkNames.Quoted(name)} AS SELECT * FROM {made}");
        return new SparkScript([], Made(made), false, after with { TempTables = names.TempTables.SetItem(name, made) })
        {
            After = old is null ? [view] : [view, Ours($"DROP TABLE IF EXISTS {old}")],
            DropAtEnd = [$"DROP TABLE IF EXISTS {made}"],
        };
    }

    private SparkText Ours(string text) => SparkTextBuilder.Of(text, tokens.StartOf(_name));

    private SparkText Made(string name) => WithDefinition(new SparkTextBuilder(tokens.Source).Write("CREATE TABLE ", tokens.StartOf(0)).Write(name, tokens.StartOf(_name)));

    // t(a, b) AS query: Spark takes names only behind a query in brackets.
    private SparkText WithDefinition(SparkTextBuilder text)
    {
        if (_columns >= 0 && _as > 0)
        {
            text.Write(" AS SELECT * FROM (", tokens.StartOf(_columns));
            body.Write(text, _as, tokens.Count);
            text.Write(") AS mlsql_rows", tokens.StartOf(_columns));
            body.Write(text, _columns, tokens.Close(_columns) + 1);
            return text.Build();
        }
        if (_columns >= 0) MarkTypes();
        if (_afterName < tokens.Count) body.WriteGap(text, _afterName);
        body.Write(text, _afterName, tokens.Count);
        return text.Build();
    }

    private void MarkTypes()
    {
        int close = tokens.Close(_columns);
        bool first = true;
        for (int i = _columns + 1; i < close; i++)
        {
            if (first && tokens.IsName(i) && !tokens.IsAny(i, "PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "CONSTRAINT")) body.MarkType(i + 1);
            first = tokens.Kind(i) == TokenKind.Comma;
            if (tokens.Kind(i) == TokenKind.Open) i = tokens.Close(i);
        }
    }
}
