using System.Collections.Frozen;
using MlSql.Language.Tokens;

namespace MlSql.Language.Syntax;

/// <summary>Finds statements that would go to the engine but begin with a word that is nearly one of ours.</summary>
internal static class Misspelling
{
    private static readonly string[] s_ours = ["TRAIN", "PREDICT", "EVALUATE", "REFRESH", "EXPLAIN", "IMPORT", "EXPORT"];

    private static readonly FrozenSet<string> s_engine = FrozenSet.ToFrozenSet(
        [
            "ABORT", "ALTER", "ANALYZE", "ATTACH", "BEGIN", "CALL", "CHECKPOINT", "COMMENT", "COMMIT", "COPY", "CREATE", "DEALLOCATE", "DELETE", "DESC", "DESCRIBE", "DETACH", "DROP", "EXECUTE", "EXPLAIN",
            "EXPORT", "FORCE", "FROM", "IMPORT", "INSERT", "INSTALL", "LOAD", "MERGE", "PIVOT", "PRAGMA", "PREPARE", "REFRESH", "REINDEX", "RESET", "ROLLBACK", "SELECT", "SET", "SHOW", "START", "SUMMARIZE",
            "TABLE", "TRUNCATE", "UNPIVOT", "UPDATE", "USE", "VACUUM", "VALUES", "WITH",
        ],
        StringComparer.OrdinalIgnoreCase);

    private static readonly string[] s_withModel = ["CREATE", "DROP", "ALTER"];

    private static readonly string[] s_objects = ["MACRO", "TABLE", "VIEW", "SCHEMA", "INDEX", "SEQUENCE", "TYPE", "FUNCTION", "DATABASE", "SECRET", "ROLE", "MODEL"];

    /// <summary>A diagnostic for TRIAN m …, CREATE MODLE m …; null when nothing is near.</summary>
    public static Diagnostic? Of(ReadOnlySpan<Token> tokens, string source)
    {
        if (tokens.Length < 2 || tokens[0].Kind != TokenKind.Word || tokens[1].Kind is not (TokenKind.Word or TokenKind.Quoted)) return null;
        string verb = tokens[0].In(source).ToString();
        if (!s_engine.Contains(verb))
            return NearMatch.Best(verb, s_ours) is { } near ? Diagnostics.UnknownStatement(tokens[0].Span, SyntaxMessages.Shown(verb), near) : null;

        if (!s_withModel.Contains(verb, StringComparer.OrdinalIgnoreCase)) return null;
        int at = tokens.Length > 4 && tokens[1].Is(source, "OR") && tokens[2].Is(source, "REPLACE") ? 3 : 1;
        string thing = tokens[at].In(source).ToString();
        bool slip = !s_objects.Contains(thing, StringComparer.OrdinalIgnoreCase) && NearMatch.Best(thing, s_objects) == "MODEL";
        return slip ? Diagnostics.UnknownStatement(tokens[at].Span, SyntaxMessages.Shown($"{verb} {thing}"), $"{verb.ToUpperInvariant()} MODEL") : null;
    }
}
