namespace MlSql.Cli.Arguments;

/// <summary>Finds what somebody may have meant.</summary>
internal static class NearMatch
{
    private const int Farthest = 2;

    /// <summary>"did you mean x?", or null when nothing is near.</summary>
    public static string? Hint(string word, IEnumerable<string> known) =>
        known.Select(k => (Name: k, Distance: Distance(word, k)))
            .Where(k => k.Distance <= Farthest && k.Distance < Math.Max(1, word.TrimStart('-').Length))
            .OrderBy(k => k.Distance).ThenBy(k => k.Name, StringComparer.Ordinal)
            .Select(k => $"did you mean {k.Name}?").FirstOrDefault();

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that make one word of the other; case counts nothing.</summary>
    public static int Distance(string a, string b)
    {
        int[,] cost = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) cost[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) cost[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = cost[i - 1, j - 1] + (Same(a[i - 1], b[j - 1]) ? 0 : 1);
                cost[i, j] = Math.Min(replace, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1])) cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        }
        return cost[a.Length, b.Length];
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
