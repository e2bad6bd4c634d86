namespace MlSql.UnitTests;

/// <summary>Finds the repository and the shared fixtures beside it.</summary>
internal static class TestData
{
    /// <summary>The repository's root folder: the nearest one above the test assembly that holds MlSql.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The path of a shared fixture; skips the test with the reason when the fixtures are not there.</summary>
    public static string Shared(params string[] parts)
    {
        string shared = Environment.GetEnvironmentVariable("MLSQL_SHARED") ?? Path.Combine(Root, "..", "shared");
        if (!Directory.Exists(shared)) Assert.Ignore($"The shared fixtures are not at {shared}; set MLSQL_SHARED to their folder.");
        return Path.GetFullPath(Path.Combine([shared, .. parts]));
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "MlSql.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds MlSql.sln.");
    }
}
