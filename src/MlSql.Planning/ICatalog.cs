using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Estimators;
using MlSql.Models.Store;

namespace MlSql.Planning;

/// <summary>A model version as the binder sees it. <paramref name="LabelType"/> is the SQL type of predicted classes (DOUBLE for regression).</summary>
public sealed record ModelVersion(string Name, int Version, string ContentHash, Model Model, DataType LabelType)
{
    /// <summary>The file that it was imported from, as the statement named it; null for a trained one.</summary>
    public string? Source { get; init; }
}

/// <summary>What a look-up of a model gave: the version, or what is missing.</summary>
public abstract record ModelLookup
{
    private ModelLookup() { }

    /// <summary>The version.</summary>
    public sealed record Found(ModelVersion Version) : ModelLookup;

    /// <summary>No model of that name; <paramref name="Names"/> are all there are.</summary>
    public sealed record NoModel(ImmutableArray<string> Names) : ModelLookup;

    /// <summary>The model has no such version; it has these.</summary>
    public sealed record NoVersion(ImmutableArray<int> Versions) : ModelLookup;

    /// <summary>The model has no such alias; it has these.</summary>
    public sealed record NoAlias(ImmutableArray<string> Aliases) : ModelLookup;

    /// <summary>The version's file is missing or damaged.</summary>
    public sealed record Damaged(string Code, string Message, string? Hint) : ModelLookup;
}

/// <summary>What an engine says of a query without running it: its columns, or why it cannot.</summary>
public sealed record Description(Schema? Schema, string? Error);

/// <summary>What the binder asks the world. One snapshot a statement: the same question gets the same answer.</summary>
public interface ICatalog
{
    /// <summary>Finds a model version: by number, by alias, or the default one.</summary>
    ModelLookup Find(string model, int? version, string? alias);

    /// <summary>The model as the store lists it, or null.</summary>
    StoredModelInfo? FindModel(string model);

    /// <summary>Names of all models.</summary>
    ImmutableArray<string> ModelNames { get; }

    /// <summary>The columns of a query of the engine's SQL.</summary>
    Description Describe(string sql);

    /// <summary>What can be trained.</summary>
    ImmutableArray<EstimatorInfo> Estimators { get; }

    /// <summary>Metrics stored when the version was trained, of its eval rows if it had some, else of its training rows.</summary>
    ImmutableArray<KeyValuePair<string, double?>> StoredMetrics(string model, int version);

    /// <summary>What a model file holds; without a format its beginning tells which it has. Throws <see cref="CodedException"/> for one that is refused.</summary>
    ImportedFile ReadModel(string path, ImportFormat? format);

    /// <summary>Statistics of the training columns, kept with the version.</summary>
    ImmutableArray<FeatureStatistics> FeatureStatistics(string model, int version);

    /// <summary>How the version came to be.</summary>
    VersionDetails Details(string model, int version);
}

/// <summary>A model as the store lists it.</summary>
public sealed record StoredModelInfo(string Name, int DefaultVersion, ImmutableArray<int> Versions, ImmutableSortedDictionary<string, int> Aliases, string? Statement);
