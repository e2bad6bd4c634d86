using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MlSql.ApiTests;

public class NativeImageTests
{
    [Test]
    public void The_release_build_holds_native_images()
    {
        string folder = Path.Combine(TestData.Root, "src", "MlSql.Cli", "bin", "Release", "net10.0");
        if (!File.Exists(Path.Combine(folder, "mlsql.dll"))) Assert.Ignore("There is no Release build of the command; run: dotnet build src/MlSql.Cli -c Release");
        string[] without = [.. BuiltAssemblies.Paths(folder).Where(p => !IsNativeImage(p)).Select(p => Path.GetFileName(p))];
        Assert.That(without, Is.Empty, "The target CopyNativeImages of MlSql.Cli.csproj no longer replaces these; the SDK's item _ReadyToRunCompileList may have changed.");
    }

    private static bool IsNativeImage(string path)
    {
        using PEReader image = new(File.OpenRead(path));
        // Nothing is compiled of an assembly without code.
        if (image.GetMetadataReader().MethodDefinitions.Count == 0) return true;
        return image.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0;
    }
}
