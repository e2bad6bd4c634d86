using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using MlSql.Columnar;
using MlSql.Language;
using MlSql.Language.Statements;
using MlSql.Models.Store;
using MlSql.Planning;

namespace MlSql;

/// <summary>mlsql.models, mlsql.versions, mlsql.aliases and mlsql.metrics: what the store holds, as tables. They are made new for each statement that names them.</summary>
internal static class SystemTables
{
    private static readonly DataType Text = new StringType();
    private static readonly DataType Whole = new IntegerType(64, true);
    private static readonly DataType Time = new TimestampType(TimeUnit.Microsecond, Zoned: true);

    private static readonly Schema Models = new(
    [
        new("name", Text), new("default_version", Whole), new("versions", Whole), new("estimator", Text), new("label", Text), new("comment", Text), new("created_at", Time), new("updated_at", Time),
    ]);

    private static readonly Schema Versions = new(
    [
        new("model", Text), new("version", Whole), new("is_default", new BooleanType()), new("aliases", new ListType(Text)), new("estimator", Text), new("options", Text), new("seed", Whole),
        new("label_type", Text), new("train_rows", Whole), new("eval_rows", Whole), new("test_rows", Whole), new("dropped_rows", Whole), new("iterations", Whole),
        new("duration_ms", new FloatType(64)), new("content_hash", Text), new("data_fingerprint", Text), new("engine", Text), new("mlsql_version", Text), new("created_at", Time),
        new("comment", Text), new("statement", Text),
    ]);

    private static readonly Schema Aliases = new([new("model", Text), new("alias", Text), new("version", Whole)]);

    private static readonly Schema Metrics = new([new("model", Text), new("version", Whole), new("split", Text), new("metric", Text), new("value", new FloatType(64))]);

    /// <summary>True when the statement may read one of the tables.</summary>
    public static bool AreAskedFor(ParseResult parsed) => parsed.Statement switch
    {
        ShowModelsStatement or ShowVersionsStatement or ShowCreateModelStatement => true,
        { } statement => parsed.Source.AsSpan(statement.Span.Start, statement.Span.Length).Contains("mlsql", StringComparison.OrdinalIgnoreCase),
        null => false,
    };

    /// <summary>Shows the tables to the engine.</summary>
    public static async Task PublishAsync(IEngine engine, StoreSnapshot snapshot, CancellationToken cancel)
    {
        await engine.PublishAsync("models", Models, [.. snapshot.Models.Select(Model)], cancel).ConfigureAwait(false);
        await engine.PublishAsync("versions", Versions, [.. snapshot.Models.SelectMany(m => m.Versions.Select(v => Version(m, v)))], cancel).ConfigureAwait(false);
        await engine.PublishAsync("aliases", Aliases, [.. snapshot.Models.SelectMany(m => m.Aliases.Select(a => Row(m.Name, a.Key, a.Value)))], cancel).ConfigureAwait(false);
        await engine.PublishAsync("metrics", Metrics, [.. snapshot.Models.SelectMany(m => m.Versions).SelectMany(v => v.Details.Metrics.Select(x => Row(v.ModelName, v.Version, x.Split, x.Metric, x.Value)))], cancel).ConfigureAwait(false);
    }

    private static ImmutableArray<object?> Model(StoredModel model)
    {
        var first = model.Versions.FirstOrDefault();
        var current = model.Version(model.DefaultVersion);
        return Row(model.Name, model.DefaultVersion, model.Versions.Length, current?.Details.Estimator, current?.Details.Label, model.Comment ?? current?.Details.Comment, Stamp(first), Stamp(model.Versions.LastOrDefault()));
    }

    private static ImmutableArray<object?> Version(StoredModel model, StoredVersion version)
    {
        var details = version.Details;
        return Row(
            model.Name, version.Version, version.Version == model.DefaultVersion, model.Aliases.Where(a => a.Value == version.Version).Select(a => a.Key).ToList(), details.Estimator,
            JsonSerializer.Serialize(details.Options.Values, SystemTablesJson.Default.ImmutableSortedDictionaryStringString), details.Seed, details.LabelType,
            details.Rows.Train, details.Rows.Eval, details.Rows.Test, details.Rows.Dropped, details.Iterations is [.., var last] ? last.Iteration : 0, details.Duration.TotalMilliseconds,
            version.ContentHash, details.DataFingerprint, $"{details.Engine} {details.EngineVersion}", details.MlSqlVersion, Stamp(version), details.Comment, Statement(model, details.Statement));
    }

    // The statement as it makes a version of this model today: an ALTER may have renamed it since.
    private static string? Statement(StoredModel model, string? statement)
    {
        if (statement is null) return null;
        int end = statement.IndexOf('\n', StringComparison.Ordinal);
        string name = SqlQuote.Identifier(model.Name), verb = end < 0 ? statement : statement[..end];
        if (verb.EndsWith(' ' + model.Name, StringComparison.Ordinal) || verb.EndsWith(' ' + name, StringComparison.Ordinal)) return statement;
        return Parser.ParseScript(statement).First().Statement is TrainStatement train && train.Model.Text != model.Name
            ? statement[..train.Model.Span.Start] + name + statement[train.Model.Span.End..]
            : statement;
    }

    private static string? Stamp(StoredVersion? version) => version?.Details.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff'+00'", CultureInfo.InvariantCulture);

    private static ImmutableArray<object?> Row(params object?[] values) => [.. values];
}

[System.Text.Json.Serialization.JsonSerializable(typeof(ImmutableSortedDictionary<string, string>))]
internal sealed partial class SystemTablesJson : System.Text.Json.Serialization.JsonSerializerContext;
