using System.Collections.Frozen;
using MlSql.Language;
using MlSql.Language.Tokens;

namespace MlSql.Engines.Spark.Text;

/// <summary>Calls of read_csv and its like in a FROM clause.</summary>
internal static class ReaderCalls
{
    private static readonly FrozenDictionary<string, string> s_readers = new Dictionary<string, string>
    {
        ["read_parquet"] = "read_parquet",
        ["parquet_scan"] = "read_parquet",
        ["read_csv"] = "read_csv",
        ["read_csv_auto"] = "read_csv",
        ["read_json"] = "read_json",
        ["read_json_auto"] = "read_json",
        ["read_ndjson"] = "read_json",
        ["read_ndjson_auto"] = "read_json",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>True where a call of a reader begins at the token.</summary>
    public static bool At(SqlTokens tokens, int i) => tokens.Kind(i) == TokenKind.Word && tokens.IsSymbol(i + 1, '(') && s_readers.ContainsKey(tokens.Text(i));

    /// <summary>The view for the call at <paramref name="i"/>, which moves behind it. Throws <see cref="SparkTextException"/> MLS6403 to MLS6406.</summary>
    public static string Read(SqlTokens tokens, ref int i, FileViews views)
    {
        string name = tokens.Text(i);
        int first = i, at = i + 2, close = tokens.Close(i + 1);
        var options = new ReaderOptions(s_readers[name]);
        Constant? source = Constant.Read(tokens, ref at);
        if (source is WordConstant || source?.AsTexts() is not { Length: > 0 } paths) throw NotConstant(name, tokens.SpanOf(first, close + 1));
        while (at < close)
        {
            int option = at + 1;
            if (tokens.Kind(at) != TokenKind.Comma || !tokens.IsName(option) || !(tokens.IsSymbol(option + 1, '=') || IsArrow(tokens, option + 1))) throw NotConstant(name, tokens.SpanOf(at, at + 1));
            at = option + 2;
            if (Constant.Read(tokens, ref at) is not { } value) throw NotConstant(name, tokens.SpanOf(option, at + 1));
            options.Apply(tokens.Unquoted(option), value, tokens.SpanOf(option, option + 1));
        }
        if (at != close) throw NotConstant(name, tokens.SpanOf(first, close + 1));
        i = close + 1;
        return views.Of(options, paths, tokens.SpanOf(first, i));
    }

    private static bool IsArrow(SqlTokens tokens, int i) => tokens.Kind(i) == TokenKind.Operator && tokens.Text(i) is "=>" or ":=";

    private static SparkTextException NotConstant(string name, Span at) =>
        new("MLS6405", $"{name} takes a path, or a list of paths, and options with constant values", $"write {name}('folder/*', option = value) or {name}(['a', 'b'])", at);
}
