namespace MlSql.Language;

/// <summary>The way out that a diagnostic offers, one line.</summary>
public static class Hint
{
    /// <summary>The text as it is.</summary>
    public static string Text(string text) => text;

    /// <summary>"did you mean near?"</summary>
    public static string DidYouMean(string near) => $"did you mean {near}?";

    /// <summary>"did you mean …?" with the nearest of the names, or null when none is near.</summary>
    public static string? DidYouMean(string name, IEnumerable<string> candidates) =>
        NearMatch.Best(name, candidates) is { } near ? DidYouMean(near) : null;
}
