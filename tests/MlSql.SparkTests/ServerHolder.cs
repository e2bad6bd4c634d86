using MlSql.Engines.Spark.Server;
using MlSql.SparkTests.Rig;

namespace MlSql.SparkTests;

/// <summary>What this assembly does as a program: starts a server, says where, and waits to be killed.</summary>
internal static class ServerHolder
{
    private static void Main(string[] args)
    {
        using var server = LocalServer.Start(new() { Home = SparkHome.Check(args[0], Environment.GetEnvironmentVariable), Threads = 1, Memory = 512 << 20, Deadline = SparkRig.Deadline }, CancellationToken.None);
        Console.WriteLine(server.ProcessId);
        Console.WriteLine(server.Folder);
        Thread.Sleep(TimeSpan.FromMinutes(5));
    }
}
