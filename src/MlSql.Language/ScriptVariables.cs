using System.Text;
using MlSql.Language.Tokens;

namespace MlSql.Language;

/// <summary>Puts values in the place of a script's variables.</summary>
public static class ScriptVariables
{
    /// <summary>
    /// The text with :NAME replaced by the value as it is, :'NAME' by the value as a quoted text and :"NAME" by the value as a quoted name, wherever NAME is one of
    /// <paramref name="values"/>. Nothing is replaced inside texts, quoted names and comments, nor behind another colon; values are not searched again.
    /// </summary>
    public static string Substitute(string text, IReadOnlyDictionary<string, string> values)
    {
        if (values.Count == 0 || !text.Contains(':')) return text;
        Token[] tokens = Scanner.Scan(text).Tokens;
        var replaced = new StringBuilder(text.Length);
        int copied = 0;
        for (int i = 0; i + 1 < tokens.Length; i++)
        {
            if (!tokens[i].IsSymbol(text, ':') || tokens[i + 1].Start != tokens[i].End) continue;
            bool colonBefore = i > 0 && tokens[i - 1].End == tokens[i].Start && text[tokens[i].Start - 1] == ':';
            if (colonBefore || ValueOf(tokens[i + 1], text, values) is not { } value) continue;
            replaced.Append(text, copied, tokens[i].Start - copied).Append(value);
            copied = tokens[i + 1].End;
        }
        return replaced.Append(text, copied, text.Length - copied).ToString();
    }

    private static string? ValueOf(Token token, string text, IReadOnlyDictionary<string, string> values)
    {
        string written = token.In(text).ToString();
        return token.Kind switch
        {
            TokenKind.Word => values.GetValueOrDefault(written),
            TokenKind.Text when written[0] == '\'' && written.Length > 2 => values.TryGetValue(written[1..^1], out string? value) ? SqlQuote.Text(value) : null,
            TokenKind.Quoted when written[0] == '"' && written.Length > 2 => values.TryGetValue(written[1..^1], out string? value) ? SqlQuote.Identifier(value) : null,
            _ => null,
        };
    }
}
