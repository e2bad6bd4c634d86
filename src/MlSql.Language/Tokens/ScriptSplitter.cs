namespace MlSql.Language.Tokens;

/// <summary>Finds where statements begin and end. A semicolon inside brackets that are closed again does not separate.</summary>
internal static class ScriptSplitter
{
    /// <summary>Ranges of tokens, one a statement, without semicolons; empty statements are left out.</summary>
    public static IEnumerable<Range> Split(Token[] tokens, string source)
    {
        int[] closes = Brackets.Match(tokens, source);
        int start = 0;
        for (int i = 0; i <= tokens.Length; i++)
        {
            if (i < tokens.Length && tokens[i].Kind == TokenKind.Open && closes[i] > i) i = closes[i];
            else if (i == tokens.Length || tokens[i].Kind == TokenKind.Semicolon)
            {
                if (i > start) yield return start..i;
                start = i + 1;
            }
        }
    }
}
