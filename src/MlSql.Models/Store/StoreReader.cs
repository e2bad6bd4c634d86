using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Models.Store.Manifests;

namespace MlSql.Models.Store;

/// <summary>
/// Reads the store without the lock. A head is replaced in one step, and a version's file goes only after the head has stopped to name it;
/// so a file that is missing under an unchanged head is missing, and under a changed one the model is read again.
/// </summary>
internal sealed class StoreReader(StoreFolder store)
{
    private const int Attempts = 50;

    public StoreSnapshot Read(CancellationToken cancel)
    {
        if (store.Files.FileExists(store.Root)) throw StoreFaults.NotAFolder(store.Root);
        SortedDictionary<string, StoredModel> models = new(StringComparer.OrdinalIgnoreCase);
        Dictionary<string, string> folders = new(StringComparer.OrdinalIgnoreCase);
        var problems = ImmutableArray.CreateBuilder<StoreProblem>();
        foreach (string folder in Folders())
        {
            cancel.ThrowIfCancellationRequested();
            if (ReadModel(folder, problems) is not { } model) continue;
            if (models.TryAdd(model.Name, model)) folders[model.Name] = folder;
            else problems.Add(new(store.Head(folder), folder, null, ModelErrors.Duplicate(model.Name, store.Model(folders[model.Name]), store.Model(folder))));
        }
        return new([.. models.Values], problems.ToImmutable());
    }

    /// <summary>The folders of models, in order of their names.</summary>
    public IEnumerable<string> Folders() => store.Files.List(store.Models).Where(name => store.Files.FolderExists(store.Model(name))).Order(StringComparer.Ordinal);

    /// <summary>The head of a folder, or null where there is no model; a damaged or missing one is an error.</summary>
    public ModelHead? ReadHead(string folder)
    {
        string path = store.Head(folder);
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            if (store.Files.TryRead(path, HashedJson.MaxBytes) is { } bytes) return ModelHead.Parse(bytes, folder, path);
            // Versions' files go before the head does, and come after it.
            if (!store.Files.List(store.Model(folder)).Any(name => VersionManifest.VersionOf(name) is not null)) return null;
        }
        throw ModelErrors.Missing(path, $"the name, default and aliases of the model in folder {folder}");
    }

    private StoredModel? ReadModel(string folder, ImmutableArray<StoreProblem>.Builder problems)
    {
        try
        {
            for (int attempt = 1; ; attempt++)
            {
                if (ReadHead(folder) is not { Versions.IsEmpty: false } head) return null;
                List<StoreProblem> found = [];
                ImmutableArray<StoredVersion> versions = ReadVersions(head, found);
                if (found.Count > 0 && attempt < Attempts && HasChanged(head)) continue;
                problems.AddRange(found);
                return new()
                {
                    Name = head.Name,
                    DefaultVersion = head.Default,
                    PreviousDefault = head.PreviousDefault,
                    Aliases = head.Aliases,
                    Comment = head.Comment,
                    Versions = versions,
                };
            }
        }
        catch (CodedException error)
        {
            problems.Add(new(store.Head(folder), folder, null, error));
            return null;
        }
        catch (Exception fault) when (StoreFaults.IsFileSystemError(fault))
        {
            problems.Add(new(store.Head(folder), folder, null, StoreFaults.Of(store.Root, fault)));
            return null;
        }
    }

    private bool HasChanged(ModelHead head) => ReadHead(head.Folder) is not { } now || !now.ToBytes().AsSpan().SequenceEqual(head.ToBytes());

    private ImmutableArray<StoredVersion> ReadVersions(ModelHead head, List<StoreProblem> problems)
    {
        var versions = ImmutableArray.CreateBuilder<StoredVersion>(head.Versions.Count);
        foreach (int version in head.Versions)
        {
            string path = store.Version(head.Folder, version);
            try
            {
                byte[] bytes = store.Files.TryRead(path, HashedJson.MaxBytes) ?? throw ModelErrors.Missing(path, $"version {version} of model {head.Name}");
                VersionManifest manifest = VersionManifest.Parse(bytes, head.Id, version, path);
                versions.Add(new(head.Name, version, manifest.ContentHash, manifest.BlobSize, manifest.Details));
            }
            catch (CodedException error)
            {
                problems.Add(new(path, head.Name, version, error));
            }
            catch (Exception fault) when (StoreFaults.IsFileSystemError(fault))
            {
                problems.Add(new(path, head.Name, version, StoreFaults.Of(store.Root, fault)));
            }
        }
        return versions.ToImmutable();
    }
}
