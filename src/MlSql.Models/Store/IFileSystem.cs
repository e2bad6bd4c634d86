namespace MlSql.Models.Store;

/// <summary>
/// What the model store asks of a file system, at the grain of system calls. Failures are <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.
/// Data is on the disk after <see cref="INewFile.Sync"/>, entries of a folder after <see cref="SyncFolder"/>.
/// </summary>
public interface IFileSystem
{
    /// <summary>Makes a file that only its owner can read, and opens it; fails when it is there.</summary>
    INewFile CreateNew(string path);

    /// <summary>A file from its beginning, at most <paramref name="limit"/> bytes of it, or null when there is none.</summary>
    byte[]? TryRead(string path, long limit);

    /// <summary>Gives a file another name in one step, in place of a file that has it.</summary>
    void Rename(string from, string to);

    /// <summary>Gives a file a name that is free, in one step; false, and nothing done, when it is not. The old name may stay.</summary>
    bool TryClaim(string from, string to);

    /// <summary>Deletes a file; nothing when there is none.</summary>
    void Delete(string path);

    /// <summary>Makes a folder that only its owner can enter; nothing when it is there.</summary>
    void MakeFolder(string path);

    /// <summary>Deletes a folder; fails when something is in it.</summary>
    void DeleteFolder(string path);

    /// <summary>Brings the entries of a folder onto the disk.</summary>
    void SyncFolder(string path);

    /// <summary>Names of what lies in a folder, in no order; none when there is no such folder.</summary>
    IReadOnlyList<string> List(string folder);

    /// <summary>True for a file.</summary>
    bool FileExists(string path);

    /// <summary>True for a folder.</summary>
    bool FolderExists(string path);

    /// <summary>When a file was last written, in UTC.</summary>
    DateTimeOffset LastWrite(string path);

    /// <summary>Takes the lock that a file stands for, made if missing; null while anybody else, here or in another process, holds it. Disposing, or the end of the process, frees it.</summary>
    IDisposable? TryLock(string path);
}

/// <summary>A file being written. Disposing closes it in any case; <see cref="Close"/> does and tells of errors.</summary>
public interface INewFile : IDisposable
{
    /// <summary>Appends all of the bytes.</summary>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Brings what was written onto the disk.</summary>
    void Sync();

    /// <summary>Closes the file.</summary>
    void Close();
}
