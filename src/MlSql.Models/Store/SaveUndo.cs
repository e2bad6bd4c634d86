using MlSql.Models.Store.Manifests;

namespace MlSql.Models.Store;

/// <summary>Takes back what a save put in place, unless it got as far as its commit. Under the lock nobody else can refer to any of it.</summary>
internal sealed class SaveUndo(StoreFolder store, StoreSweep sweep) : IDisposable
{
    private string? _madeFolder;
    private string? _claimedFile;
    private string? _placedBlob;

    public string Makes(string folder)
    {
        _madeFolder = folder;
        return folder;
    }

    public void Placed(StagedBlob blob)
    {
        if (!store.Files.FileExists(blob.Path)) _placedBlob = blob.Path;
        blob.Place();
    }

    public VersionManifest Claimed(ModelHead head, VersionManifest manifest)
    {
        _claimedFile = store.Version(head.Folder, manifest.Version);
        return manifest;
    }

    /// <summary>The commit begins: from here on nothing is taken back.</summary>
    public void Forget() => _madeFolder = _claimedFile = _placedBlob = null;

    public void Dispose()
    {
        if (_claimedFile is not null) store.Discard(_claimedFile);
        if (_placedBlob is not null) store.Discard(_placedBlob);
        if (_madeFolder is null) return;
        try
        {
            sweep.RemoveFolder(_madeFolder);
        }
        catch (Exception fault) when (StoreFaults.IsFileSystemError(fault))
        {
            // A head that names no version is nothing to readers; the next sweep removes it.
        }
    }
}
