using System.Runtime.InteropServices;
using MlSql.Engines.Spark.Server;

namespace MlSql.Engines.Spark.Shipping;

/// <summary>A packed file that the build left beside us for Spark's executors.</summary>
/// <param name="Path">The file.</param>
/// <param name="Stem">What it is called in an executor's working directory, before the hash of its content.</param>
internal sealed record ShippedFile(string Path, string Stem)
{
    /// <summary>The platform of this machine, as the files are named after it.</summary>
    public static string ThisRuntime { get; } = (OperatingSystem.IsMacOS() ? "osx-" : OperatingSystem.IsWindows() ? "win-" : "linux-") + RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();

    /// <summary>The worker: a program that unpacks itself where it is started. Throws <see cref="Columnar.CodedException"/> MLS6307 when the build left none.</summary>
    public static ShippedFile Worker(string runtime) => Find($"mlsql-worker-{runtime}.packed", "mlsql-worker", runtime);

    /// <summary>ONNX Runtime, which the worker unpacks for models that need it. Throws <see cref="Columnar.CodedException"/> MLS6307 when the build left none.</summary>
    public static ShippedFile OnnxRuntime(string runtime) => Find($"mlsql-onnxruntime-{runtime}.tar.gz", "mlsql-onnx", runtime);

    private static ShippedFile Find(string file, string stem, string runtime)
    {
        string path = System.IO.Path.Combine(AppContext.BaseDirectory, file);
        return File.Exists(path) ? new(path, stem) : throw ServerErrors.NoArchive(path, runtime);
    }
}
