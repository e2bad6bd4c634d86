namespace MlSql.ApiTests;

/// <summary>The C# files of the repository, without what builds make.</summary>
internal static class SourceFiles
{
    public static IEnumerable<string> Under(params string[] folders) =>
        folders.Select(f => Path.Combine(TestData.Root, f)).Where(Directory.Exists)
            .SelectMany(f => Directory.EnumerateFiles(f, "*.cs", SearchOption.AllDirectories))
            .Where(p => !Folders(p).Any(f => f is "obj" or "bin" or "node_modules"))
            .Order(StringComparer.Ordinal);

    public static string[] Folders(string path) => Path.GetDirectoryName(Relative(path))!.Split(Path.DirectorySeparatorChar);

    public static string Relative(string path) => Path.GetRelativePath(TestData.Root, path);
}
