namespace MlSql.Models.Store;

/// <summary>The places of the store and the one way in which files come into it: written whole under tmp/, synced, read back, renamed, the folder synced.</summary>
internal sealed class StoreFolder(string root, IFileSystem files)
{
    private readonly HashSet<string> _unsynced = [];
    private bool _ready;

    public string Root { get; } = root;

    public IFileSystem Files { get; } = files;

    public string Blobs { get; } = Path.Combine(root, "blobs", "sha256");

    public string Models { get; } = Path.Combine(root, "models");

    public string Views { get; } = Path.Combine(root, "views");

    public string Temporary { get; } = Path.Combine(root, "tmp");

    public string Lock { get; } = Path.Combine(root, "lock");

    public string Blob(string contentHash) => Path.Combine(Blobs, contentHash);

    public string Model(string folder) => Path.Combine(Models, folder);

    public string Head(string folder) => Path.Combine(Models, folder, Manifests.ModelHead.FileName);

    public string Version(string folder, int version) => Path.Combine(Models, folder, Manifests.VersionManifest.FileName(version));

    /// <summary>Makes the store's folders where they are missing. Their entries are on the disk when this returns.</summary>
    public void Make()
    {
        lock (_unsynced)
        {
            if (_ready && Files.FolderExists(Temporary)) return;
            MakeWithParents(Blobs);
            MakeWithParents(Models);
            MakeWithParents(Temporary);
            // Another process may have made these and not yet synced them.
            _unsynced.UnionWith([Root, Path.GetDirectoryName(Blobs)!]);
            foreach (string folder in _unsynced.ToArray())
            {
                Files.SyncFolder(folder);
                _unsynced.Remove(folder);
            }
            _ready = true;
        }
    }

    /// <summary>Makes the folder of views where it is missing; most stores have none. Its entry is on the disk when this returns.</summary>
    public void MakeViews()
    {
        if (!Files.FolderExists(Views)) Files.MakeFolder(Views);
        Files.SyncFolder(Root);
    }

    /// <summary>A file under tmp/ that holds the bytes, on the disk and read back. Nothing is left behind on failure where that can be.</summary>
    public string WriteTemporary(ReadOnlySpan<byte> bytes)
    {
        string path = Path.Combine(Temporary, Guid.NewGuid().ToString("n"));
        try
        {
            using (INewFile file = Files.CreateNew(path))
            {
                file.Write(bytes);
                file.Sync();
                file.Close();
            }
            if (!bytes.SequenceEqual(Files.TryRead(path, bytes.Length + 1L))) throw new IOException($"The file reads back differently: {path}");
            return path;
        }
        catch (Exception fault) when (StoreFaults.IsFileSystemError(fault))
        {
            Discard(path);
            throw;
        }
    }

    /// <summary>Puts a temporary file in its place, over what is there. Whether it took place is open when this fails.</summary>
    public void Publish(string temporary, string path)
    {
        try
        {
            Files.Rename(temporary, path);
            Files.SyncFolder(Path.GetDirectoryName(path)!);
        }
        catch (Exception fault) when (StoreFaults.IsFileSystemError(fault))
        {
            Discard(temporary);
            throw;
        }
    }

    /// <summary>Puts the bytes in a place that is free; false when it is not.</summary>
    public bool Claim(string path, ReadOnlySpan<byte> bytes)
    {
        string temporary = WriteTemporary(bytes);
        bool claimed = false;
        try
        {
            claimed = Files.TryClaim(temporary, path);
            if (claimed) Files.SyncFolder(Path.GetDirectoryName(path)!);
            return claimed;
        }
        catch (Exception fault) when (claimed && StoreFaults.IsFileSystemError(fault))
        {
            Discard(path);
            throw;
        }
        finally
        {
            Discard(temporary);
        }
    }

    /// <summary>Deletes a file that nothing refers to. Leaves it to the next sweep when that fails.</summary>
    public void Discard(string path)
    {
        try
        {
            Files.Delete(path);
        }
        catch (Exception fault) when (StoreFaults.IsFileSystemError(fault))
        {
            // Readers pass over such files, and the error that matters is another one.
        }
    }

    private void MakeWithParents(string folder)
    {
        if (Files.FolderExists(folder)) return;
        if (Files.FileExists(folder)) throw StoreFaults.NotAFolder(folder);
        string parent = Path.GetDirectoryName(folder) ?? throw StoreFaults.NotAFolder(Root);
        MakeWithParents(parent);
        _unsynced.Add(parent);
        Files.MakeFolder(folder);
    }
}
