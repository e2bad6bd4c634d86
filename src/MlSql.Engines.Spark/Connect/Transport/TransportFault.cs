namespace MlSql.Engines.Spark.Connect.Transport;

/// <summary>Says in gRPC's terms what the platform throws while a call runs.</summary>
internal static class TransportFault
{
    /// <summary>HTTP/2 error codes, RFC 9113 section 7.</summary>
    private const long RefusedStream = 7, Cancel = 8, EnhanceYourCalm = 11, InadequateSecurity = 12, Http11Required = 13;

    public static bool IsOne(Exception e) => e is HttpRequestException or IOException;

    /// <summary>The exception to throw in place of <paramref name="e"/>; <paramref name="hadDeadline"/> when the call told the server how long it may take.</summary>
    public static GrpcException Of(Exception e, bool hadDeadline)
    {
        if (Find<HttpProtocolException>(e) is { } http2)
        {
            switch (http2.ErrorCode)
            {
                // What the server's own deadline looks like: it resets the stream and sends no status.
                case Cancel when hadDeadline: return new(GrpcStatus.DeadlineExceeded, "The server gave the call up at its deadline", GrpcOrigin.Connection, null, e);
                case Cancel: return new(GrpcStatus.Cancelled, "The server reset the call", GrpcOrigin.Connection, null, e);
                case RefusedStream: return new(GrpcStatus.Unavailable, "The server refuses calls", GrpcOrigin.Connection, null, e);
                case EnhanceYourCalm: return new(GrpcStatus.ResourceExhausted, "The server says that we ask too often", GrpcOrigin.Connection, null, e);
                case Http11Required: return NotHttp2(e);
                case InadequateSecurity: return new(GrpcStatus.PermissionDenied, "The server refuses the kind of TLS", GrpcOrigin.Tls, null, e);
            }
        }
        HttpRequestError kind = Find<HttpRequestException>(e)?.HttpRequestError ?? Find<HttpIOException>(e)?.HttpRequestError ?? HttpRequestError.Unknown;
        return kind switch
        {
            HttpRequestError.SecureConnectionError => new(GrpcStatus.Internal, Deepest(e), GrpcOrigin.Tls, null, e),
            HttpRequestError.VersionNegotiationError or HttpRequestError.InvalidResponse => NotHttp2(e),
            HttpRequestError.ConfigurationLimitExceeded => new(GrpcStatus.ResourceExhausted, Deepest(e), GrpcOrigin.Protocol, null, e),
            HttpRequestError.Unknown when e is HttpRequestException { InnerException: null } => new(GrpcStatus.Internal, e.Message, GrpcOrigin.Protocol, null, e),
            _ => new(GrpcStatus.Unavailable, Deepest(e), GrpcOrigin.Connection, null, e),
        };
    }

    private static GrpcException NotHttp2(Exception e) => new(GrpcStatus.Internal, "What listens there does not speak HTTP/2", GrpcOrigin.Protocol, null, e);

    private static T? Find<T>(Exception? e) where T : Exception
    {
        for (; e is not null; e = e.InnerException)
            if (e is T found) return found;
        return null;
    }

    private static string Deepest(Exception e)
    {
        while (e.InnerException is { } inner) e = inner;
        return e.Message;
    }
}
