using MlSql.Language.Tokens;

namespace MlSql.Engines.Spark.Text;

/// <summary>Texts and names as Spark reads them under <see cref="TextSettings"/>.</summary>
internal static class SparkLiteral
{
    /// <summary>The text in single quotes.</summary>
    public static string Text(string text) =>
        "'" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal) + "'";

    /// <summary>A literal of the statement in Spark's form, or null where Spark reads it as it is: without backslashes, quotes doubled inside; X'..' too.</summary>
    public static string? Rewritten(string literal)
    {
        bool plain = literal[0] is '\'' or 'x' or 'X' or 'b' or 'B' && literal.AsSpan().IndexOf('\\') < 0;
        return plain ? null : Text(Quotes.Unquote(literal));
    }
}
