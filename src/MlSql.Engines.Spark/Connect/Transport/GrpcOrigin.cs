namespace MlSql.Engines.Spark.Connect.Transport;

/// <summary>Who says that a call failed.</summary>
internal enum GrpcOrigin
{
    /// <summary>The server, in a status of its own.</summary>
    Server,

    /// <summary>The connection: refused, cut, reset, or silent.</summary>
    Connection,

    /// <summary>The TLS handshake.</summary>
    Tls,

    /// <summary>We: what came is not what the protocol allows.</summary>
    Protocol,
}
