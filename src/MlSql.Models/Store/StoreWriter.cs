using System.Diagnostics.CodeAnalysis;
using MlSql.Models.Store.Manifests;

namespace MlSql.Models.Store;

/// <summary>Changes of the store. Every one ends in the rename of one model's head, which is its commit; needs the lock.</summary>
internal sealed class StoreWriter(StoreFolder store, StoreReader reader, StoreSweep sweep)
{
    /// <summary>The head of the model of a name, or null. A damaged model that may be the one is an error.</summary>
    public ModelHead? TryFind(string name)
    {
        // A name of our own in the folder's place is the usual case; renamed models lie elsewhere.
        string first = EncodedName.Of(name);
        if (IsNamed(reader.ReadHead(first), name, out ModelHead? head)) return head;
        foreach (string folder in store.Files.List(store.Models))
            if (folder != first && IsNamed(ReadOther(folder, first), name, out head)) return head;
        return null;
    }

    public ModelHead Find(string name) => TryFind(name) ?? throw ModelErrors.UnknownModel(name);

    /// <summary>Puts a head in the place of the old one: the commit.</summary>
    public void Commit(ModelHead head) => store.Publish(store.WriteTemporary(head.ToBytes()), store.Head(head.Folder));

    /// <summary>A folder in which no model lies, for one of this name. What a broken-off change left in it is deleted.</summary>
    public string FreeFolder(string name)
    {
        string encoded = EncodedName.Of(name);
        for (int ordinal = 0; ; ordinal++)
        {
            string folder = EncodedName.WithOrdinal(encoded, ordinal);
            if (reader.ReadHead(folder) is not { } head) return folder;
            if (!head.Versions.IsEmpty) continue;
            sweep.RemoveFolder(folder);
            return folder;
        }
    }

    /// <summary>Makes the folder, and in it a head that names no version.</summary>
    public ModelHead Make(string folder, string name)
    {
        store.Files.MakeFolder(store.Model(folder));
        store.Files.SyncFolder(store.Models);
        ModelHead head = new(folder, Guid.NewGuid().ToString("n"), name);
        Commit(head);
        return head;
    }

    /// <summary>Claims the next number for a version and returns it; what lies under a higher number is left from a writer that died.</summary>
    public VersionManifest Claim(ModelHead head, string contentHash, long blobSize, VersionDetails details)
    {
        for (int version = head.LastVersion + 1; ; version++)
        {
            VersionManifest manifest = new(head.Id, version, contentHash, blobSize, details);
            if (store.Claim(store.Version(head.Folder, version), manifest.ToBytes())) return manifest;
        }
    }

    private ModelHead? ReadOther(string folder, string wanted)
    {
        try
        {
            return reader.ReadHead(folder);
        }
        catch (Columnar.CodedException) when (EncodedName.WithoutOrdinal(folder) != wanted)
        {
            // Another model's damage; a snapshot lists it.
            return null;
        }
    }

    private static bool IsNamed(ModelHead? head, string name, [NotNullWhen(true)] out ModelHead? found)
    {
        found = head is { Versions.IsEmpty: false } && string.Equals(head.Name, name, StringComparison.OrdinalIgnoreCase) ? head : null;
        return found is not null;
    }
}
