using MlSql.Models.Store.Interop;

namespace MlSql.Models.Store;

/// <summary>The machine's own file system.</summary>
public sealed class PhysicalFileSystem : IFileSystem
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;
    private const FileShare Everyone = FileShare.ReadWrite | FileShare.Delete;
    private const int SharingViolation = unchecked((int)0x80070020);

    /// <inheritdoc/>
    public INewFile CreateNew(string path) => new NewFile(Open(path, FileMode.CreateNew, FileAccess.Write, Everyone));

    /// <inheritdoc/>
    public byte[]? TryRead(string path, long limit)
    {
        try
        {
            using FileStream file = new(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = Everyone, BufferSize = 0 });
            byte[] bytes = new byte[Math.Min(Math.Min(file.Length, limit), Array.MaxLength)];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    /// <inheritdoc/>
    public bool TryClaim(string from, string to)
    {
        if (!OperatingSystem.IsWindows() && FileLink.TryLink(from, to) is { } claimed) return claimed;
        try
        {
            File.Move(from, to, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(to) && File.Exists(from))
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // As good as deleted.
        }
    }

    /// <inheritdoc/>
    public void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerFolder);
    }

    /// <inheritdoc/>
    public void DeleteFolder(string path) => Directory.Delete(path, recursive: false);

    /// <inheritdoc/>
    public void SyncFolder(string path) => FolderSync.Sync(path);

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path))];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    /// <inheritdoc/>
    public bool FileExists(string path) => File.Exists(path);

    /// <inheritdoc/>
    public bool FolderExists(string path) => Directory.Exists(path);

    /// <inheritdoc/>
    public DateTimeOffset LastWrite(string path) => File.GetLastWriteTimeUtc(path);

    /// <inheritdoc/>
    public IDisposable? TryLock(string path)
    {
        try
        {
            // FileShare.None is flock(LOCK_EX) on Unix and a sharing mode on Windows: both end with the process.
            return Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException busy) when (busy.HResult is SharingViolation || !OperatingSystem.IsWindows() && FolderSync.IsWouldBlock(busy.HResult))
        {
            return null;
        }
    }

    private static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        FileStreamOptions options = new() { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerFile;
        return new(path, options);
    }

    private sealed class NewFile(FileStream stream) : INewFile
    {
        public void Write(ReadOnlySpan<byte> bytes) => stream.Write(bytes);

        public void Sync() => stream.Flush(flushToDisk: true);

        public void Close() => stream.Dispose();

        public void Dispose() => stream.Dispose();
    }
}
