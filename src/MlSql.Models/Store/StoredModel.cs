using System.Collections.Immutable;

namespace MlSql.Models.Store;

/// <summary>A version of a model: never changes once it is kept. <paramref name="ContentHash"/> names its bytes, which are <paramref name="BlobSize"/> long.</summary>
public sealed record StoredVersion(string ModelName, int Version, string ContentHash, long BlobSize, VersionDetails Details);

/// <summary>A model of the store as it was at one moment.</summary>
public sealed record StoredModel
{
    /// <summary>The name as its maker wrote it; names that differ in case only are the same.</summary>
    public required string Name { get; init; }

    /// <summary>Number of the default version.</summary>
    public required int DefaultVersion { get; init; }

    /// <summary>The default version before that one, to which ROLLBACK goes; null when there is none.</summary>
    public int? PreviousDefault { get; init; }

    /// <summary>Version numbers by alias; aliases that differ in case only are the same.</summary>
    public required ImmutableSortedDictionary<string, int> Aliases { get; init; }

    /// <summary>A comment, or null.</summary>
    public string? Comment { get; init; }

    /// <summary>The readable versions, ascending; a damaged one is missing here and listed in <see cref="StoreSnapshot.Problems"/>.</summary>
    public required ImmutableArray<StoredVersion> Versions { get; init; }

    /// <summary>The version of a number, or null.</summary>
    public StoredVersion? Version(int number)
    {
        foreach (StoredVersion version in Versions)
            if (version.Version == number) return version;
        return null;
    }
}
