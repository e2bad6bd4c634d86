using System.Globalization;
using MlSql.Columnar;
using MlSql.Models.Onnx.Export;
using MlSql.Planning.Plans;

namespace MlSql;

/// <summary>Carries out EXPORT MODEL.</summary>
internal static class ModelExport
{
    /// <summary>Writes the file, whole or not at all, and says what was done; what the file says less than the model goes to <paramref name="warn"/>. Throws <see cref="CodedException"/> MLS71xx, MLS7601.</summary>
    public static string Write(BoundExport export, Action<OnnxExportWarning> warn, CancellationToken cancel)
    {
        var result = OnnxExport.Write(export.Model.Model, export.Training, export.Trees);
        cancel.ThrowIfCancellationRequested();
        string path = Path.GetFullPath(export.Path);
        string temporary = path + ".tmp-" + Guid.NewGuid().ToString("N")[..8];
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write)) file.Write(result.Bytes.Span);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Remove(temporary);
            throw new CodedException("MLS7601", $"{export.Path} cannot be written: {e.Message}", "name a file in a folder that is there and can be written");
        }
        foreach (var warning in result.Warnings) warn(warning);
        return string.Create(CultureInfo.InvariantCulture, $"Exported {export.Model.Name} version {export.Model.Version} to {export.Path} ({result.Bytes.Length:N0} bytes)");
    }

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It was never made, or the folder is gone.
        }
    }
}
