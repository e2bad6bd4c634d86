namespace MlSql.Engines.DuckDb.Interop;

/// <summary>Marks a database file as open in this process. The engine's own lock keeps only other processes out; two writers in one process would destroy the file.</summary>
internal sealed class OpenFile : IDisposable
{
    private static readonly Lock Gate = new();
    private static readonly HashSet<string> Open = new(OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);

    private readonly string _path;

    private OpenFile(string path) => _path = path;

    /// <summary>Marks the file; null when it is marked already.</summary>
    public static OpenFile? TryMark(string path)
    {
        string full = Path.GetFullPath(path);
        string real = File.Exists(full) ? File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full : full;
        lock (Gate) return Open.Add(real) ? new OpenFile(real) : null;
    }

    public void Dispose()
    {
        lock (Gate) Open.Remove(_path);
    }
}
