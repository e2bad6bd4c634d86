using MlSql.Columnar;
using MlSql.Engines.Spark.Lowering;
using MlSql.Engines.Spark.Text;
using MlSql.Language.Tokens;
using MlSql.Planning;
using MlSql.Planning.Lowering;

namespace MlSql.Engines.Spark;

/// <summary>Views that outlast their session. A view of Spark that lasts must not call our functions, so such a view is kept beside the models and made again, as a view of the session, when a statement names it.</summary>
internal sealed class LastingViews(IViewStore store, string server, SparkFunctions functions, Action<RunNotice>? onNotice)
{
    private readonly Dictionary<string, string> _made = new(StringComparer.OrdinalIgnoreCase);     // definitions by name
    private readonly HashSet<string> _making = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _told = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The kept views that a statement names and that the session does not have as they are kept. Throws <see cref="CodedException"/> MLS5xxx.</summary>
    public IReadOnlyList<KeptView> MissingFor(string sql, SparkNames names, CancellationToken cancel)
    {
        var kept = store.Of(server, cancel);
        if (kept.Count == 0) return [];
        var named = NamedBy(new SqlTokens(sql));
        return [.. kept.Where(view => named.Contains(view.Name) && !IsHere(view, names))];
    }

    /// <summary>Makes a view in the session by running its definition. One that cannot be made is a warning: whoever reads it hears from Spark that it is not there.</summary>
    public async Task MakeAsync(KeptView view, Func<string, Task> run, CancellationToken cancel)
    {
        // A view that names itself ends here.
        if (!_making.Add(view.Name)) return;
        try
        {
            foreach (string name in PredictFunctionNames.In(view.Definition))
                if (SparkDialect.Find(name, $"View {view.Name}", store.FindModel) is { } function) await functions.EnsureAsync(function, cancel).ConfigureAwait(false);
            await run(view.Definition).ConfigureAwait(false);
            _made[view.Name] = view.Definition;
        }
        catch (CodedException e)
        {
            if (_told.Add(view.Name)) onNotice?.Invoke(new RunNotice(EngineNotices.KeptView, $"The view {view.Name} cannot be made: {e.Message}", e.Hint));
        }
        finally
        {
            _making.Remove(view.Name);
        }
    }

    /// <summary>Keeps a view that a statement has made. Throws <see cref="CodedException"/> MLS5xxx.</summary>
    public void Keep(KeptView view, CancellationToken cancel)
    {
        store.Keep(server, view, cancel);
        _made[view.Name] = view.Definition;
    }

    /// <summary>True for a view that is kept, whatever the session has under its name.</summary>
    public bool Has(string name, CancellationToken cancel) => store.Of(server, cancel).Any(view => view.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Forgets a view. Throws <see cref="CodedException"/> MLS5xxx.</summary>
    public void Drop(string name, CancellationToken cancel)
    {
        store.Drop(server, name, cancel);
        _made.Remove(name);
    }

    // What the session has hides it, unless it is an older form of the same view.
    private bool IsHere(KeptView view, SparkNames names) =>
        names.TempTables.ContainsKey(view.Name) || (names.Views.TryGetValue(view.Name, out var own) && (!own.IsLasting || _made.GetValueOrDefault(view.Name) == view.Definition));

    // More than it reads: columns of the same name make a view too, which harms nobody.
    private static HashSet<string> NamedBy(SqlTokens tokens)
    {
        HashSet<string> named = new(StringComparer.OrdinalIgnoreCase);
        if (tokens.Is(0, "DROP")) return named;
        int hidden = Hidden(tokens);
        for (int i = 0; i < tokens.Count; i++)
            if (i != hidden && tokens.IsName(i) && tokens.Kind(i - 1) != TokenKind.Dot) named.Add(tokens.Unquoted(i));
        return named;
    }

    // The name of a view that CREATE replaces or, being of the session, hides: not read, and not in the way. -1 for any other statement.
    private static int Hidden(SqlTokens tokens)
    {
        if (!tokens.Is(0, "CREATE")) return -1;
        bool replaces = tokens.Is(1, "OR");
        int at = replaces ? 3 : 1;
        bool temporary = tokens.IsAny(at, "TEMP", "TEMPORARY");
        if (temporary) at++;
        return (replaces || temporary) && tokens.Is(at, "VIEW") ? at + 1 : -1;
    }
}
