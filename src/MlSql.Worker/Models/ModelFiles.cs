using System.Globalization;
using System.Security.Cryptography;
using MlSql.Scoring.Commands;

namespace MlSql.Worker.Models;

/// <summary>Finds a model's file among those that came with the session, and reads no other.</summary>
internal static class ModelFiles
{
    private const int Step = 1 << 20;

    /// <summary>The bytes of the command's model, their length and hash checked. Throws <see cref="Columnar.CodedException"/> MLS4307 or MLS4308, <see cref="OperationCanceledException"/>.</summary>
    public static byte[] Read(PredictCommand command, IEnumerable<string> folders, CancellationToken cancel)
    {
        string[] all = [.. folders.Select(Path.GetFullPath).Distinct()];
        string path = all.Select(folder => Path.Combine(folder, command.FileName)).FirstOrDefault(File.Exists) ?? throw WorkerErrors.ModelFileMissing(command.FileName, all);
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length != command.FileLength) throw WorkerErrors.ModelFileWrong(path, string.Create(CultureInfo.InvariantCulture, $"it has {file.Length} bytes, not {command.FileLength}"));
            if (command.FileLength > Array.MaxLength) throw WorkerErrors.ModelFileWrong(path, "it is larger than 2 GiB");
            byte[] bytes = GC.AllocateUninitializedArray<byte>((int)command.FileLength);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (int at = 0; at < bytes.Length; at += Step)
            {
                cancel.ThrowIfCancellationRequested();
                var part = bytes.AsSpan(at, Math.Min(Step, bytes.Length - at));
                file.ReadExactly(part);
                hash.AppendData(part);
            }
            string found = Convert.ToHexStringLower(hash.GetHashAndReset());
            return found == command.ContentHash ? bytes : throw WorkerErrors.ModelFileWrong(path, $"its SHA-256 is {found}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw WorkerErrors.ModelFileWrong(path, e.Message);
        }
    }
}
