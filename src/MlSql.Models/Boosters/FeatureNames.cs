namespace MlSql.Models.Boosters;

/// <summary>The inputs' names of a file.</summary>
internal static class FeatureNames
{
    /// <summary>Throws MLS7202 where two inputs have one name: columns are bound by it.</summary>
    public static void CheckDistinct(IEnumerable<string> names, BoosterErrors errors)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string name in names)
            if (!seen.Add(name)) throw errors.Malformed($"two features are called {BoosterErrors.Shown(name)}");
    }
}
