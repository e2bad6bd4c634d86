namespace MlSql.Language.Tokens;

/// <summary>Which brackets belong together.</summary>
internal static class Brackets
{
    /// <summary>For each opening bracket the index of its closing one, else −1; for each closing bracket that opens nowhere −2.</summary>
    public static int[] Match(ReadOnlySpan<Token> tokens, string source)
    {
        var partner = new int[tokens.Length];
        Array.Fill(partner, -1);
        var open = new Stack<int>();
        for (int i = 0; i < tokens.Length; i++)
        {
            if (tokens[i].Kind == TokenKind.Open) open.Push(i);
            else if (tokens[i].Kind == TokenKind.Close)
            {
                if (open.TryPeek(out int top) && Fits(source[tokens[top].Start], source[tokens[i].Start])) partner[open.Pop()] = i;
                else partner[i] = -2;
            }
        }
        return partner;
    }

    private static bool Fits(char open, char close) => (open, close) is ('(', ')') or ('[', ']') or ('{', '}');
}
