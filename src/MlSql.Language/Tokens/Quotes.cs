using System.Text;

namespace MlSql.Language.Tokens;

/// <summary>Takes the quotes off names and texts.</summary>
internal static class Quotes
{
    /// <summary>What a quoted token stands for: '..' and ".." and `..` with doubled quotes, E'..' with escapes, dollar quotes as they are.</summary>
    public static string Unquote(string token)
    {
        char first = token[0];
        if (first is '\'' or '"' or '`') return Undouble(token, 1, first);
        if (first == '$')
        {
            int tag = token.IndexOf('$', 1) + 1;
            return token.Length >= 2 * tag ? token[tag..^tag] : token;
        }
        if (token.Length > 2 && token[1] == '\'') return first is 'e' or 'E' ? Unescape(token) : Undouble(token, 2, '\'');
        return token;
    }

    private static string Undouble(string token, int start, char quote)
    {
        int end = token.Length > start && token[^1] == quote ? token.Length - 1 : token.Length;
        string inner = token[start..end];
        return inner.Contains(quote) ? inner.Replace(new string(quote, 2), quote.ToString(), StringComparison.Ordinal) : inner;
    }

    private static string Unescape(string token)
    {
        var text = new StringBuilder(token.Length);
        int end = token.Length - 1;
        for (int i = 2; i < end; i++)
        {
            char c = token[i];
            if (c == '\'') i++;
            if (c != '\\' || i + 1 >= end)
            {
                text.Append(c);
                continue;
            }
            char escape = token[++i];
            text.Append(escape switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' => '\b', 'f' => '\f', _ => escape });
        }
        return text.ToString();
    }
}
