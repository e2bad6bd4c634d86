using MlSql.Models.Store;

namespace MlSql.UnitTests.Models.Simulation;

/// <summary>What goes wrong with a call.</summary>
internal enum Fault
{
    /// <summary>EIO, nothing done.</summary>
    InputOutput,

    /// <summary>ENOSPC, nothing done; of a write, the first half is done.</summary>
    DiskFull,

    /// <summary>EACCES, nothing done.</summary>
    NoPermission,

    /// <summary>EIO although it was done.</summary>
    DoneAndReported,
}

/// <summary>Passes calls on, but fails the Nth, or all from the Nth on.</summary>
internal sealed class FaultyFileSystem(IFileSystem inner, Fault fault, int failingCall, bool forEver) : IFileSystem
{
    private int _calls;

    /// <summary>No more faults.</summary>
    public bool Healed { get; set; }

    /// <summary>True once a call has failed.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Name of the first call that failed.</summary>
    public string FailedCall { get; private set; } = "";

    public INewFile CreateNew(string path) => Call("create", () => new FaultyFile(this, inner.CreateNew(path)));

    public byte[]? TryRead(string path, long limit) => Call("read", () => inner.TryRead(path, limit));

    public void Rename(string from, string to) => Call("rename", () => inner.Rename(from, to));

    public bool TryClaim(string from, string to) => Call("claim", () => inner.TryClaim(from, to));

    public void Delete(string path) => Call("delete", () => inner.Delete(path));

    public void MakeFolder(string path) => Call("make folder", () => inner.MakeFolder(path));

    public void DeleteFolder(string path) => Call("delete folder", () => inner.DeleteFolder(path));

    public void SyncFolder(string path) => Call("sync folder", () => inner.SyncFolder(path));

    public IReadOnlyList<string> List(string folder) => Call("list", () => inner.List(folder));

    public bool FileExists(string path) => inner.FileExists(path);

    public bool FolderExists(string path) => inner.FolderExists(path);

    public DateTimeOffset LastWrite(string path) => Call("file time", () => inner.LastWrite(path));

    public IDisposable? TryLock(string path) => Fails("lock") ? throw Error(path) : inner.TryLock(path);

    private void Call(string name, Action action) => Call(name, () =>
    {
        action();
        return true;
    });

    private T Call<T>(string name, Func<T> action)
    {
        if (!Fails(name)) return action();
        if (fault == Fault.DoneAndReported) action();
        throw Error(name);
    }

    private bool Fails(string name)
    {
        int call = ++_calls;
        if (Healed || (forEver ? call < failingCall : call != failingCall)) return false;
        if (!HasFailed) FailedCall = name;
        return HasFailed = true;
    }

    private Exception Error(string what) => fault switch
    {
        Fault.DiskFull => new IOException($"No space left on device: {what}", 28),
        Fault.NoPermission => new UnauthorizedAccessException($"Access is denied: {what}"),
        _ => new IOException($"Input/output error: {what}", 5),
    };

    private sealed class FaultyFile(FaultyFileSystem files, INewFile file) : INewFile
    {
        public void Write(ReadOnlySpan<byte> bytes)
        {
            if (!files.Fails("write"))
            {
                file.Write(bytes);
                return;
            }
            if (files.Error("write") is { HResult: 28 }) file.Write(bytes[..(bytes.Length / 2)]);
            throw files.Error("write");
        }

        public void Sync() => files.Call("sync", file.Sync);

        public void Close() => files.Call("close", file.Close);

        public void Dispose() => file.Dispose();
    }
}
