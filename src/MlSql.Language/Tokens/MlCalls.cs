using System.Collections.Frozen;

namespace MlSql.Language.Tokens;

/// <summary>What kind of ML part begins at a token.</summary>
internal enum MlCall
{
    None,

    /// <summary>PREDICT(m, …) and its like: a value, or rows where a relation is asked for.</summary>
    Predict,

    /// <summary>ML_PREDICT(TABLE …): rows by its arguments.</summary>
    Rows,

    /// <summary>PREDICT(MODEL = m, DATA = …).</summary>
    Tsql,

    /// <summary>ML.NAME( … ).</summary>
    MlFunction,

    /// <summary>AI.FORECAST( … ).</summary>
    AiFunction,

    /// <summary>The ! of m!predict( … ).</summary>
    Method,

    /// <summary>|> PREDICT and its like.</summary>
    Pipe,
}

/// <summary>Tells by a few tokens of lookaround where ML parts begin. Quoted words and words after a dot are never ours.</summary>
internal static class MlCalls
{
    private static readonly FrozenSet<string> s_names = FrozenSet.ToFrozenSet(
        ["PREDICT", "PREDICT_PROBA", "PREDICTION", "PREDICTION_PROBABILITY", "PREDICTION_DETAILS", "ML_PREDICT", "ML_EVALUATE"], StringComparer.OrdinalIgnoreCase);

    // A name and brackets after these is a definition or an alias with columns, not a call.
    private static readonly FrozenSet<string> s_definers = FrozenSet.ToFrozenSet(
        ["MACRO", "FUNCTION", "TABLE", "INTO", "VIEW", "EXISTS", "WITH", "RECURSIVE", "REFERENCES", "TYPE"], StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> s_pipes = FrozenSet.ToFrozenSet(["PREDICT", "EVALUATE", "TRAIN"], StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_nameOf = s_names.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_definerOf = s_definers.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_pipeOf = s_pipes.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>True when any ML part begins in the tokens of a statement.</summary>
    public static bool Any(ReadOnlySpan<Token> tokens, string source)
    {
        for (int i = 0; i < tokens.Length; i++)
            if (At(tokens, i, source) != MlCall.None) return true;
        return false;
    }

    /// <summary>What begins at token <paramref name="i"/> of a statement.</summary>
    public static MlCall At(ReadOnlySpan<Token> tokens, int i, string source)
    {
        Token token = tokens[i];
        if (token.Kind == TokenKind.Operator) return AtOperator(tokens, i, source);
        if (token.Kind != TokenKind.Word || i + 1 >= tokens.Length) return MlCall.None;
        char first = source[token.Start];
        if (first is not ('p' or 'P' or 'm' or 'M' or 'a' or 'A')) return MlCall.None;
        if (i > 0 && (tokens[i - 1].Kind == TokenKind.Dot || tokens[i - 1].IsSymbol(source, '!'))) return MlCall.None;

        if (tokens[i + 1].IsSymbol(source, '('))
            return s_nameOf.Contains(token.In(source)) && !IsDefinition(tokens, i, source) ? FormOf(tokens, i, source) : MlCall.None;

        bool qualified = token.Length == 2 && i + 3 < tokens.Length && tokens[i + 1].Kind == TokenKind.Dot && tokens[i + 2].Kind == TokenKind.Word && tokens[i + 3].IsSymbol(source, '(');
        if (!qualified) return MlCall.None;
        if (token.Is(source, "ML")) return MlCall.MlFunction;
        return token.Is(source, "AI") ? MlCall.AiFunction : MlCall.None;
    }

    private static MlCall AtOperator(ReadOnlySpan<Token> tokens, int i, string source)
    {
        if (tokens[i].IsSymbol(source, '!'))
        {
            bool follows = i > 0 && i + 2 < tokens.Length && tokens[i + 1].Kind == TokenKind.Word && tokens[i + 2].IsSymbol(source, '(');
            return follows && tokens[i - 1].Kind is TokenKind.Word or TokenKind.Quoted or TokenKind.Close && IsMethod(tokens, i, source) ? MlCall.Method : MlCall.None;
        }
        bool pipe = tokens[i].Length == 2 && tokens[i].In(source) is "|>" && i + 1 < tokens.Length && tokens[i + 1].Kind == TokenKind.Word;
        return pipe && s_pipeOf.Contains(tokens[i + 1].In(source)) ? MlCall.Pipe : MlCall.None;
    }

    private static bool IsMethod(ReadOnlySpan<Token> tokens, int bang, string source) =>
        tokens[bang - 1].Kind != TokenKind.Close || MethodStart(tokens, bang, source) >= 0;

    /// <summary>Index of the first token of the model in m!predict or MODEL(m, v)!predict; −1 when the brackets before ! are no model.</summary>
    public static int MethodStart(ReadOnlySpan<Token> tokens, int bang, string source)
    {
        int i = bang - 1;
        if (tokens[i].Kind == TokenKind.Close)
        {
            // MODEL ( name [, version] ) is short; a long bracket is not it.
            int limit = Math.Max(0, bang - 16);
            while (i > limit && tokens[i].Kind != TokenKind.Open) i--;
            return i > 0 && tokens[i].Kind == TokenKind.Open && tokens[i - 1].Is(source, "MODEL") ? i - 1 : -1;
        }
        while (i >= 2 && tokens[i - 1].Kind == TokenKind.Dot && tokens[i - 2].Kind is TokenKind.Word or TokenKind.Quoted) i -= 2;
        return i;
    }

    private static MlCall FormOf(ReadOnlySpan<Token> tokens, int i, string source)
    {
        if (i + 3 < tokens.Length && tokens[i + 2].Is(source, "MODEL") && tokens[i + 3].IsSymbol(source, '=')) return MlCall.Tsql;
        if (tokens[i].Is(source, "ML_EVALUATE")) return MlCall.Rows;
        if (!tokens[i].Is(source, "ML_PREDICT")) return MlCall.Predict;
        bool rows = i + 3 < tokens.Length && ((tokens[i + 2].Is(source, "TABLE") && tokens[i + 3].Kind is TokenKind.Word or TokenKind.Quoted) || tokens[i + 3].In(source) is "=>");
        return rows ? MlCall.Rows : MlCall.Predict;
    }

    private static bool IsDefinition(ReadOnlySpan<Token> tokens, int i, string source)
    {
        if (i == 0) return false;
        Token previous = tokens[i - 1];
        if (previous.Kind == TokenKind.Comma) return IsCommonTable(tokens, i, source);
        if (previous.Kind != TokenKind.Word) return false;
        if (previous.Is(source, "AS")) return !IsMacro(tokens, source);
        return s_definerOf.Contains(previous.In(source));
    }

    // WITH a AS ( … ), predict(x) AS ( … ): columns of a common table are plain names.
    private static bool IsCommonTable(ReadOnlySpan<Token> tokens, int i, string source)
    {
        int end = i + 2;
        while (end < tokens.Length && tokens[end].Kind is TokenKind.Word or TokenKind.Quoted or TokenKind.Comma) end++;
        if (end + 2 >= tokens.Length || tokens[end].Kind != TokenKind.Close || !tokens[end + 1].Is(source, "AS")) return false;
        return tokens[end + 2].IsSymbol(source, '(') || tokens[end + 2].Is(source, "MATERIALIZED") || tokens[end + 2].Is(source, "NOT");
    }

    private static bool IsMacro(ReadOnlySpan<Token> tokens, string source)
    {
        if (!tokens[0].Is(source, "CREATE")) return false;
        for (int i = 1; i < Math.Min(5, tokens.Length); i++)
            if (tokens[i].Is(source, "MACRO") || tokens[i].Is(source, "FUNCTION")) return true;
        return false;
    }
}
