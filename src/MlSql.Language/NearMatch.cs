namespace MlSql.Language;

/// <summary>Finds names that differ by a slip of the fingers. Distance: insertions, deletions, changes and swaps of neighbours (optimal string alignment), case ignored.</summary>
public static class NearMatch
{
    /// <summary>The largest distance that still counts as near.</summary>
    public const int Limit = 2;

    // Longer names are not compared: nobody sees one letter in a hundred, and the table would grow with the square.
    private const int LongestName = 100;

    /// <summary>The nearest candidate within <see cref="Limit"/> (and nearer than a third of the name), the first of several; or null.</summary>
    public static string? Best(string name, IEnumerable<string> candidates)
    {
        string? best = null;
        int bestDistance = Math.Min(Limit, name.Length / 2) + 1;
        foreach (string candidate in candidates)
        {
            int distance = Distance(name, candidate, bestDistance - 1);
            if (distance < bestDistance) (best, bestDistance) = (candidate, distance);
        }
        return best;
    }

    /// <summary>The distance of two names, or more than <paramref name="limit"/> when it is larger.</summary>
    public static int Distance(string a, string b, int limit = Limit)
    {
        if (Math.Abs(a.Length - b.Length) > limit || Math.Max(a.Length, b.Length) > LongestName) return limit + 1;
        Span<int> before = stackalloc int[LongestName + 1];
        Span<int> last = stackalloc int[LongestName + 1];
        Span<int> row = stackalloc int[LongestName + 1];
        for (int j = 0; j <= b.Length; j++) last[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int change = Same(a[i - 1], b[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + change);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1])) row[j] = Math.Min(row[j], before[j - 2] + 1);
            }
            last.CopyTo(before);
            row.CopyTo(last);
        }
        return last[b.Length];
    }

    private static bool Same(char a, char b) => char.ToUpperInvariant(a) == char.ToUpperInvariant(b);
}
