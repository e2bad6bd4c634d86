using MlSql.Models.Store;

namespace MlSql.UnitTests.Models.Simulation;

/// <summary>
/// A file system in memory that knows what would be on the disk: file data as of the last sync, folder entries as of the last sync of the folder.
/// Calls <see cref="AfterOperation"/> after each change, where <see cref="Crashes"/> gives what a power cut there could leave.
/// </summary>
internal sealed class SimulatedFileSystem(TimeProvider time) : IFileSystem
{
    private readonly SimulatedNode _root = SimulatedNode.NewFolder();
    private readonly List<EntryChange> _pending = [];
    private readonly HashSet<string> _locks = [];

    public SimulatedFileSystem(TimeProvider time, SimulatedNode root) : this(time) => _root = root;

    /// <summary>Runs after each change with its description.</summary>
    public Action<string> AfterOperation { get; set; } = _ => { };

    /// <summary>States that a power cut could leave now, each as a file system of its own.</summary>
    public IEnumerable<SimulatedFileSystem> Crashes(int limit, Random random) =>
        PowerCut.States(_root, _pending, limit, random).Select(root => new SimulatedFileSystem(time, root));

    public INewFile CreateNew(string path)
    {
        (SimulatedNode folder, string name) = Place(path);
        if (folder.Entries.ContainsKey(name)) throw new IOException($"The file is there: {path}", 17);
        SimulatedNode node = SimulatedNode.NewFile();
        SetEntry(folder, name, node);
        node.Written = time.GetUtcNow();
        AfterOperation($"create {path}");
        return new NewFile(this, path, node);
    }

    public byte[]? TryRead(string path, long limit) => Find(path) is { IsFolder: false } file ? file.Content[..(int)Math.Min(limit, file.Content.Length)] : null;

    public void Rename(string from, string to)
    {
        (SimulatedNode source, string oldName) = Place(from);
        (SimulatedNode target, string newName) = Place(to);
        if (!source.Entries.TryGetValue(oldName, out SimulatedNode? node)) throw new FileNotFoundException(from);
        SetEntry(target, newName, node);
        SetEntry(source, oldName, null);
        AfterOperation($"rename {from} to {to}");
    }

    public bool TryClaim(string from, string to)
    {
        if (Find(to) is not null) return false;
        (SimulatedNode target, string name) = Place(to);
        SetEntry(target, name, Find(from) ?? throw new FileNotFoundException(from));
        AfterOperation($"link {from} to {to}");
        return true;
    }

    public void Delete(string path)
    {
        if (Find(path) is null) return;
        (SimulatedNode folder, string name) = Place(path);
        SetEntry(folder, name, null);
        AfterOperation($"delete {path}");
    }

    public void MakeFolder(string path)
    {
        (SimulatedNode folder, string name) = Place(path);
        if (folder.Entries.TryGetValue(name, out SimulatedNode? node))
        {
            if (!node.IsFolder) throw new IOException($"Not a folder: {path}", 20);
            return;
        }
        SetEntry(folder, name, SimulatedNode.NewFolder());
        AfterOperation($"mkdir {path}");
    }

    public void DeleteFolder(string path)
    {
        (SimulatedNode folder, string name) = Place(path);
        if (!folder.Entries.TryGetValue(name, out SimulatedNode? node)) throw new DirectoryNotFoundException(path);
        if (node.Entries.Count > 0) throw new IOException($"The folder is not empty: {path}", 39);
        SetEntry(folder, name, null);
        AfterOperation($"rmdir {path}");
    }

    public void SyncFolder(string path)
    {
        SimulatedNode folder = Find(path) is { IsFolder: true } found ? found : throw new IOException($"No folder: {path}", 2);
        foreach (EntryChange change in _pending.Where(change => change.Folder == folder)) change.Apply(folder.DurableEntries);
        _pending.RemoveAll(change => change.Folder == folder);
        AfterOperation($"sync folder {path}");
    }

    public IReadOnlyList<string> List(string folder) => Find(folder) switch
    {
        null => [],
        { IsFolder: true } node => [.. node.Entries.Keys],
        _ => throw new IOException($"Not a folder: {folder}", 20),
    };

    public bool FileExists(string path) => Find(path) is { IsFolder: false };

    public bool FolderExists(string path) => Find(path) is { IsFolder: true };

    public DateTimeOffset LastWrite(string path) => Find(path)?.Written ?? throw new FileNotFoundException(path);

    public IDisposable? TryLock(string path)
    {
        if (Find(path) is null) CreateNew(path).Dispose();
        return _locks.Add(path) ? new HeldLock(() => _locks.Remove(path)) : null;
    }

    /// <summary>Puts other bytes into a file, as damage does.</summary>
    public void Overwrite(string path, byte[] bytes) => (Find(path) ?? throw new FileNotFoundException(path)).Content = bytes;

    /// <summary>All files, by full path.</summary>
    public IEnumerable<string> AllFiles() => FilesUnder(_root, Path.GetPathRoot(Path.GetTempPath())!);

    private static IEnumerable<string> FilesUnder(SimulatedNode folder, string path)
    {
        foreach ((string name, SimulatedNode node) in folder.Entries)
        {
            string full = Path.Combine(path, name);
            if (!node.IsFolder) yield return full;
            foreach (string below in FilesUnder(node, full)) yield return below;
        }
    }

    private void SetEntry(SimulatedNode folder, string name, SimulatedNode? node)
    {
        EntryChange change = new(folder, name, node);
        change.Apply(folder.Entries);
        _pending.Add(change);
    }

    private (SimulatedNode Folder, string Name) Place(string path) =>
        Find(Path.GetDirectoryName(path)!) is { IsFolder: true } folder ? (folder, Path.GetFileName(path)) : throw new DirectoryNotFoundException(path);

    private SimulatedNode? Find(string path)
    {
        SimulatedNode? node = _root;
        foreach (string part in path[Path.GetPathRoot(path)!.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
            if (!node.IsFolder || !node.Entries.TryGetValue(part, out node)) return null;
        return node;
    }

    private sealed class NewFile(SimulatedFileSystem files, string path, SimulatedNode node) : INewFile
    {
        public void Write(ReadOnlySpan<byte> bytes)
        {
            node.Content = [.. node.Content, .. bytes];
            files.AfterOperation($"write {path}");
        }

        public void Sync()
        {
            node.DurableContent = node.Content;
            files.AfterOperation($"sync {path}");
        }

        public void Close()
        {
        }

        public void Dispose()
        {
        }
    }

    private sealed class HeldLock(Action free) : IDisposable
    {
        public void Dispose() => free();
    }
}
