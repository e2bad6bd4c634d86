using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace MlSql.Engines.Spark.Connect;

/// <summary>
/// Where a Spark Connect server is and how to enter it: <c>sc://host[:port][/[;key=value]*]</c>. No record, so that nothing prints the token.
/// </summary>
internal sealed class ConnectionString
{
    public const int DefaultPort = 15002;

    /// <summary>A name or an address; IPv6 without its brackets.</summary>
    public required string Host { get; init; }

    public int Port { get; init; } = DefaultPort;

    /// <summary>Whom the session belongs to; may be empty.</summary>
    public string UserId { get; init; } = "";

    /// <summary>A session that others share, or null for a new one of our own.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>The server's shared secret, or null.</summary>
    public string? Token { get; init; }

    public bool UseTls { get; init; }

    /// <summary>What the caller adds to the name of the client, or null.</summary>
    public string? UserAgent { get; init; }

    public KeepAlive KeepAlive { get; init; } = KeepAlive.Default;

    /// <summary>Parameters that are not ours: sent with each call.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>True when the server is on this machine, by its name or a literal address.</summary>
    public bool IsLoopback => IsLoopbackHost(Host);

    /// <summary>The address that calls are posted to.</summary>
    public Uri Address => new UriBuilder(UseTls ? Uri.UriSchemeHttps : Uri.UriSchemeHttp, Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host, Port).Uri;

    /// <summary>Host and port, as messages name the server.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"sc://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");

    /// <summary>Reads a connection string; what it leaves open comes from <paramref name="environment"/> (null for the process's own). Throws <see cref="Errors.SparkException"/> MLS6210.</summary>
    public static ConnectionString Parse(string text, Func<string, string?>? environment = null) => ConnectionStringReader.Read(text, environment ?? Environment.GetEnvironmentVariable);

    public static bool IsLoopbackHost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));
}
