using MlSql.Columnar;
using MlSql.Models.Store;
using MlSql.Planning;

namespace MlSql;

/// <summary>The views of a session's model store.</summary>
internal sealed class StoreViews(ModelStore store, NoticeBoard notices) : IViewStore
{
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    public IReadOnlyList<KeptView> Of(string server, CancellationToken cancel)
    {
        List<StoreProblem> problems = [];
        var views = store.Views(server, problems, cancel);
        foreach (var problem in problems)
            if (_told.Add(problem.Path)) notices.Warn(problem.Error);
        return [.. views.Select(v => new KeptView(v.Name, v.Definition))];
    }

    public void Keep(string server, KeptView view, CancellationToken cancel) => store.SaveView(new StoredView(server, view.Name, view.Definition), cancel);

    public void Drop(string server, string name, CancellationToken cancel) => store.DropView(server, name, cancel);

    public ModelVersion? FindModel(string hash, DataType? labelType) => SessionCatalog.FindByHash(store, store.Snapshot(CancellationToken.None), hash, labelType);
}
