using System.Formats.Tar;
using System.IO.Compression;

namespace MlSql.Worker.Models;

/// <summary>
/// Unpacks ONNX Runtime, which travels with sessions whose models need it, where <see cref="Scoring.Onnx"/> looks for it: beside its file. Spark could do so, but would on the server as well, and before every first task:
/// half a second for each.
/// </summary>
internal static class OnnxRuntimeFiles
{
    private const string Extension = ".packed";
    private static readonly Lock Gate = new();

    /// <summary>Unpacks each file that is there and has no folder yet. Other processes may do the same at the same time. Throws <see cref="Columnar.CodedException"/> MLS4319.</summary>
    public static void Unpack(IEnumerable<string> folders, CancellationToken cancel)
    {
        lock (Gate)
        {
            foreach (string file in folders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "mlsql-onnx-*" + Extension)))
            {
                string target = file[..^Extension.Length];
                if (!Directory.Exists(target)) Unpack(file, target, cancel);
            }
        }
    }

    private static void Unpack(string file, string target, CancellationToken cancel)
    {
        // Nobody may find half a library: the folder gets its name when it is whole.
        string fresh = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(fresh);
            using (GZipStream packed = new(File.OpenRead(file), CompressionMode.Decompress))
            using (TarReader entries = new(packed))
            {
                while (entries.GetNextEntry() is { } entry)
                {
                    cancel.ThrowIfCancellationRequested();
                    entry.ExtractToFile(Path.Combine(fresh, Path.GetFileName(entry.Name)), overwrite: false);
                }
            }
            if (!Directory.Exists(target)) Directory.Move(fresh, target);
        }
        catch (IOException) when (Directory.Exists(target))
        {
            // Another process was faster.
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw WorkerErrors.RuntimeNotUnpacked(file, e);
        }
        finally
        {
            if (Directory.Exists(fresh)) Directory.Delete(fresh, recursive: true);
        }
    }
}
