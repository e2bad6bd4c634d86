using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MlSql.Engines.Spark.Server;

namespace MlSql.Engines.Spark.Shipping;

/// <summary>An archive that the build left beside us for Spark's executors; named there by what it holds.</summary>
/// <param name="Path">The file.</param>
/// <param name="Alias">The folder that it becomes in an executor's working directory: a name and eight digits of the content's hash.</param>
internal sealed record ShippedArchive(string Path, string Alias)
{
    /// <summary>The platform of this machine, as archives are named after it.</summary>
    public static string ThisRuntime { get; } = (OperatingSystem.IsMacOS() ? "osx-" : OperatingSystem.IsWindows() ? "win-" : "linux-") + RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();

    /// <summary>The executable inside of the worker's archive, from an executor's working directory.</summary>
    public string Executable => $"./{Alias}/worker";

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

    private static ShippedArchive Find(string file, string name, string runtime)
    {
        string path = System.IO.Path.Combine(AppContext.BaseDirectory, file);
        if (!File.Exists(path)) throw ServerErrors.NoArchive(path, runtime);
        using FileStream bytes = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
        return new(path, $"{name}-{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 4))}");
    }
}
