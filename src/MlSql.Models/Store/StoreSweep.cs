using MlSql.Models.Store.Manifests;

namespace MlSql.Models.Store;

/// <summary>Deletes what nothing refers to: blobs and temporary files older than an hour, and what a broken-off change left in the models' folders. Needs the lock.</summary>
internal sealed class StoreSweep(StoreFolder store, StoreReader reader, TimeProvider time)
{
    // Younger ones may belong to a writer on a file system whose locks do not work, or to a reader who has just seen them named.
    private static readonly TimeSpan LeastAge = TimeSpan.FromHours(1);

    /// <summary>How many blobs were deleted. None while anything in the store is damaged, as that might name them.</summary>
    public int Run(CancellationToken cancel)
    {
        foreach (string folder in reader.Folders()) SweepModel(folder, cancel);
        foreach (string name in store.Files.List(store.Temporary)) DeleteOld(Path.Combine(store.Temporary, name));

        StoreSnapshot snapshot = reader.Read(cancel);
        if (!snapshot.Problems.IsEmpty) return 0;
        HashSet<string> named = [.. snapshot.Models.SelectMany(model => model.Versions).Select(version => version.ContentHash)];
        int deleted = 0;
        foreach (string name in store.Files.List(store.Blobs))
        {
            cancel.ThrowIfCancellationRequested();
            if (!named.Contains(name) && DeleteOld(store.Blob(name))) deleted++;
        }
        return deleted;
    }

    /// <summary>Deletes a folder whose head names no version. The head goes last, so that its absence beside a version's file always means damage.</summary>
    public void RemoveFolder(string folder)
    {
        string path = store.Model(folder);
        foreach (string name in store.Files.List(path))
            if (VersionManifest.VersionOf(name) is not null) store.Files.Delete(Path.Combine(path, name));
        store.Files.SyncFolder(path);
        store.Files.Delete(store.Head(folder));
        store.Files.DeleteFolder(path);
        store.Files.SyncFolder(store.Models);
    }

    private void SweepModel(string folder, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        ModelHead? head;
        try
        {
            head = reader.ReadHead(folder);
        }
        catch (Columnar.CodedException)
        {
            // Damaged: stays as it is, the snapshot lists it.
            return;
        }
        if (head is null) return;
        if (head.Versions.IsEmpty) RemoveFolder(folder);
        else
            foreach (string name in store.Files.List(store.Model(folder)))
                if (VersionManifest.VersionOf(name) is { } version && !head.Versions.Contains(version)) store.Files.Delete(store.Version(folder, version));
    }

    private bool DeleteOld(string path)
    {
        if (!store.Files.FileExists(path) || time.GetUtcNow() - store.Files.LastWrite(path) < LeastAge) return false;
        store.Files.Delete(path);
        return true;
    }
}
