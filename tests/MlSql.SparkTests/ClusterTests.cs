using System.Net.Sockets;
using System.Runtime.Versioning;
using MlSql.SparkTests.Rig;

namespace MlSql.SparkTests;

[UnsupportedOSPlatform("windows")]
public class ClusterTests
{
    [Test]
    public void The_cluster_listens()
    {
        var cluster = SparkRig.Cluster();
        using TcpClient client = new();
        client.Connect("127.0.0.1", cluster.Port);
        Assert.That(client.Connected);
    }

    [Test]
    public void Nothing_of_ours_and_no_dotnet_is_in_its_processes_environment()
    {
        // The tools of Spark's scripts come and go; what stays are the Java machines of master, workers, server and executors.
        int[] processes = [.. SparkRig.Cluster().ProcessIds.SelectMany(Processes.Tree).Where(p => Processes.Command(p) is [var program, ..] && Path.GetFileName(program) == "java")];
        int[] executors = [.. processes.Where(p => Processes.Command(p).Contains("org.apache.spark.executor.CoarseGrainedExecutorBackend"))];
        Assert.That(executors, Has.Length.EqualTo(2));
        Assert.That(processes, Has.Length.GreaterThanOrEqualTo(6));
        Assert.Multiple(() =>
        {
            foreach (int process in processes)
            {
                var environment = Processes.Environment(process);
                Assert.That(environment.Keys.Where(k => k.StartsWith("DOTNET", StringComparison.Ordinal) || k.StartsWith("MLSQL", StringComparison.Ordinal)), Is.Empty);
                Assert.That(environment["PATH"].Split(':').Where(f => File.Exists(Path.Combine(f, "dotnet"))), Is.Empty);
                Assert.That(environment.Values.Where(v => v.Contains(AppContext.BaseDirectory, StringComparison.Ordinal)), Is.Empty);
            }
        });
    }
}
