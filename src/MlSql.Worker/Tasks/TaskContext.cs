using System.Text.Json;

namespace MlSql.Worker.Tasks;

/// <summary>What the engine says about a task beside its data.</summary>
internal sealed record TaskContext
{
    private const string PythonProperty = "spark.mlsql.python";

    public bool IsBarrier { get; init; }

    /// <summary>Where the tasks of a barrier stage meet: a port of this machine, or null.</summary>
    public int? BarrierPort { get; init; }

    /// <summary>Where the tasks of a barrier stage meet: a socket's file, or null.</summary>
    public string? BarrierPath { get; init; }

    public string? Secret { get; init; }

    public int Stage { get; init; }

    public int Attempt { get; init; }

    /// <summary>The Python that the session's functions had before this program took its place; null where the client did not say.</summary>
    public string? Python { get; init; }

    /// <summary>Reads the form that the engine has from 4.2 on. Throws <see cref="Columnar.CodedException"/> MLS4303.</summary>
    public static TaskContext ReadJson(ReadOnlySpan<byte> json)
    {
        try
        {
            return ReadObject(json);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw WorkerErrors.Malformed($"the task's context is not the JSON that is expected: {e.Message}", e);
        }
    }

    private static TaskContext ReadObject(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("no object");
        TaskContext context = new();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("isBarrier"u8)) context = Next(ref reader) == JsonTokenType.True ? context with { IsBarrier = true } : context;
            else if (reader.ValueTextEquals("connInfo"u8)) context = ReadMeetingPlace(ref reader, context);
            else if (reader.ValueTextEquals("secret"u8)) context = Next(ref reader) == JsonTokenType.Null ? context : context with { Secret = reader.GetString() };
            else if (reader.ValueTextEquals("stageId"u8)) context = Next(ref reader) == JsonTokenType.Null ? context : context with { Stage = reader.GetInt32() };
            else if (reader.ValueTextEquals("attemptNumber"u8)) context = Next(ref reader) == JsonTokenType.Null ? context : context with { Attempt = reader.GetInt32() };
            else if (reader.ValueTextEquals("localProperties"u8)) context = ReadProperties(ref reader, context);
            else reader.Skip();
        }
        return context;
    }

    private static JsonTokenType Next(ref Utf8JsonReader reader) => reader.Read() ? reader.TokenType : throw new JsonException("it ends early");

    private static TaskContext ReadMeetingPlace(ref Utf8JsonReader reader, TaskContext context) => Next(ref reader) switch
    {
        JsonTokenType.String => context with { BarrierPath = reader.GetString() },
        JsonTokenType.Number when reader.GetInt32() is > 0 and <= 65_535 and var port => context with { BarrierPort = port },
        JsonTokenType.Number or JsonTokenType.Null => context,
        var other => throw new JsonException($"connInfo is {other}"),
    };

    private static TaskContext ReadProperties(ref Utf8JsonReader reader, TaskContext context)
    {
        if (Next(ref reader) != JsonTokenType.StartObject) throw new JsonException("localProperties is no object");
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            bool wanted = reader.ValueTextEquals(PythonProperty);
            if (!wanted) reader.Skip();
            else if (Next(ref reader) == JsonTokenType.String) context = context with { Python = reader.GetString() };
        }
        return context;
    }
}
