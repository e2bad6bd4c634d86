using System.Globalization;
using MlSql.Models.Store;

namespace MlSql.UnitTests.Models.Simulation;

/// <summary>What the sweeps over faults and power cuts do to a store, and how they look at it.</summary>
internal static class StoreScript
{
    /// <summary>Where the simulated store lies.</summary>
    public static string Folder { get; } = Path.Combine(Path.GetPathRoot(Path.GetTempPath())!, "data", "models");

    private static readonly string[] Servers = ["sc://one:15002", "sc://two:15002"];

    /// <summary>The steps, each of which leaves the store ready for the next.</summary>
    public static IReadOnlyList<(string Name, Action<ModelStore> Run)> Steps { get; } =
    [
        ("save the first version", store => Save(store, "churn", 1)),
        ("save a second version", store => Save(store, "Churn", 2)),
        ("save another model", store => Save(store, "price", 3)),
        ("set an alias", store => store.SetAlias("churn", "champion", 1, default)),
        ("move an alias", store => store.SetAlias("churn", "CHAMPION", 2, default)),
        ("set the default", store => store.SetDefault("churn", 1, default)),
        ("roll back", store => store.Rollback("churn", default)),
        ("set a comment", store => store.SetComment("churn", "café", default)),
        ("rename", store => store.Rename("churn", "who leaves?", default)),
        ("save under the old name", store => Save(store, "churn", 1)),
        ("save under the new name", store => Save(store, "who leaves?", 4)),
        ("drop a version", store => store.DropVersion("who leaves?", 1, default)),
        ("unset an alias", store => store.UnsetAlias("who leaves?", "champion", default)),
        ("drop another version", store => store.DropVersion("who leaves?", 2, default)),
        ("drop a model", store => store.DropModel("churn", default)),
        ("save a dropped model again", store => Save(store, "churn", 5)),
        ("keep a view", store => store.SaveView(new(Servers[0], "V", "SELECT 1"), default)),
        ("keep a view of its name for another server", store => store.SaveView(new(Servers[1], "v", "SELECT 2"), default)),
        ("replace a view", store => store.SaveView(new(Servers[0], "v", "SELECT 3"), default)),
        ("sweep", store => store.Sweep(default)),
        ("drop a view", store => store.DropView(Servers[0], "V", default)),
        ("drop the last version", store => store.DropVersion("price", 1, default)),
    ];

    /// <summary>Everything about a store that its users can see, as text; loads every version on the way.</summary>
    public static string Describe(ModelStore store) => Describe(store, (number, content) => string.Create(CultureInfo.InvariantCulture, $"{number}={content}"));

    /// <summary>The same without version numbers: after a save that failed late, the next one skips a number.</summary>
    public static string DescribeContent(ModelStore store) => Describe(store, (_, content) => content.ToString(CultureInfo.InvariantCulture));

    private static string Describe(ModelStore store, Func<int, double, string> print)
    {
        StoreSnapshot snapshot = store.Snapshot(default);
        if (!snapshot.Problems.IsEmpty) return "PROBLEM " + string.Join("; ", snapshot.Problems.Select(problem => problem.Error.Message));
        List<StoreProblem> problems = [];
        var views = Servers.SelectMany(server => store.Views(server, problems, default)).Select(view => $"view {view.Name} of {view.Server}: {view.Definition}").ToArray();
        if (problems.Count > 0) return "PROBLEM " + string.Join("; ", problems.Select(problem => problem.Error.Message));
        return string.Join("\n", snapshot.Models.Select(model =>
        {
            Dictionary<int, string> versions = model.Versions.ToDictionary(version => version.Version, version => print(version.Version, ((MlSql.Models.LinearStructure)store.Load(version).Structure).Intercept));
            string aliases = string.Join(" ", model.Aliases.Select(alias => $"{alias.Key}>{versions[alias.Value]}"));
            string previous = model.PreviousDefault is { } number ? versions[number] : "none";
            return $"{model.Name} [{string.Join(" ", versions.Values)}] default {versions[model.DefaultVersion]} before {previous} aliases [{aliases}] comment {model.Comment}";
        }).Concat(views));
    }

    private static void Save(ModelStore store, string name, double intercept) => store.Save(name, SampleModels.Linear(intercept), SampleModels.Details, makeDefault: true, default);
}
