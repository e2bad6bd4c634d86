using System.Collections.Frozen;
using Antlr4.Runtime;
using MlSql.Language.Grammar;

namespace MlSql.Language.Tokens;

/// <summary>The grammar's keywords: its tokens whose names begin with K_.</summary>
internal static class Keywords
{
    private const string Prefix = "K_";

    private static readonly FrozenDictionary<string, int> s_types = OfGrammar().ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> s_lookup = s_types.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>All keywords, upper case.</summary>
    public static IEnumerable<string> All => s_types.Keys;

    /// <summary>The token type of a word: a keyword's, else WORD.</summary>
    public static int TypeOf(ReadOnlySpan<char> word) => s_lookup.TryGetValue(word, out int type) ? type : MlSqlParser.WORD;

    /// <summary>The keyword of a token type, or null.</summary>
    public static string? WordOf(int type)
    {
        string? name = MlSqlParser.DefaultVocabulary.GetSymbolicName(type);
        return name is not null && name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : null;
    }

    private static Dictionary<string, int> OfGrammar()
    {
        IVocabulary vocabulary = MlSqlParser.DefaultVocabulary;
        var all = new Dictionary<string, int>();
        for (int type = 1; type <= ((Vocabulary)vocabulary).getMaxTokenType(); type++)
            if (WordOf(type) is { } word) all.Add(word, type);
        return all;
    }
}
