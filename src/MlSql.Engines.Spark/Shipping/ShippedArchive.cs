using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using MlSql.Engines.Spark.Server;

namespace MlSql.Engines.Spark.Shipping;

/// <summary>An archive that the build left beside us for Spark's executors.</summary>
/// <param name="Path">The file.</param>
/// <param name="Stem">What the folder that it becomes in an executor's working directory is called, before the hash of its content.</param>
internal sealed record ShippedArchive(string Path, string Stem)
{
    /// <summary>The platform of this machine, as archives are named after it.</summary>
    public static string ThisRuntime { get; } = (OperatingSystem.IsMacOS() ? "osx-" : OperatingSystem.IsWindows() ? "win-" : "linux-") + RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();

    /// <summary>The worker. Throws <see cref="Columnar.CodedException"/> MLS6307 when the build left none.</summary>
    public static ShippedArchive Worker(string runtime) => Find($"mlsql-worker-{runtime}.tar.gz", "mlsql", runtime);

    /// <summary>ONNX Runtime, for models that need it. Throws <see cref="Columnar.CodedException"/> MLS6307 when the build left none.</summary>
    public static ShippedArchive OnnxRuntime(string runtime) => Find($"mlsql-onnxruntime-{runtime}.tar.gz", "mlsql-onnx", runtime);

    /// <summary>Unpacks into an existing folder.</summary>
    public void Unpack(string folder)
    {
        using GZipStream packed = new(File.OpenRead(Path), CompressionMode.Decompress);
        TarFile.ExtractToDirectory(packed, folder, overwriteFiles: false);
    }

    private static ShippedArchive Find(string file, string stem, string runtime)
    {
        string path = System.IO.Path.Combine(AppContext.BaseDirectory, file);
        return File.Exists(path) ? new(path, stem) : throw ServerErrors.NoArchive(path, runtime);
    }
}
