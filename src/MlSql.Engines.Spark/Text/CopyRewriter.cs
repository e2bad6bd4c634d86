using MlSql.Language.Tokens;

namespace MlSql.Engines.Spark.Text;

/// <summary>
/// COPY { (query) | table [(columns)] } TO 'path' [(options)] writes a folder of files; COPY table [(columns)] FROM 'path' [(options)] is an INSERT.
/// A path may be put together: ('folder' || '/name').
/// </summary>
internal sealed class CopyRewriter(SqlTokens tokens, SparkNames names, FileViews views, BodyRewriter body)
{
    private readonly List<(int Name, Constant Value)> _options = [];
    private int _columns = -1;
    private int _end;

    /// <summary>Throws <see cref="SparkTextException"/> MLS6402 to MLS6408.</summary>
    public SparkScript Rewrite()
    {
        int at = 1;
        bool query = tokens.IsSymbol(at, '(');
        string[]? table = null;
        if (query) at = tokens.Close(at) + 1;
        else if (!tokens.TryName(ref at, out table)) throw Malformed(at);
        _end = at;
        if (!query && tokens.IsSymbol(at, '('))
        {
            _columns = at;
            at = tokens.Close(at) + 1;
        }
        bool from = tokens.Is(at, "FROM") && !query;
        if (!from && !tokens.Is(at, "TO")) throw Malformed(at);
        TextConstant path = ReadPath(++at, out int options) ?? throw Malformed(at - 1);
        ReadOptions(options);
        return from ? From(path, table!) : To(path, query);
    }

    // A path that is put together stands in parentheses: DuckDB takes it nowhere else.
    private TextConstant? ReadPath(int at, out int end)
    {
        bool whole = tokens.IsSymbol(at, '(');
        end = whole ? at + 1 : at;
        if (tokens.Kind(end) != TokenKind.Text || Constant.Read(tokens, ref end) is not TextConstant path) return null;
        if (whole) return end == tokens.Close(at) && tokens.Kind(end++) == TokenKind.Close ? path : null;
        return end == at + 1 ? path : null;
    }

    private void ReadOptions(int at)
    {
        if (at >= tokens.Count) return;
        int open = tokens.Is(at, "WITH") ? at + 1 : at;
        if (!tokens.IsSymbol(open, '(') || tokens.Close(open) != tokens.Count - 1) throw Malformed(at);
        for (at = open + 1; at < tokens.Count - 1; at++)
        {
            int name = at;
            if (!tokens.IsName(at++)) throw Malformed(name);
            Constant value = tokens.Kind(at) == TokenKind.Comma || at == tokens.Count - 1 ? new WordConstant("true", tokens.SpanOf(name, name + 1)) : Constant.Read(tokens, ref at) ?? throw Malformed(at);
            if (at < tokens.Count - 1 && tokens.Kind(at) != TokenKind.Comma) throw Malformed(at);
            _options.Add((name, value));
        }
    }

    private string Format(string file)
    {
        var given = _options.FirstOrDefault(o => tokens.Unquoted(o.Name).Equals("format", StringComparison.OrdinalIgnoreCase));
        // As on DuckDB, what says nothing is CSV.
        if (given.Value is null) return FilePaths.ReaderOf(file)?["read_".Length..] ?? "csv";
        string format = given.Value.AsText()?.ToLowerInvariant() ?? "";
        return format is "parquet" or "csv" or "json" ? format : throw new SparkTextException("MLS6404", $"The option FORMAT takes parquet, csv or json, not {given.Value.AsText()}", null, given.Value.At);
    }

    private SparkScript To(TextConstant path, bool query)
    {
        string file = path.Text, target = FilePaths.Resolve(file, names.BaseFolder);
        var options = new WriterOptions(Format(file), file);
        foreach ((int name, Constant value) in _options) options.Apply(tokens.Unquoted(name), value, tokens.SpanOf(name, name + 1));

        var rows = new SparkTextBuilder(tokens.Source);
        WriteRows(rows, query, options.SingleFile);
        if (views.Sources.FirstOrDefault(s => FilePaths.Overwrites(target, s)) is { } source)
            throw new SparkTextException("MLS6408", $"COPY would write over {source}, which its own query reads", "write to another place", path.At);
        if (names.BaseFolder is { } folder && FilePaths.Overwrites(target, FilePaths.Resolve(folder, folder)))
            throw new SparkTextException("MLS6408", $"COPY would write over {target}, which holds the working directory", "write to a folder of its own", path.At);
        var write = new SparkWrite(rows.Build(), options.Format, target, options.All(), options.PartitionBy, options.Append, options.Overwrite);
        return new SparkScript([], null, false, names) { Write = write };
    }

    private void WriteRows(SparkTextBuilder text, bool query, bool single)
    {
        if (query)
        {
            if (single) text.Write("SELECT /*+ COALESCE(1) */ * FROM (", 0);
            body.Write(text, 2, tokens.Close(1));
            if (single) text.Write(")", tokens.StartOf(tokens.Close(1)));
            return;
        }
        text.Write(single ? "SELECT /*+ COALESCE(1) */ " : "SELECT ", 0);
        if (_columns < 0) text.Write("*", tokens.StartOf(1));
        else body.Write(text, _columns + 1, tokens.Close(_columns));
        text.Write(" FROM ", 0);
        body.Write(text, 1, _end);
    }

    private SparkScript From(TextConstant path, string[] table)
    {
        var options = new ReaderOptions("read_" + Format(path.Text));
        foreach ((int name, Constant value) in _options)
            if (!tokens.Is(name, "format")) options.Apply(tokens.Unquoted(name), value, tokens.SpanOf(name, name + 1));
        string view = views.Of(options, [path.Text], path.At);
        var text = new SparkTextBuilder(tokens.Source).Write("INSERT INTO ", 0);
        if (table is [var only] && names.Behind(only) is { } behind) text.Write(behind, tokens.StartOf(1));
        else text.Copy(tokens.StartOf(1), tokens.EndBefore(_end));
        if (_columns >= 0)
        {
            text.Write(" ", tokens.StartOf(_columns));
            body.Write(text, _columns, tokens.Close(_columns) + 1);
        }
        text.Write($" SELECT * FROM {view}", path.At.Start);
        return new SparkScript([], text.Build(), false, names);
    }

    private SparkTextException Malformed(int i) =>
        new("MLS6410", "MlSql cannot read this COPY", "write COPY (query) TO 'folder' (FORMAT parquet), COPY table TO 'folder' (FORMAT csv, HEADER), or COPY table FROM 'files' (FORMAT csv)", tokens.SpanOf(Math.Min(i, tokens.Count - 1), Math.Min(i, tokens.Count - 1) + 1));
}
