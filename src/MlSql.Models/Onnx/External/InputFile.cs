using Microsoft.Win32.SafeHandles;
using MlSql.Models.Onnx.External.Interop;

namespace MlSql.Models.Onnx.External;

/// <summary>Reads the file that the user names: a plain file, links to it allowed.</summary>
internal static class InputFile
{
    private const int Chunk = 1 << 22;

    /// <summary>Its bytes; a file larger than the limit is refused unread.</summary>
    public static byte[] Read(string path, OnnxLimits limits, OnnxErrors errors, CancellationToken cancel)
    {
        if (path.Length == 0 || path.Contains('\0')) throw errors.NotFound();
        try
        {
            using SafeFileHandle file = OperatingSystem.IsLinux() ? OpenOnLinux(path, errors) : Open(path, errors);
            long size = RandomAccess.GetLength(file);
            if (size > limits.FileBytes) throw errors.Size(size, limits.FileBytes);
            byte[] bytes = GC.AllocateUninitializedArray<byte>((int)size);
            Fill(file, 0, bytes, path, errors, cancel);
            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw errors.NotFound();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw errors.CannotRead(path, e.Message, e);
        }
    }

    /// <summary>Fills all of <paramref name="bytes"/> from a place in a file; one that ends before is refused.</summary>
    public static void Fill(SafeFileHandle file, long offset, Span<byte> bytes, string path, OnnxErrors errors, CancellationToken cancel)
    {
        while (!bytes.IsEmpty)
        {
            cancel.ThrowIfCancellationRequested();
            int read = RandomAccess.Read(file, bytes[..Math.Min(bytes.Length, Chunk)], offset);
            if (read == 0) throw errors.CannotRead(path, "it became shorter while it was read");
            offset += read;
            bytes = bytes[read..];
        }
    }

    private static SafeFileHandle OpenOnLinux(string path, OnnxErrors errors)
    {
        using SafeFileHandle place = LinuxFile.Place(path, out int error);
        if (error is LinuxFile.NoEntry or LinuxFile.NotAFolder) throw errors.NotFound();
        FileStatus found = Status(place, error, path, errors);
        if (!found.IsRegular) throw errors.NotRegular(found.Kind);
        SafeFileHandle content = LinuxFile.Content(path, out error);
        if (Status(content, error, path, errors).IsSameFile(found)) return content;
        content.Dispose();
        throw errors.CannotRead(path, "another file came into its place");
    }

    private static SafeFileHandle Open(string path, OnnxErrors errors)
    {
        if (Directory.Exists(path)) throw errors.NotRegular("a folder");
        return File.OpenHandle(path);
    }

    /// <summary>What a file is that opened without <paramref name="error"/>.</summary>
    public static FileStatus Status(SafeFileHandle file, int error, string path, OnnxErrors errors)
    {
        if (error == 0 && LinuxFile.Status(file, out error) is { } status) return status;
        file.Dispose();
        throw errors.CannotRead(path, LinuxFile.Reason(error));
    }
}
