using System.Net.Sockets;

namespace MlSql.Engines.Spark.Connect.Transport;

/// <summary>A call that did not end well. Never leaves the client: <see cref="Errors.SparkErrors"/> turns it into what users see.</summary>
/// <param name="status">gRPC's number; for what a server did not say itself, the nearest one.</param>
/// <param name="message">The server's text, decoded, or ours.</param>
/// <param name="origin">Who says so.</param>
/// <param name="details">The bytes of a google.rpc.Status, or null.</param>
/// <param name="inner">What the platform threw, or null.</param>
internal sealed class GrpcException(GrpcStatus status, string message, GrpcOrigin origin, byte[]? details = null, Exception? inner = null) : Exception(message, inner)
{
    public GrpcStatus Status { get; } = status;

    public GrpcOrigin Origin { get; } = origin;

    public byte[]? Details { get; } = details;

    /// <summary>True where nothing listens at the server's address.</summary>
    public bool Refused
    {
        get
        {
            for (Exception? e = InnerException; e is not null; e = e.InnerException)
                if (e is SocketException { SocketErrorCode: SocketError.ConnectionRefused }) return true;
            return false;
        }
    }
}
