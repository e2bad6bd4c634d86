using MlSql.Language.Grammar;
using MlSql.Language.Statements;
using MlSql.Language.Tokens;

namespace MlSql.Language;

/// <summary>Quotes names and texts as DuckDB reads them.</summary>
public static class SqlQuote
{
    /// <summary>The name in double quotes, quotes inside doubled; any text without NUL is a name then.</summary>
    public static string Identifier(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    /// <summary>The text in single quotes, quotes inside doubled.</summary>
    public static string Text(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";

    /// <summary>The parts of a name, each in quotes where it needs them to be read back by <see cref="Parser"/>, joined by dots.</summary>
    public static string Name(Name name) => string.Join('.', name.Parts.Select(IdentifierIfNeeded));

    internal static string IdentifierIfNeeded(string name) => IsPlain(name) ? name : Identifier(name);

    /// <summary>True for a word that is no keyword of ours.</summary>
    internal static bool IsPlain(string name)
    {
        if (name.Length == 0 || !(char.IsAsciiLetter(name[0]) || name[0] == '_')) return false;
        foreach (char c in name)
            if (!char.IsAsciiLetterOrDigit(c) && c != '_') return false;
        return Keywords.TypeOf(name) == MlSqlParser.WORD;
    }
}
