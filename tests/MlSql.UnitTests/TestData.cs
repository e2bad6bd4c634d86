using System.Runtime.CompilerServices;

namespace MlSql.UnitTests;

/// <summary>Finds the repository and the shared fixtures beside it.</summary>
internal static class TestData
{
    /// <summary>The repository's root folder.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));

    /// <summary>The path of a shared fixture; skips the test with the reason when the fixtures are not there.</summary>
    public static string Shared(params string[] parts)
    {
        string shared = Environment.GetEnvironmentVariable("MLSQL_SHARED") ?? Path.Combine(Root, "..", "shared");
        if (!Directory.Exists(shared)) Assert.Ignore($"The shared fixtures are not at {shared}; set MLSQL_SHARED to their folder.");
        return Path.GetFullPath(Path.Combine([shared, .. parts]));
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
