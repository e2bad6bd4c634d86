using System.Collections.Immutable;
using System.Text.Json;

namespace MlSql.Models.Store.Manifests;

/// <summary>
/// All of a model that can change, in one file (model.json), so that every change is one rename: its name, which of its versions count, the default and the aliases.
/// A head without versions is that of a model being made or being dropped: for readers there is no such model.
/// </summary>
internal sealed record ModelHead(string Folder, string Id, string Name)
{
    public const string FileName = "model.json";
    private const string Kind = "model";
    private const int KeptDefaults = 100;

    /// <summary>The highest number ever given to a version.</summary>
    public int LastVersion { get; init; }

    public ImmutableSortedSet<int> Versions { get; init; } = [];

    /// <summary>Versions that were the default, the present one last.</summary>
    public ImmutableList<int> Defaults { get; init; } = [];

    public ImmutableSortedDictionary<string, int> Aliases { get; init; } = ImmutableSortedDictionary<string, int>.Empty.WithComparers(StringComparer.OrdinalIgnoreCase);

    public string? Comment { get; init; }

    public int Default => Defaults[^1];

    public int? PreviousDefault => Defaults.Count > 1 ? Defaults[^2] : null;

    public ModelHead WithVersion(int version, bool makeDefault)
    {
        ModelHead head = this with { LastVersion = version, Versions = Versions.Add(version) };
        return makeDefault || Defaults.IsEmpty ? head.WithDefault(version) : head;
    }

    public ModelHead WithDefault(int version)
    {
        if (!Defaults.IsEmpty && Default == version) return this;
        ImmutableList<int> kept = Defaults.Count < KeptDefaults ? Defaults : Defaults.RemoveAt(0);
        return this with { Defaults = kept.Add(version) };
    }

    public ModelHead WithoutVersion(int version)
    {
        var kept = ImmutableList.CreateBuilder<int>();
        foreach (int earlier in Defaults)
            if (earlier != version && (kept.Count == 0 || kept[^1] != earlier)) kept.Add(earlier);
        return this with { Versions = Versions.Remove(version), Defaults = kept.ToImmutable() };
    }

    public byte[] ToBytes() => HashedJson.Write(Kind, json =>
    {
        json.WriteString("name", Name);
        json.WriteString("folder", Folder);
        json.WriteString("id", Id);
        json.WriteNumber("last_version", LastVersion);
        WriteNumbers(json, "versions", Versions);
        WriteNumbers(json, "defaults", Defaults);
        json.WriteStartObject("aliases");
        foreach ((string alias, int version) in Aliases) json.WriteNumber(alias, version);
        json.WriteEndObject();
        json.WriteString("comment", Comment);
    });

    public static ModelHead Parse(byte[] bytes, string folder, string path)
    {
        ModelHead head = HashedJson.Read(bytes, Kind, path, Read);
        if (head.Folder != folder) throw ModelErrors.Damaged(path, $"it belongs into the folder {head.Folder}");
        bool whole = head.Versions.IsEmpty || !head.Defaults.IsEmpty && head.Defaults.TrueForAll(head.Versions.Contains) && head.Aliases.Values.All(head.Versions.Contains);
        return whole ? head : throw ModelErrors.Damaged(path, "it points to versions that it does not list");
    }

    private static ModelHead Read(JsonElement json)
    {
        var aliases = ImmutableSortedDictionary.CreateBuilder<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (JsonProperty alias in json.GetProperty("aliases").EnumerateObject()) aliases[alias.Name] = alias.Value.GetInt32();
        return new(json.GetProperty("folder").GetString()!, json.GetProperty("id").GetString()!, json.GetProperty("name").GetString()!)
        {
            LastVersion = json.GetProperty("last_version").GetInt32(),
            Versions = [.. ReadNumbers(json.GetProperty("versions"))],
            Defaults = [.. ReadNumbers(json.GetProperty("defaults"))],
            Aliases = aliases.ToImmutable(),
            Comment = json.GetProperty("comment").GetString(),
        };
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<int> numbers)
    {
        json.WriteStartArray(name);
        foreach (int number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static IEnumerable<int> ReadNumbers(JsonElement numbers) => numbers.EnumerateArray().Select(number => number.GetInt32());
}
