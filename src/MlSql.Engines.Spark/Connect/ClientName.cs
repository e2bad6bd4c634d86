using System.Runtime.InteropServices;

namespace MlSql.Engines.Spark.Connect;

/// <summary>What the server is told about us.</summary>
internal static class ClientName
{
    private static readonly string Version = typeof(ClientName).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <summary>The HTTP header.</summary>
    public static string Transport { get; } = $"mlsql/{Version}";

    /// <summary>The field client_type of each message.</summary>
    public static string Of(string? userAgent)
    {
        string os = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : RuntimeInformation.OSDescription.Split(' ')[0].ToLowerInvariant();
        return $"{(userAgent is null ? "" : userAgent + " ")}mlsql/{Version} os/{os} dotnet/{Environment.Version}";
    }
}
