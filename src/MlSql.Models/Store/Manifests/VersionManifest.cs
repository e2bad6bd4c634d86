using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using MlSql.Models.Estimators;

namespace MlSql.Models.Store.Manifests;

/// <summary>The file of one version (number.json), which never changes once it is claimed. <paramref name="ModelId"/> says to whose model it belongs.</summary>
internal sealed record VersionManifest(string ModelId, int Version, string ContentHash, long BlobSize, VersionDetails Details)
{
    private const string Kind = "version";
    private const string Extension = ".json";

    public static string FileName(int version) => version.ToString(CultureInfo.InvariantCulture) + Extension;

    /// <summary>The version of a file name, or null for any other file.</summary>
    public static int? VersionOf(string fileName) =>
        fileName.EndsWith(Extension, StringComparison.Ordinal) && int.TryParse(fileName.AsSpan(0, fileName.Length - Extension.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int version) ? version : null;

    public byte[] ToBytes() => HashedJson.Write(Kind, json =>
    {
        json.WriteString("model_id", ModelId);
        json.WriteNumber("version", Version);
        json.WriteString("content_hash", ContentHash);
        json.WriteNumber("blob_size", BlobSize);
        WriteDetails(json, Details);
    });

    public static VersionManifest Parse(byte[] bytes, string modelId, int version, string path)
    {
        VersionManifest manifest = HashedJson.Read(bytes, Kind, path, Read);
        return manifest.ModelId == modelId && manifest.Version == version
            ? manifest
            : throw ModelErrors.Damaged(path, $"it is the file of version {manifest.Version} of {(manifest.ModelId == modelId ? "this model" : "another model")}");
    }

    private static VersionManifest Read(JsonElement json) => new(
        json.GetProperty("model_id").GetString()!,
        json.GetProperty("version").GetInt32(),
        json.GetProperty("content_hash").GetString() is { Length: 64 } hash && hash.All(char.IsAsciiHexDigitLower) ? hash : throw new FormatException("content_hash is no SHA-256"),
        json.GetProperty("blob_size").GetInt64(),
        ReadDetails(json));

    private static void WriteDetails(Utf8JsonWriter json, VersionDetails details)
    {
        json.WriteString("estimator", details.Estimator);
        json.WriteStartObject("options");
        foreach ((string name, string value) in details.Options.Values) json.WriteString(name, value);
        json.WriteEndObject();
        json.WriteNumber("seed", details.Seed);
        json.WriteString("statement", details.Statement);
        json.WriteString("label", details.Label);
        json.WriteString("label_type", details.LabelType);
        json.WriteStartObject("rows");
        json.WriteNumber("train", details.Rows.Train);
        json.WriteNumber("eval", details.Rows.Eval);
        json.WriteNumber("test", details.Rows.Test);
        json.WriteNumber("dropped", details.Rows.Dropped);
        json.WriteEndObject();
        json.WriteString("data_fingerprint", details.DataFingerprint);
        WriteAll(json, "features", details.Features, feature =>
        {
            json.WriteString("input", feature.Input);
            JsonReal.Write(json, "min", feature.Min);
            JsonReal.Write(json, "max", feature.Max);
            JsonReal.Write(json, "mean", feature.Mean);
            JsonReal.Write(json, "median", feature.Median);
            JsonReal.Write(json, "deviation", feature.Deviation);
            JsonReal.Write(json, "categories", feature.Categories);
            json.WriteNumber("nulls", feature.Nulls);
            JsonReal.Write(json, "dimension", feature.Dimension);
        });
        WriteAll(json, "metrics", details.Metrics, metric =>
        {
            json.WriteString("split", metric.Split);
            json.WriteString("metric", metric.Metric);
            JsonReal.Write(json, "value", metric.Value);
        });
        WriteAll(json, "iterations", details.Iterations, iteration =>
        {
            json.WriteNumber("iteration", iteration.Iteration);
            JsonReal.Write(json, "loss", iteration.Loss);
            JsonReal.Write(json, "eval_loss", iteration.EvalLoss);
            JsonReal.Write(json, "milliseconds", iteration.Milliseconds);
        });
        if (details.Stopping is { } stopping)
        {
            json.WriteNumber("best_iteration", stopping.BestIteration);
            json.WriteBoolean("stopped_early", stopping.Early);
        }
        WriteAll(json, "warnings", details.Warnings, warning =>
        {
            json.WriteString("code", warning.Code);
            json.WriteString("message", warning.Message);
        });
        json.WriteString("engine", details.Engine);
        json.WriteString("engine_version", details.EngineVersion);
        json.WriteString("mlsql_version", details.MlSqlVersion);
        json.WriteString("created_at", details.CreatedAt.UtcDateTime);
        json.WriteNumber("duration_ticks", details.Duration.Ticks);
        json.WriteString("comment", details.Comment);
    }

    private static VersionDetails ReadDetails(JsonElement json)
    {
        JsonElement rows = json.GetProperty("rows");
        return new()
        {
            Estimator = json.GetProperty("estimator").GetString()!,
            Options = new OptionValues(json.GetProperty("options").EnumerateObject().ToImmutableSortedDictionary(option => option.Name, option => option.Value.GetString()!, StringComparer.Ordinal)),
            Seed = json.GetProperty("seed").GetInt64(),
            Statement = json.GetProperty("statement").GetString()!,
            Label = json.GetProperty("label").GetString()!,
            LabelType = json.GetProperty("label_type").GetString()!,
            Rows = new(rows.GetProperty("train").GetInt64(), rows.GetProperty("eval").GetInt64(), rows.GetProperty("test").GetInt64(), rows.GetProperty("dropped").GetInt64()),
            DataFingerprint = json.GetProperty("data_fingerprint").GetString()!,
            Features = ReadAll(json, "features", f => new FeatureStatistics(
                f.GetProperty("input").GetString()!, Real(f, "min"), Real(f, "max"), Real(f, "mean"), Real(f, "median"), Real(f, "deviation"), (long?)Real(f, "categories"), f.GetProperty("nulls").GetInt64(), (long?)Real(f, "dimension"))),
            Metrics = ReadAll(json, "metrics", m => new VersionMetric(m.GetProperty("split").GetString()!, m.GetProperty("metric").GetString()!, JsonReal.ReadOrNull(m.GetProperty("value")))),
            Iterations = ReadAll(json, "iterations", i => new VersionIteration(
                i.GetProperty("iteration").GetInt32(), JsonReal.Read(i.GetProperty("loss")), JsonReal.ReadOrNull(i.GetProperty("eval_loss")), JsonReal.Read(i.GetProperty("milliseconds")))),
            Stopping = json.TryGetProperty("best_iteration", out JsonElement best) ? new(best.GetInt32(), json.GetProperty("stopped_early").GetBoolean()) : null,
            Warnings = ReadAll(json, "warnings", w => new VersionWarning(w.GetProperty("code").GetString()!, w.GetProperty("message").GetString()!)),
            Engine = json.GetProperty("engine").GetString()!,
            EngineVersion = json.GetProperty("engine_version").GetString()!,
            MlSqlVersion = json.GetProperty("mlsql_version").GetString()!,
            CreatedAt = json.GetProperty("created_at").GetDateTimeOffset(),
            Duration = TimeSpan.FromTicks(json.GetProperty("duration_ticks").GetInt64()),
            Comment = json.GetProperty("comment").GetString(),
        };
    }

    private static double? Real(JsonElement json, string name) => JsonReal.ReadOrNull(json.GetProperty(name));

    private static void WriteAll<T>(Utf8JsonWriter json, string name, ImmutableArray<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static ImmutableArray<T> ReadAll<T>(JsonElement json, string name, Func<JsonElement, T> read) => [.. json.GetProperty(name).EnumerateArray().Select(read)];
}
