using System.Collections.Immutable;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using MlSql.Engines.Spark.Connect.Protocol;
using MlSql.Engines.Spark.Connect.Transport;

namespace MlSql.Engines.Spark.Connect.Errors;

/// <summary>What the server tells of an error, first with the call that failed, then in full.</summary>
internal sealed record ServerError
{
    private const string TypePrefix = "type.googleapis.com/google.rpc.";

    public string Text { get; init; } = "";

    /// <summary>The exception's Java class and those above it; empty when the server left them out.</summary>
    public ImmutableArray<string> JavaClasses { get; init; } = [];

    public string? ErrorClass { get; init; }

    public string? SqlState { get; init; }

    public string? ErrorId { get; init; }

    public ImmutableDictionary<string, string> Parameters { get; init; } = ImmutableDictionary<string, string>.Empty;

    public ImmutableArray<QueryContext> Contexts { get; init; } = [];

    /// <summary>How long the server asks to wait before trying again, or null when it does not ask.</summary>
    public TimeSpan? RetryDelay { get; init; }

    /// <summary>Reads what came with the status.</summary>
    public static ServerError Of(GrpcException e)
    {
        var error = new ServerError { Text = e.Message };
        if (e.Details is null) return error;
        try
        {
            Status status = Status.Parser.ParseFrom(e.Details);
            if (status.Message.Length > 0) error = error with { Text = status.Message };
            foreach (Any detail in status.Details) error = error.With(detail);
        }
        catch (InvalidProtocolBufferException)
        {
            // The message stands without its details.
        }
        return error;
    }

    /// <summary>This error with what the server answers when it is asked for all of it.</summary>
    public ServerError With(FetchErrorDetailsResponse full)
    {
        if (!full.HasRootErrorIdx || full.RootErrorIdx < 0 || full.RootErrorIdx >= full.Errors.Count) return this;
        FetchErrorDetailsResponse.Types.Error root = full.Errors[full.RootErrorIdx];
        ServerError error = this with
        {
            Text = root.Message.Length > 0 ? root.Message : Text,
            JavaClasses = root.ErrorTypeHierarchy.Count > 0 ? [.. root.ErrorTypeHierarchy] : JavaClasses,
        };
        // A job's failure often wraps the error that has the class.
        FetchErrorDetailsResponse.Types.Error named = root;
        for (int steps = 0; steps < full.Errors.Count && !(named.SparkThrowable?.HasErrorClass ?? false); steps++)
        {
            if (!named.HasCauseIdx || named.CauseIdx < 0 || named.CauseIdx >= full.Errors.Count) break;
            named = full.Errors[named.CauseIdx];
        }
        if (named.SparkThrowable is not { } spark) return error;
        return error with
        {
            ErrorClass = spark.HasErrorClass ? spark.ErrorClass : error.ErrorClass,
            SqlState = spark.HasSqlState ? spark.SqlState : error.SqlState,
            Parameters = spark.MessageParameters.ToImmutableDictionary(),
            Contexts = [.. spark.QueryContexts.Select(c => new QueryContext(c.ObjectType, c.ObjectName, c.StartIndex, c.StopIndex, c.Fragment))],
        };
    }

    private ServerError With(Any detail)
    {
        if (detail.TypeUrl == TypePrefix + "RetryInfo") return this with { RetryDelay = Delay(RetryInfo.Parser.ParseFrom(detail.Value).RetryDelay) };
        if (detail.TypeUrl != TypePrefix + "ErrorInfo") return this;
        ErrorInfo info = ErrorInfo.Parser.ParseFrom(detail.Value);
        string? Value(string key) => info.Metadata.TryGetValue(key, out string? value) && value.Length > 0 ? value : null;
        ImmutableArray<string> classes = Json<string[]>(Value("classes"), ErrorJson.Default.StringArray) is { } names ? [.. names] : [];
        return this with
        {
            JavaClasses = classes.IsEmpty && info.Reason.Length > 0 ? [info.Reason] : classes,
            ErrorClass = Value("errorClass"),
            SqlState = Value("sqlState"),
            ErrorId = Value("errorId"),
            Parameters = Json(Value("messageParameters"), ErrorJson.Default.DictionaryStringString)?.ToImmutableDictionary() ?? Parameters,
        };
    }

    private static T? Json<T>(string? text, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize(text, type);
        }
        catch (JsonException)
        {
            // Cut off by the server's limit for headers; the full error has it.
            return null;
        }
    }

    private static TimeSpan Delay(Duration? delay) => delay is null ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Clamp(delay.Seconds + delay.Nanos / 1e9, 0, 86_400));
}
