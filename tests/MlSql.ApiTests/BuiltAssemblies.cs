using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MlSql.ApiTests;

/// <summary>The assemblies of the product, as they were built beside the tests.</summary>
internal static class BuiltAssemblies
{
    public static IEnumerable<string> Names => Paths(AppContext.BaseDirectory).Select(p => Path.GetFileNameWithoutExtension(p));

    public static IEnumerable<string> Paths(string folder) =>
        Directory.EnumerateFiles(folder, "*.dll")
            .Where(p => Path.GetFileName(p) is "mlsql.dll" || (Path.GetFileName(p).StartsWith("MlSql.", StringComparison.Ordinal) && !p.EndsWith("Tests.dll", StringComparison.Ordinal) && !p.EndsWith("Native.dll", StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);

    public static string[] References(string assembly)
    {
        using PEReader image = new(File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll")));
        MetadataReader metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(r => metadata.GetString(metadata.GetAssemblyReference(r).Name))];
    }
}
