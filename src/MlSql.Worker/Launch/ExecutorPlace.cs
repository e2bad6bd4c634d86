namespace MlSql.Worker.Launch;

/// <summary>Which executor this process works for: Spark tells its workers in no other way than by where it starts them.</summary>
internal static class ExecutorPlace
{
    /// <summary>Of this process.</summary>
    public static readonly string Here = Of(Environment.CurrentDirectory, Environment.MachineName);

    /// <summary>"executor 1 at host" in a standalone cluster, whose executors have the folder APPLICATION/ID; "container_ID at host" on YARN; elsewhere the host alone, which on Kubernetes is the executor's pod.</summary>
    public static string Of(string folder, string host)
    {
        string name = Path.GetFileName(folder), application = Path.GetFileName(Path.GetDirectoryName(folder)) ?? "";
        if (application.StartsWith("app-", StringComparison.Ordinal) && name.Length > 0 && name.All(char.IsAsciiDigit)) return $"executor {name} at {host}";
        return name.StartsWith("container_", StringComparison.Ordinal) ? $"{name} at {host}" : $"executor at {host}";
    }
}
