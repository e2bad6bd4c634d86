using System.Diagnostics;
using MlSql.Engines.Spark.Server;

namespace MlSql.SparkTests.Rig;

/// <summary>What the tests share: one server of our own and one cluster a run, started by the first test that asks.</summary>
internal static class SparkRig
{
    /// <summary>A Java machine starts in 5 s; on a machine that is busy with other builds it may take a minute.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private static readonly Lock Gate = new();
    private static SparkHome? _home;
    private static LocalServer? _server;
    private static Cluster? _cluster;

    /// <summary>The Spark to test with; skips the test with the reason where there is none.</summary>
    public static SparkHome Home()
    {
        lock (Gate)
        {
            if (_home is not null) return _home;
            string? path = Environment.GetEnvironmentVariable("SPARK_HOME");
            if (string.IsNullOrEmpty(path)) path = Unpacked();
            return _home = SparkHome.Check(path, Environment.GetEnvironmentVariable);
        }
    }

    /// <summary>A server that this process started.</summary>
    public static LocalServer Server()
    {
        var home = Home();
        lock (Gate) return _server ??= LocalServer.Start(new() { Home = home, Memory = 1L << 30, Deadline = Deadline }, TestContext.CurrentContext.CancellationToken);
    }

    /// <summary>A cluster on which nothing of ours is installed, with a Spark Connect server.</summary>
    public static Cluster Cluster()
    {
        var home = Home();
        lock (Gate) return _cluster ??= Rig.Cluster.Start(home, TestContext.CurrentContext.CancellationToken);
    }

    public static void Stop()
    {
        _server?.Dispose();
        _cluster?.Dispose();
    }

    private static string Unpacked()
    {
        string script = TestData.Shared("spark", "spark-home.sh");
        if (!File.Exists(script)) Assert.Ignore($"SPARK_HOME is not set and there is no Spark at {script}.");
        using var process = Process.Start(new ProcessStartInfo(script) { RedirectStandardOutput = true })!;
        string path = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, script);
        return path;
    }
}
