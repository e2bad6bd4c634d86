using MlSql.Columnar;
using MlSql.Models.Store.Manifests;

namespace MlSql.Models.Store;

/// <summary>Changes of the store. Every one ends in the rename of one model's head, which is its commit; needs the lock.</summary>
internal sealed class StoreWriter(StoreFolder store, StoreReader reader, StoreSweep sweep)
{
    /// <summary>The head of the model of a name, or null. A damaged model that may be the one is an error.</summary>
    public ModelHead? TryFind(string name)
    {
        // A folder of the name's own is the usual case; renamed models lie elsewhere.
        string usual = EncodedName.Of(name);
        CodedException? damage = null;
        foreach (string folder in reader.Folders().OrderBy(folder => folder != usual))
        {
            try
            {
                if (reader.ReadHead(folder) is { Versions.IsEmpty: false } head && string.Equals(head.Name, name, StringComparison.OrdinalIgnoreCase)) return head;
            }
            catch (CodedException error)
            {
                // The damage of models of other names is for a snapshot to list.
                if (EncodedName.WithoutOrdinal(folder) == usual) damage ??= error;
            }
        }
        return damage is null ? null : throw damage;
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
}
