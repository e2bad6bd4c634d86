using System.Globalization;
using MlSql.Engines.Spark.Connect.Errors;

namespace MlSql.Engines.Spark.Connect;

/// <summary>Reads <c>sc://host[:port][/[;key=value]*]</c>. Messages never repeat a value, which may be a secret.</summary>
internal static class ConnectionStringReader
{
    private const string Scheme = "sc://";
    private const string Form = "write sc://host:port/;key=value;…, for example sc://localhost:15002";
    private const int LongestUserAgent = 2048;

    // What the protocol itself sets; a parameter must not change it.
    private static readonly string[] OwnHeaders = ["te", "host", "connection", "transfer-encoding", "upgrade", "user-agent"];

    public static ConnectionString Read(string text, Func<string, string?> environment)
    {
        if (!text.StartsWith(Scheme, StringComparison.Ordinal)) throw Invalid("The connection string does not begin with sc://", Form);
        string rest = text[Scheme.Length..];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        (string authority, string path) = slash < 0 ? (rest, "") : (rest[..slash], rest[(slash + 1)..]);
        if (authority.Contains(';', StringComparison.Ordinal)) throw Invalid("The connection string has parameters without a slash before them", "write /; between the port and the first parameter");
        if (path.Length > 0 && path[0] != ';') throw Invalid("The connection string has a path", "only parameters may follow the slash: /;key=value");
        (string host, int port) = Authority(authority);
        return Read(host, port, Parameters(path), environment);
    }

    private static ConnectionString Read(string host, int port, Dictionary<string, string> parameters, Func<string, string?> environment)
    {
        string? Take(string key) => parameters.Remove(key, out string? value) ? value : null;

        string? token = NotEmpty(Take("token")) ?? NotEmpty(environment("SPARK_CONNECT_AUTHENTICATE_TOKEN"));
        bool? tls = Flag("use_ssl", Take("use_ssl"));
        bool loopback = ConnectionString.IsLoopbackHost(host);
        if (token is not null && tls == false && !loopback) throw Invalid("A token is never sent in clear text to another machine, and use_ssl is false", "leave use_ssl out, or set it to true");
        if (token is not null && token.Any(c => c is <= ' ' or > '~')) throw Invalid("The token has characters that a header cannot carry", "a token is printable ASCII without spaces");
        string? agent = NotEmpty(Take("user_agent")) ?? NotEmpty(environment("SPARK_CONNECT_USER_AGENT"));
        if (agent is not null && Uri.EscapeDataString(agent).Length > LongestUserAgent) throw Invalid($"user_agent is longer than {LongestUserAgent} characters", "shorten it");
        return new ConnectionString
        {
            Host = host,
            Port = port,
            UserId = Take("user_id") ?? NotEmpty(environment("SPARK_USER")) ?? environment("USER") ?? "",
            SessionId = Take("session_id") is not { } id ? null : Guid.TryParseExact(id, "D", out Guid session) ? session : throw Invalid("session_id is not a UUID", "leave it out for a session of your own"),
            Token = token,
            UseTls = tls ?? (token is not null && !loopback),
            UserAgent = agent,
            KeepAlive = new KeepAlive(
                Flag("grpc_keepalive_enabled", Take("grpc_keepalive_enabled")) ?? true,
                Milliseconds("grpc_keepalive_time_ms", Take("grpc_keepalive_time_ms")) ?? KeepAlive.Default.Delay,
                Milliseconds("grpc_keepalive_timeout_ms", Take("grpc_keepalive_timeout_ms")) ?? KeepAlive.Default.Timeout,
                Flag("grpc_keepalive_without_calls", Take("grpc_keepalive_without_calls")) ?? true),
            Headers = [.. parameters.OrderBy(p => p.Key, StringComparer.Ordinal).Select(Header)],
        };
    }

    private static (string Host, int Port) Authority(string text)
    {
        if (text.Contains('@', StringComparison.Ordinal)) throw Invalid("The connection string has a user before its host", "give the user as a parameter: /;user_id=name");
        int bracket = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) : -1;
        if (text.StartsWith('[') && bracket < 0) throw Invalid("The connection string's [ has no ]", "write an IPv6 address as [::1]");
        int colon = text.IndexOf(':', bracket < 0 ? 0 : bracket);
        string host = bracket >= 0 ? text[1..bracket] : colon < 0 ? text : text[..colon];
        string after = colon < 0 ? text[(bracket >= 0 ? bracket + 1 : text.Length)..] : bracket >= 0 ? text[(bracket + 1)..colon] : "";
        if (after.Length > 0) throw Invalid("The connection string has something between the address and the port", Form);
        UriHostNameType kind = Uri.CheckHostName(host);
        if (kind == UriHostNameType.Unknown || (bracket >= 0) != (kind == UriHostNameType.IPv6)) throw Invalid("The connection string has no host, or not a valid one", kind == UriHostNameType.IPv6 ? "write an IPv6 address in brackets" : Form);
        if (colon < 0) return (host, ConnectionString.DefaultPort);
        return int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= 65535
            ? (host, port)
            : throw Invalid("The connection string's port is not a number from 1 to 65535", Form);
    }

    private static Dictionary<string, string> Parameters(string path)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string part in path.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = part.Split('=');
            if (pair.Length != 2 || pair[0].Length == 0) throw Invalid($"Parameter {parameters.Count + 1} of the connection string is not of the form key=value", "a parameter has exactly one =; write %3D for one within a value, %3B for a semicolon");
            if (!parameters.TryAdd(pair[0], Uri.UnescapeDataString(pair[1]))) throw Invalid($"The connection string gives {pair[0]} twice", "leave one out");
        }
        return parameters;
    }

    private static KeyValuePair<string, string> Header(KeyValuePair<string, string> parameter)
    {
        string name = parameter.Key.ToLowerInvariant();
        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')) throw Invalid($"{parameter.Key} is neither a parameter nor the name of a header", "see the README for the parameters");
        if (name.StartsWith("grpc-", StringComparison.Ordinal) || name.StartsWith("content-", StringComparison.Ordinal) || OwnHeaders.Contains(name)) throw Invalid($"The header {name} belongs to the protocol", "leave it out");
        if (parameter.Value.Any(c => c is < ' ' or > '~')) throw Invalid($"The value of {name} has characters that a header cannot carry", "use printable ASCII");
        return new(name, parameter.Value);
    }

    private static bool? Flag(string name, string? value) => value switch
    {
        null => null,
        _ when value.Equals("true", StringComparison.OrdinalIgnoreCase) => true,
        _ when value.Equals("false", StringComparison.OrdinalIgnoreCase) => false,
        _ => throw Invalid($"{name} is neither true nor false", $"write {name}=true or {name}=false"),
    };

    private static TimeSpan? Milliseconds(string name, string? value) =>
        value is null ? null
        : int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int ms) && ms >= 1000 ? TimeSpan.FromMilliseconds(ms)
        : throw Invalid($"{name} is not a number of milliseconds of at least 1000", $"leave {name} out for the default");

    private static string? NotEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private static SparkException Invalid(string message, string hint) => new(SparkErrorCodes.ConnectionString, message, hint);
}
