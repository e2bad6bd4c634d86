using MlSql.Engines.Spark.Text;
using MlSql.Language.Tokens;

namespace MlSql.Engines.Spark.Lowering;

/// <summary>
/// Has the list of a call's packed arguments made before the operator that calls the workers, not by it: that one would copy every column of a row besides, and make the list of these copies. PREDICT of 100 trees over 28 columns × 2,000,000
/// rows took 1.9 to 2.3 s so and 3.0 to 4.0 s before, in turns, two tasks on two cores. Spark makes what NULLIF asks for twice in a projection below and does not undo that; a list of eight is never equal to an empty one.
/// </summary>
internal static class ProjectedLists
{
    /// <summary>The statement with the lists of <paramref name="packed"/> functions made below.</summary>
    public static string Write(string sql, IReadOnlySet<string> packed)
    {
        if (packed.Count == 0) return sql;
        var tokens = new SqlTokens(sql);
        var edits = new List<(int Start, int End, string Text)>();
        // How many choices the token stands in: of what may not be needed Spark computes nothing ahead, and would make the list twice.
        int choices = 0;
        var open = new Stack<(int Bracket, int Choices)>();
        for (int i = 0; i < tokens.Count; i++)
        {
            if (choices == 0 && tokens.IsSymbol(i, '[') && tokens.IsSymbol(i - 1, '(') && tokens.Kind(i - 2) == TokenKind.Word && packed.Contains(tokens.Text(i - 2)))
            {
                int start = tokens.StartOf(i), end = tokens.EndBefore(tokens.Close(i) + 1);
                edits.Add((start, start, "nullif("));
                edits.Add((end, end, ", [])"));
                i = tokens.Close(i);
            }
            else if (tokens.Kind(i) == TokenKind.Open) open.Push((i, choices));
            else if (tokens.Kind(i) == TokenKind.Close) choices = open.TryPop(out var closed) ? closed.Choices : choices;
            else if (tokens.Kind(i) == TokenKind.Comma) choices += open.TryPeek(out var around) && around.Choices == choices && Chooses(tokens, around.Bracket) ? 1 : 0;
            else if (tokens.IsAny(i, "CASE", "END") && tokens.Kind(i - 1) != TokenKind.Dot && !tokens.Is(i - 1, "AS")) choices += tokens.Is(i, "CASE") ? 1 : -1;
        }
        return TextEdits.Apply(sql, edits);
    }

    // Functions of which only the first argument is needed for every row.
    private static bool Chooses(SqlTokens tokens, int bracket) => tokens.IsAny(bracket - 1, "COALESCE", "IF", "IFNULL", "NANVL", "NVL", "NVL2");
}
