using MlSql.Columnar;
using MlSql.Models.Store.Manifests;

namespace MlSql.Models.Store;

/// <summary>
/// Models with their versions and aliases in a folder. What a method that returned has kept stays kept, whenever the machine stops; one that did not return
/// has changed all or nothing. Safe for many threads and processes at once; readers never wait. Errors are MLS5xxx.
/// </summary>
public sealed class ModelStore
{
    private readonly StoreFolder _store;
    private readonly StoreReader _reader;
    private readonly StoreWriter _writer;
    private readonly StoreSweep _sweep;
    private readonly BlobStore _blobs;
    private readonly ViewFiles _views;
    private readonly TimeProvider _time;

    private ModelStore(StoreFolder store, TimeProvider time)
    {
        _store = store;
        _time = time;
        _reader = new(store);
        _sweep = new(store, _reader, time);
        _writer = new(store, _reader, _sweep);
        _blobs = new(store);
        _views = new(store);
    }

    /// <summary>The store in a folder, which need not exist: it is made when something is first saved. A relative path is taken from the working directory of now.</summary>
    public static ModelStore Open(string folder, IFileSystem files, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (folder.Length == 0 || folder.Contains('\0', StringComparison.Ordinal)) throw StoreFaults.NotAFolder(folder);
        return new(new(Path.GetFullPath(folder), files), time);
    }

    /// <summary>The store's folder, absolute.</summary>
    public string Folder => _store.Root;

    /// <summary>What the store holds now.</summary>
    public StoreSnapshot Snapshot(CancellationToken cancel) => Guarded(() => _reader.Read(cancel));

    /// <summary>The model of a version. Its bytes are verified whenever they come from the disk.</summary>
    public Model Load(StoredVersion version) => Guarded(() => _blobs.Load(version));

    /// <summary>
    /// Keeps a model as the next version of a name, which is made if missing; its first version is the default one, a later one when <paramref name="makeDefault"/> says so.
    /// </summary>
    public StoredVersion Save(string name, Model model, VersionDetails details, bool makeDefault, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(details);
        RequireName("a model", name);
        byte[] bytes = ModelFormat.Write(model);
        cancel.ThrowIfCancellationRequested();
        return Guarded(() =>
        {
            _store.Make();
            using StagedBlob blob = _blobs.Stage(bytes);
            using IDisposable held = StoreLock.Take(_store, cancel);
            using SaveUndo undo = new(_store, _sweep);
            ModelHead head = _writer.TryFind(name) ?? _writer.Make(undo.Makes(_writer.FreeFolder(name)), name);
            undo.Placed(blob);
            VersionManifest manifest = undo.Claimed(head, _writer.Claim(head, blob.ContentHash, bytes.Length, details with { CreatedAt = _time.GetUtcNow() }));
            string temporary = _store.WriteTemporary(head.WithVersion(manifest.Version, makeDefault).ToBytes());
            undo.Forget();
            _store.Publish(temporary, _store.Head(head.Folder));
            return new StoredVersion(head.Name, manifest.Version, manifest.ContentHash, manifest.BlobSize, manifest.Details);
        });
    }

    /// <summary>Points an alias, made if missing, to a version.</summary>
    public void SetAlias(string name, string alias, int version, CancellationToken cancel)
    {
        RequireName("an alias", alias);
        Change(name, head => RequireVersion(head, version) with { Aliases = head.Aliases.Remove(alias).Add(alias, version) }, cancel);
    }

    /// <summary>Takes an alias away.</summary>
    public void UnsetAlias(string name, string alias, CancellationToken cancel) =>
        Change(name, head => head.Aliases.ContainsKey(alias) ? head with { Aliases = head.Aliases.Remove(alias) } : throw ModelErrors.UnknownAlias(head.Name, alias), cancel);

    /// <summary>Makes a version the default one.</summary>
    public void SetDefault(string name, int version, CancellationToken cancel) => Change(name, head => RequireVersion(head, version).WithDefault(version), cancel);

    /// <summary>Makes the version the default that was it before the present one, and returns its number. Again goes further back.</summary>
    public int Rollback(string name, CancellationToken cancel) => Change(
        name,
        head => head.PreviousDefault is null ? throw ModelErrors.NoRollback(head.Name) : head with { Defaults = head.Defaults.RemoveAt(head.Defaults.Count - 1) },
        cancel).Default;

    /// <summary>Gives a model another name; its versions, aliases and default go with it.</summary>
    public void Rename(string name, string newName, CancellationToken cancel)
    {
        RequireName("a model", newName);
        Change(name, head => _writer.TryFind(newName) is { } other && other.Id != head.Id ? throw ModelErrors.TakenName(newName) : head with { Name = newName }, cancel);
    }

    /// <summary>Sets a model's comment; null takes it away.</summary>
    public void SetComment(string name, string? comment, CancellationToken cancel) => Change(name, head => head with { Comment = comment }, cancel);

    /// <summary>Drops a version; its number is never given again. The last one takes the model with it. Refused for the default one and for one that an alias points to, while others are there.</summary>
    public void DropVersion(string name, int version, CancellationToken cancel)
    {
        Change(name, head =>
        {
            RequireVersion(head, version);
            if (head.Versions.Count == 1) return WithoutVersions(head);
            if (head.Default == version) throw ModelErrors.DropOfDefault(head.Name, version);
            foreach ((string alias, int target) in head.Aliases)
                if (target == version) throw ModelErrors.DropOfAliased(head.Name, version, alias);
            return head.WithoutVersion(version);
        }, cancel);
        SweepAfterDrop();
    }

    /// <summary>Drops a model with all versions and aliases.</summary>
    public void DropModel(string name, CancellationToken cancel)
    {
        Change(name, WithoutVersions, cancel);
        SweepAfterDrop();
    }

    /// <summary>The views that were kept for a server; what is damaged is added to <paramref name="problems"/>.</summary>
    public IReadOnlyList<StoredView> Views(string server, ICollection<StoreProblem> problems, CancellationToken cancel) => Guarded(() => _views.Read(server, problems, cancel));

    /// <summary>Keeps a view, in the place of one of its name for the same server.</summary>
    public void SaveView(StoredView view, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(view);
        RequireName("a view", view.Name);
        Guarded(() =>
        {
            _store.Make();
            using IDisposable held = StoreLock.Take(_store, cancel);
            _views.Write(view);
            return view;
        });
    }

    /// <summary>Forgets a view, if there is one.</summary>
    public void DropView(string server, string name, CancellationToken cancel) => Guarded(() =>
    {
        if (!_store.Files.FolderExists(_store.Views)) return false;
        _store.Make();
        using IDisposable held = StoreLock.Take(_store, cancel);
        _views.Delete(server, name);
        return true;
    });

    /// <summary>Deletes what nothing refers to and is older than an hour; returns how many models' bytes went. Drops do this by themselves.</summary>
    public int Sweep(CancellationToken cancel) => Guarded(() =>
    {
        if (!_store.Files.FolderExists(_store.Root)) return 0;
        using IDisposable held = StoreLock.Take(_store, cancel);
        return _sweep.Run(cancel);
    });

    private void SweepAfterDrop()
    {
        try
        {
            Sweep(CancellationToken.None);
        }
        catch (CodedException)
        {
            // The drop is kept; what could not be deleted now, the next sweep deletes.
        }
    }

    private ModelHead Change(string name, Func<ModelHead, ModelHead> change, CancellationToken cancel) => Guarded(() =>
    {
        // Without a folder there is no model, and nothing to lock.
        if (!_store.Files.FolderExists(_store.Models)) throw ModelErrors.UnknownModel(name);
        _store.Make();
        using IDisposable held = StoreLock.Take(_store, cancel);
        ModelHead head = _writer.Find(name);
        ModelHead changed = change(head);
        if (changed != head) _writer.Commit(changed);
        return changed;
    });

    private T Guarded<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception fault) when (StoreFaults.IsFileSystemError(fault))
        {
            throw StoreFaults.Of(_store.Root, fault);
        }
    }

    private static ModelHead WithoutVersions(ModelHead head) => head with { Versions = [], Defaults = [], Aliases = head.Aliases.Clear() };

    private static ModelHead RequireVersion(ModelHead head, int version) => head.Versions.Contains(version) ? head : throw ModelErrors.UnknownVersion(head.Name, version);

    private static void RequireName(string kind, string name)
    {
        if (!EncodedName.IsUsable(name)) throw ModelErrors.InvalidName(kind, name);
    }
}
