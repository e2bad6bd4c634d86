namespace MlSql.Language.Tokens;

/// <summary>How a statement is to be read.</summary>
internal enum StatementForm
{
    /// <summary>No ML in it: for the engine.</summary>
    Engine,

    /// <summary>A statement of ours.</summary>
    Ml,

    /// <summary>A statement of the engine with ML parts.</summary>
    Query,

    /// <summary>A query with TO TRAIN, TO PREDICT and so on behind it.</summary>
    Suffix,

    /// <summary>EXPLAIN of what follows.</summary>
    Explain,
}

/// <summary>Decides by a statement's words what it is, without a parser.</summary>
internal static class StatementVerb
{
    private static readonly string[] s_stages = ["SYNTAX", "BOUND", "OPTIMIZED", "PROGRAM"];
    private static readonly string[] s_suffixes = ["TRAIN", "PREDICT", "EVALUATE", "EXPLAIN", "MAXIMIZE", "MINIMIZE"];

    /// <summary>The form of a statement's tokens, and where its SQLFlow suffix or the explained statement begins.</summary>
    public static (StatementForm Form, int At) Of(ReadOnlySpan<Token> tokens, string source)
    {
        if (tokens[0].Kind == TokenKind.Word)
        {
            if (tokens[0].Is(source, "EXPLAIN")) return OfExplain(tokens, source);
            if (IsOurs(tokens, source)) return (StatementForm.Ml, 0);
        }
        int suffix = SuffixAt(tokens, source);
        if (suffix > 0) return (StatementForm.Suffix, suffix);
        return (MlCalls.Any(tokens, source) ? StatementForm.Query : StatementForm.Engine, 0);
    }

    /// <summary>True for EXPLAIN's words for our own stages.</summary>
    public static bool IsStage(Token token, string source)
    {
        foreach (string stage in s_stages)
            if (token.Is(source, stage)) return true;
        return false;
    }

    private static (StatementForm, int) OfExplain(ReadOnlySpan<Token> tokens, string source)
    {
        if (tokens.Length < 3) return (StatementForm.Engine, 0);
        if (IsStage(tokens[1], source)) return (StatementForm.Explain, 2);
        if ((tokens[1].Is(source, "MODEL") || tokens[1].Is(source, "PREDICTIONS")) && tokens[2].Kind is TokenKind.Word or TokenKind.Quoted) return (StatementForm.Ml, 0);
        bool stage = tokens[1].Is(source, "ANALYZE") || tokens[1].Is(source, "COST");
        int rest = stage ? 2 : 1;
        if (tokens[1].IsSymbol(source, '('))
            while (rest < tokens.Length && tokens[rest - 1].Kind != TokenKind.Close) rest++;
        if (rest >= tokens.Length || tokens[rest].Is(source, "EXPLAIN")) return (StatementForm.Engine, 0);
        return Of(tokens[rest..], source).Form == StatementForm.Engine ? (StatementForm.Engine, 0) : (StatementForm.Explain, rest);
    }

    private static bool IsOurs(ReadOnlySpan<Token> tokens, string source)
    {
        bool Word(ReadOnlySpan<Token> all, int i, string word) => i < all.Length && all[i].Is(source, word);
        bool AnyWord(ReadOnlySpan<Token> all, int i) => i < all.Length && all[i].Kind is TokenKind.Word or TokenKind.Quoted;

        Token verb = tokens[0];
        switch (source[verb.Start] | 0x20)
        {
            case 't': return verb.Is(source, "TRAIN") || verb.Is(source, "TUNE");
            case 'p': return verb.Is(source, "PREDICT");
            case 'e': return verb.Is(source, "EVALUATE") || (verb.Is(source, "EXPORT") && Word(tokens, 1, "MODEL"));
            case 'f': return verb.Is(source, "FINETUNE") && Word(tokens, 1, "MODEL");
            case 'i': return verb.Is(source, "IMPORT") && Word(tokens, 1, "MODEL");
            case 'a': return verb.Is(source, "ALTER") && Word(tokens, 1, "MODEL");
            case 'c' when verb.Is(source, "CANCEL"): return Word(tokens, 1, "TRAINING");
            case 'c': return verb.Is(source, "CREATE") && IsCreateOfOurs(tokens, source);
            case 'd' when verb.Is(source, "DROP"): return Word(tokens, 1, "MODEL");
            case 'd': return (verb.Is(source, "DESCRIBE") || verb.Is(source, "DESC")) && Word(tokens, 1, "MODEL") && AnyWord(tokens, 2);
            case 'g': return verb.Is(source, "GRANT") && IsOnModel(tokens, source);
            case 'r' when verb.Is(source, "REVOKE"): return IsOnModel(tokens, source);
            case 'r': return (verb.Is(source, "REFRESH") || verb.Is(source, "RETRAIN")) && Word(tokens, 1, "MODEL");
            case 's' when verb.Is(source, "SHOW"):
                return Word(tokens, 1, "MODELS") || Word(tokens, 1, "TRAININGS") || Word(tokens, 1, "STREAMS")
                    || (Word(tokens, 1, "VERSIONS") && tokens.Length > 2)
                    || (Word(tokens, 1, "CREATE") && Word(tokens, 2, "MODEL"))
                    || (Word(tokens, 1, "FUNCTIONS") && Word(tokens, 3, "MODEL"))
                    || ((Word(tokens, 1, "MODEL") || Word(tokens, 1, "TRAIN")) && AnyWord(tokens, 2));
            case 's': return (verb.Is(source, "START") || verb.Is(source, "STOP")) && Word(tokens, 1, "STREAM");
            default: return false;
        }
    }

    private static bool IsCreateOfOurs(ReadOnlySpan<Token> tokens, string source)
    {
        int i = 1;
        if (i + 1 < tokens.Length && tokens[i].Is(source, "OR") && tokens[i + 1].Is(source, "REPLACE")) i += 2;
        if (i < tokens.Length && (tokens[i].Is(source, "TEMP") || tokens[i].Is(source, "TEMPORARY"))) i++;
        if (i + 1 >= tokens.Length) return false;
        return tokens[i].Is(source, "MODEL") || tokens[i].Is(source, "EXPERIMENT") || tokens[i].Is(source, "STREAM")
            || (tokens[i].Is(source, "STREAMING") && tokens[i + 1].Is(source, "MODEL"));
    }

    private static bool IsOnModel(ReadOnlySpan<Token> tokens, string source)
    {
        for (int i = 1; i + 1 < Math.Min(tokens.Length, 64); i++)
            if (tokens[i].Is(source, "ON")) return tokens[i + 1].Is(source, "MODEL");
        return false;
    }

    private static int SuffixAt(ReadOnlySpan<Token> tokens, string source)
    {
        bool query = tokens[0].Is(source, "SELECT") || tokens[0].Is(source, "WITH") || tokens[0].Is(source, "FROM");
        if (!query) return 0;
        int depth = 0;
        for (int i = 1; i + 2 < tokens.Length; i++)
        {
            if (tokens[i].Kind == TokenKind.Open) depth++;
            else if (tokens[i].Kind == TokenKind.Close) depth--;
            else if (depth == 0 && tokens[i].Length == 2 && tokens[i].Is(source, "TO") && tokens[i + 2].Kind is TokenKind.Word or TokenKind.Quoted)
            {
                foreach (string suffix in s_suffixes)
                    if (tokens[i + 1].Is(source, suffix)) return i;
            }
        }
        return 0;
    }
}
