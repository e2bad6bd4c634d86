using System.Text.Json;
using System.Text.RegularExpressions;
using Google.Protobuf;
using MlSql.Engines.Spark.Connect.Protocol;

namespace MlSql.UnitTests.Spark.Connect;

/// <summary>A recorded call between Spark's own client and a server of 4.3.</summary>
internal sealed record Recording(string Name, string Method, IReadOnlyList<byte[]> Requests, IReadOnlyList<byte[]> Responses, RecordedError? Error)
{
    /// <summary>The session of all recordings.</summary>
    public const string Session = "6d6c7371-6c00-4000-8000-000000249006";

    public static IReadOnlyList<Recording> Of(string scenario) =>
        [.. Directory.GetFiles(TestData.Shared("spark-protocol", "connect"), "*.json").Where(f => FitsPattern(Path.GetFileName(f), scenario)).Order(StringComparer.Ordinal).Select(Read)];

    // A beginning of the name, with [ab] for either letter and a star for the rest.
    private static bool FitsPattern(string name, string scenario) => Regex.IsMatch(name, "^" + scenario.Replace(".", "\\.", StringComparison.Ordinal).Replace("*", ".*", StringComparison.Ordinal));

    /// <summary>Sends what was recorded.</summary>
    public async Task PlayAsync(ServerCall call)
    {
        Assert.That(call.Method, Is.EqualTo(Method), $"{Name} is due");
        foreach (byte[] response in Responses) await call.SendAsync(ServerCall.Frame(response));
        await call.EndAsync(Error?.Status ?? 0, Error?.Message, Error?.Details);
    }

    public static MessageParser RequestParser(string method) => method switch
    {
        "ExecutePlan" => ExecutePlanRequest.Parser,
        "AnalyzePlan" => AnalyzePlanRequest.Parser,
        "Config" => ConfigRequest.Parser,
        "AddArtifacts" => AddArtifactsRequest.Parser,
        "ArtifactStatus" => ArtifactStatusesRequest.Parser,
        "Interrupt" => InterruptRequest.Parser,
        "ReattachExecute" => ReattachExecuteRequest.Parser,
        "ReleaseExecute" => ReleaseExecuteRequest.Parser,
        "ReleaseSession" => ReleaseSessionRequest.Parser,
        "FetchErrorDetails" => FetchErrorDetailsRequest.Parser,
        "CloneSession" => CloneSessionRequest.Parser,
        "GetStatus" => GetStatusRequest.Parser,
        _ => throw new ArgumentException(method),
    };

    public static MessageParser ResponseParser(string method) => method switch
    {
        "ExecutePlan" or "ReattachExecute" => ExecutePlanResponse.Parser,
        "AnalyzePlan" => AnalyzePlanResponse.Parser,
        "Config" => ConfigResponse.Parser,
        "AddArtifacts" => AddArtifactsResponse.Parser,
        "ArtifactStatus" => ArtifactStatusesResponse.Parser,
        "Interrupt" => InterruptResponse.Parser,
        "ReleaseExecute" => ReleaseExecuteResponse.Parser,
        "ReleaseSession" => ReleaseSessionResponse.Parser,
        "FetchErrorDetails" => FetchErrorDetailsResponse.Parser,
        "CloneSession" => CloneSessionResponse.Parser,
        "GetStatus" => GetStatusResponse.Parser,
        _ => throw new ArgumentException(method),
    };

    private static Recording Read(string json)
    {
        string stem = json[..^".json".Length];
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(json));
        RecordedError? error = null;
        if (document.RootElement.TryGetProperty("error", out JsonElement e) && e.ValueKind == JsonValueKind.Object)
        {
            string? details = e.TryGetProperty("trailers", out JsonElement trailers) && trailers.TryGetProperty("grpc-status-details-bin", out JsonElement bin) ? bin.GetString() : null;
            error = new RecordedError(e.GetProperty("grpc_status").GetInt32(), e.GetProperty("grpc_message").GetString()!, MlSql.Engines.Spark.Connect.Transport.ResponseStatus.Bytes(details));
        }
        return new Recording(Path.GetFileName(stem), document.RootElement.GetProperty("method").GetString()!.Split('/')[^1], Frames(stem + ".req.grpc"), Frames(stem + ".resp.grpc"), error);
    }

    private static List<byte[]> Frames(string path) => File.Exists(path) ? ServerCall.Frames(File.ReadAllBytes(path)) : [];
}

internal sealed record RecordedError(int Status, string Message, byte[]? Details);
