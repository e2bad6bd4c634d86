using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MlSql.Worker.Launch;

/// <summary>What the engine says to this process by its environment, and limits of our own.</summary>
internal sealed record WorkerSettings
{
    /// <summary>What a connection must say first; null where sockets are files that only the user can open.</summary>
    public byte[]? Secret { get; init; }

    /// <summary>The folder in which sockets are made, where they are files.</summary>
    public string? SocketFolder { get; init; }

    /// <summary>Listens and connects on ::1 in place of 127.0.0.1.</summary>
    public bool PreferIpv6 { get; init; }

    /// <summary>Serves one task after another on a connection.</summary>
    public bool Reuse { get; init; }

    /// <summary>The Python that runs functions which are not ours.</summary>
    public string? Python { get; init; }

    /// <summary>Memory in bytes that the engine grants each task at once; null = no limit is set.</summary>
    public long? TaskMemory { get; init; }

    /// <summary>How long no connection is open before this process ends.</summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the first connection may take.</summary>
    public TimeSpan FirstLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Most bytes of a task's description, of which commands are the largest part.</summary>
    public int DescriptionLimit { get; init; } = 256 << 20;

    /// <summary>Reads the settings through a function that gives the value of a variable, or null.</summary>
    public static WorkerSettings Read(Func<string, string?> variable)
    {
        bool files = IsTrue(variable("PYTHON_UNIX_DOMAIN_ENABLED"));
        return new()
        {
            // Without a secret nobody may come in.
            Secret = files ? null : variable("PYTHON_WORKER_FACTORY_SECRET") is { Length: > 0 } secret ? Encoding.UTF8.GetBytes(secret) : RandomNumberGenerator.GetBytes(32),
            SocketFolder = files ? variable("PYTHON_WORKER_FACTORY_SOCK_DIR") : null,
            PreferIpv6 = IsTrue(variable("SPARK_PREFER_IPV6")),
            Reuse = variable("SPARK_REUSE_WORKER") == "1",
            Python = variable("PYSPARK_PYTHON") is { Length: > 0 } python ? python : null,
            TaskMemory = long.TryParse(variable("PYSPARK_EXECUTOR_MEMORY_MB"), NumberStyles.None, CultureInfo.InvariantCulture, out long mebibytes) && mebibytes is > 0 and < 1 << 30 ? mebibytes << 20 : null,
        };
    }

    private static bool IsTrue(string? value) => string.Equals(value, "true", StringComparison.OrdinalIgnoreCase);
}
