using System.Security.Cryptography;
using System.Text;
using MlSql.Columnar;
using MlSql.Models.Store.Manifests;

namespace MlSql.Models.Store;

/// <summary>Views as files views/NAME.SERVER.json, SERVER being the start of its hash. Each is replaced in one step; readers need no lock.</summary>
internal sealed class ViewFiles(StoreFolder store)
{
    private const string Kind = "view";
    private const string Extension = ".json";

    public IReadOnlyList<StoredView> Read(string server, ICollection<StoreProblem> problems, CancellationToken cancel)
    {
        List<StoredView> views = [];
        if (!store.Files.FolderExists(store.Views)) return views;
        string end = End(server);
        foreach (string file in store.Files.List(store.Views).Where(f => f.EndsWith(end, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            cancel.ThrowIfCancellationRequested();
            string path = Path.Combine(store.Views, file);
            try
            {
                // One that was dropped meanwhile is none.
                if (store.Files.TryRead(path, HashedJson.MaxBytes) is { } bytes) views.Add(Parse(bytes, path));
            }
            catch (CodedException damaged)
            {
                problems.Add(new(path, null, null, damaged));
            }
        }
        return views;
    }

    /// <summary>The caller holds the lock.</summary>
    public void Write(StoredView view)
    {
        store.MakeViews();
        byte[] bytes = HashedJson.Write(Kind, json =>
        {
            json.WriteString("server", view.Server);
            json.WriteString("name", view.Name);
            json.WriteString("definition", view.Definition);
        });
        store.Publish(store.WriteTemporary(bytes), PathOf(view.Server, view.Name));
    }

    /// <summary>The caller holds the lock.</summary>
    public void Delete(string server, string name)
    {
        string path = PathOf(server, name);
        if (!store.Files.FileExists(path)) return;
        store.Files.Delete(path);
        store.Files.SyncFolder(store.Views);
    }

    private StoredView Parse(byte[] bytes, string path)
    {
        StoredView view = HashedJson.Read(bytes, Kind, path, json =>
            new StoredView(json.GetProperty("server").GetString()!, json.GetProperty("name").GetString()!, json.GetProperty("definition").GetString()!));
        return PathOf(view.Server, view.Name) == path ? view : throw ModelErrors.Damaged(path, $"it is the file of the view {view.Name} for {view.Server}");
    }

    private string PathOf(string server, string name) => Path.Combine(store.Views, EncodedName.Of(name) + End(server));

    private static string End(string server) => $".{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(server)).AsSpan(0, 4))}{Extension}";
}
