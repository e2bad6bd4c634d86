using MlSql.Cli.Arguments;

namespace MlSql.Cli.Output;

/// <summary>The file of -o: written under a temporary name beside it and moved when whole. Devices and pipes are written as they are.</summary>
internal sealed class OutputFile : IDisposable
{
    private readonly string _path;
    private readonly string? _temporary;
    private readonly FileStream _file;

    private OutputFile(string path, string? temporary, FileStream stream)
    {
        _path = path;
        _temporary = temporary;
        _file = stream;
        Stream = new ResultStream(stream);
    }

    /// <summary>Takes the results.</summary>
    public Stream Stream { get; }

    /// <summary>Throws <see cref="UsageException"/> when nothing can be written there.</summary>
    public static OutputFile Open(string path)
    {
        if (path.Length == 0) throw Usage.BadOutput("the name is empty", "-o FILE");
        if (Directory.Exists(path)) throw Usage.BadOutput($"{path} is a folder", "name a file in it");
        string target = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(folder)) throw Usage.BadOutput($"the folder {folder} does not exist", "make it first");
        try
        {
            // A link stays a link: the file that it leads to is replaced.
            if (new FileInfo(target).LinkTarget is not null && File.ResolveLinkTarget(target, returnFinalTarget: true) is { } linked)
            {
                target = linked.FullName;
                folder = Path.GetDirectoryName(target)!;
            }
            if (File.Exists(target) && OpenDevice(target) is { } device) return new(target, null, device);
            string temporary = Path.Combine(folder, $".{Path.GetFileName(target)}.{Path.GetRandomFileName()}.tmp");
            return new(target, temporary, new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 0));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Usage.BadOutput($"{path} cannot be written: {e.Message}", "choose another place");
        }
    }

    /// <summary>Moves what was written to its place. Throws <see cref="OutputFailedException"/>.</summary>
    public void Commit()
    {
        try
        {
            _file.Flush(flushToDisk: _temporary is not null);
            _file.Dispose();
            if (_temporary is null) return;
            if (File.Exists(_path) && !OperatingSystem.IsWindows()) File.SetUnixFileMode(_temporary, File.GetUnixFileMode(_path));
            File.Move(_temporary, _path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OutputFailedException(e);
        }
    }

    /// <summary>Removes what was written and not moved.</summary>
    public void Dispose()
    {
        _file.Dispose();
        if (_temporary is not null) File.Delete(_temporary);
    }

    // Moving a file over /dev/null or a named pipe would replace it.
    private static FileStream? OpenDevice(string path)
    {
        FileStream stream = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
        if (!stream.CanSeek || path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal)) return stream;
        stream.Dispose();
        return null;
    }
}
