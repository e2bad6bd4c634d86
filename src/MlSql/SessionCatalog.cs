using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Estimators;
using MlSql.Models.Onnx;
using MlSql.Models.Store;
using MlSql.Planning;
using MlSql.Training;

namespace MlSql;

/// <summary>The binder's view of the store and the engine while one statement is bound; descriptions are asked for once.</summary>
internal sealed class SessionCatalog(IEngine engine, ModelStore store, Lazy<StoreSnapshot> lazySnapshot, CancellationToken cancel) : ICatalog
{
    private readonly Dictionary<string, Description> _descriptions = new(StringComparer.Ordinal);

    private StoreSnapshot Snapshot => lazySnapshot.Value;

    public ImmutableArray<string> ModelNames => [.. Snapshot.Models.Select(m => m.Name)];

    public ImmutableArray<EstimatorInfo> Estimators => Trainers.Infos;

    /// <summary>The version whose content hash begins so, with the label type that is asked for; null when the store has none.</summary>
    public static ModelVersion? FindByHash(ModelStore store, StoreSnapshot snapshot, string hash, DataType? labelType)
    {
        foreach (var version in snapshot.Models.SelectMany(m => m.Versions))
            if (version.ContentHash.StartsWith(hash, StringComparison.Ordinal)) return Version(store, version) with { LabelType = labelType ?? new FloatType(64) };
        return null;
    }

    public ModelLookup Find(string model, int? version, string? alias)
    {
        try
        {
            if (Snapshot.Resolve(model, version, alias) is { } found) return new ModelLookup.Found(Version(store, found));
        }
        catch (CodedException e)
        {
            return new ModelLookup.Damaged(e.Code, e.Message, e.Hint);
        }
        if (Snapshot.Find(model) is not { } known) return new ModelLookup.NoModel(ModelNames);
        return alias is null ? new ModelLookup.NoVersion([.. known.Versions.Select(v => v.Version)]) : new ModelLookup.NoAlias([.. known.Aliases.Keys]);
    }

    public StoredModelInfo? FindModel(string model) => Snapshot.Find(model) is { } found
        ? new StoredModelInfo(found.Name, found.DefaultVersion, [.. found.Versions.Select(v => v.Version)], found.Aliases, found.Version(found.DefaultVersion)?.Details.Statement)
        : null;

    public Description Describe(string sql)
    {
        if (!_descriptions.TryGetValue(sql, out var description)) _descriptions[sql] = description = engine.Describe(sql, cancel);
        return description;
    }

    public ImmutableArray<KeyValuePair<string, double?>> StoredMetrics(string model, int version)
    {
        var metrics = Snapshot.Find(model)!.Version(version)!.Details.Metrics;
        string split = metrics.Any(m => m.Split == "eval") ? "eval" : "train";
        return [.. metrics.Where(m => m.Split == split).Select(m => KeyValuePair.Create(m.Metric, m.Value))];
    }

    public ImportedFile ReadModel(string path, ImportFormat? format) => ImportedFile.Read(path, format, new OnnxLimits(), cancel);

    public ImmutableArray<FeatureStatistics> FeatureStatistics(string model, int version) => Snapshot.Find(model)!.Version(version)!.Details.Features;

    public VersionDetails Details(string model, int version) => Snapshot.Find(model)!.Version(version)!.Details;

    private static ModelVersion Version(ModelStore store, StoredVersion version) =>
        new(version.ModelName, version.Version, version.ContentHash, store.Load(version), LabelTypes.Parse(version.Details.LabelType) ?? new FloatType(64))
        {
            Source = version.Details.Options.Values.GetValueOrDefault("path"),
        };
}
