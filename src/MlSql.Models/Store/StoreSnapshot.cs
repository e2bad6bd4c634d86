using System.Collections.Immutable;
using MlSql.Columnar;

namespace MlSql.Models.Store;

/// <summary>A file of the store that cannot be used. What it belongs to is null where that cannot be told.</summary>
/// <param name="Path">The file.</param>
/// <param name="Model">The model's name, or the name of its folder where the name itself cannot be read.</param>
/// <param name="Version">The version.</param>
/// <param name="Error">What was found, and the way out.</param>
public sealed record StoreProblem(string Path, string? Model, int? Version, CodedException Error);

/// <summary>Everything that the store holds, as it was at one moment. What is damaged stands in <see cref="Problems"/>, all else is usable.</summary>
public sealed class StoreSnapshot
{
    private readonly ImmutableDictionary<string, StoredModel> _byName;

    internal StoreSnapshot(ImmutableArray<StoredModel> models, ImmutableArray<StoreProblem> problems)
    {
        Models = models;
        Problems = problems;
        _byName = models.ToImmutableDictionary(m => m.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>A store in which nothing is.</summary>
    public static StoreSnapshot Empty { get; } = new([], []);

    /// <summary>The models in order of their names.</summary>
    public ImmutableArray<StoredModel> Models { get; }

    /// <summary>What cannot be used.</summary>
    public ImmutableArray<StoreProblem> Problems { get; }

    /// <summary>The model of a name in any case, or null.</summary>
    public StoredModel? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>
    /// A version by its number, by an alias, or (both null) the default one; null when there is none. Throws the problem's error (MLS5xxx) when there is one but damaged.
    /// </summary>
    public StoredVersion? Resolve(string name, int? version = null, string? alias = null)
    {
        if (Find(name) is not { } model)
        {
            string folder = EncodedName.Of(name);
            foreach (StoreProblem problem in Problems)
                if (problem.Version is null && problem.Model is { } damaged && EncodedName.WithoutOrdinal(damaged) == folder) throw problem.Error;
            return null;
        }
        int number;
        if (version is { } given) number = given;
        else if (alias is null) number = model.DefaultVersion;
        else if (!model.Aliases.TryGetValue(alias, out number)) return null;
        if (model.Version(number) is { } found) return found;
        foreach (StoreProblem problem in Problems)
            if (problem.Version == number && string.Equals(problem.Model, model.Name, StringComparison.OrdinalIgnoreCase)) throw problem.Error;
        return null;
    }
}
