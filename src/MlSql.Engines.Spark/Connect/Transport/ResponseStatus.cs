using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace MlSql.Engines.Spark.Connect.Transport;

/// <summary>Reads how a call ended out of its headers and trailers.</summary>
internal static class ResponseStatus
{
    /// <summary>True when the headers already hold the status: an error before any message, or a stream that is empty.</summary>
    public static bool IsTrailersOnly(HttpResponseMessage response) => response.Headers.Contains("grpc-status");

    /// <summary>Throws when the answer is not gRPC's at all.</summary>
    public static void CheckHttp(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            string code = string.Create(CultureInfo.InvariantCulture, $"HTTP status {(int)response.StatusCode}");
            throw response.StatusCode switch
            {
                HttpStatusCode.Unauthorized => new(GrpcStatus.Unauthenticated, code, GrpcOrigin.Server),
                HttpStatusCode.Forbidden => new(GrpcStatus.PermissionDenied, code, GrpcOrigin.Server),
                HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => new(GrpcStatus.Unavailable, code, GrpcOrigin.Connection),
                HttpStatusCode.RequestHeaderFieldsTooLarge => new(GrpcStatus.ResourceExhausted, $"{code}: the headers of the call are larger than the server takes", GrpcOrigin.Server),
                _ => new GrpcException(GrpcStatus.Internal, $"{code} in place of an answer of Spark Connect", GrpcOrigin.Protocol),
            };
        }
        if (response.Content.Headers.ContentType?.MediaType is { } type && !type.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase))
            throw new GrpcException(GrpcStatus.Internal, $"An answer of the type {type} in place of gRPC", GrpcOrigin.Protocol);
    }

    /// <summary>Throws unless the headers or trailers say that all went well.</summary>
    public static void Check(HttpResponseHeaders headers)
    {
        // A stream that just stops, without trailers, was cut by something between the server and us.
        string text = Value(headers, "grpc-status") ?? throw new GrpcException(GrpcStatus.Unavailable, "The answer ended without a status", GrpcOrigin.Connection);
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int status)) throw new GrpcException(GrpcStatus.Internal, "The answer's status is not a number", GrpcOrigin.Protocol);
        if (status == 0) return;
        throw new GrpcException((GrpcStatus)status, Uri.UnescapeDataString(Value(headers, "grpc-message") ?? ""), GrpcOrigin.Server, Bytes(Value(headers, "grpc-status-details-bin")));
    }

    /// <summary>The bytes of unpadded base64; null when they are not base64: the message alone must do then.</summary>
    public static byte[]? Bytes(string? text)
    {
        if (text is null) return null;
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text + new string('=', (4 - text.Length % 4) % 4), bytes, out int count) ? bytes[..count] : null;
    }

    private static string? Value(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out IEnumerable<string>? values) ? values.First() : null;
}
