using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.Versioning;
using MlSql.Columnar;
using MlSql.Engines.Spark.Server;
using MlSql.SparkTests.Rig;

namespace MlSql.SparkTests;

[UnsupportedOSPlatform("windows")]
public class LocalServerTests
{
    [Test]
    public void Listens_on_loopback_and_keeps_its_files_to_itself()
    {
        var server = SparkRig.Server();
        using TcpClient client = new();
        client.Connect("127.0.0.1", server.Port);
        Assert.Multiple(() =>
        {
            Assert.That(client.Connected);
            Assert.That(server.Runs);
            Assert.That(server.Token, Has.Length.EqualTo(64));
            Assert.That(File.Exists(server.Worker));
            Assert.That(File.GetUnixFileMode(server.Folder), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
            Assert.That(Addresses(server.Port), Is.EqualTo(["127.0.0.1"]));
        });
    }

    [Test]
    public async Task Ends_when_it_is_disposed()
    {
        long begun = Stopwatch.GetTimestamp();
        var server = await LocalServer.StartAsync(new() { Home = SparkRig.Home(), Threads = 1, Memory = 512 << 20, Deadline = SparkRig.Deadline }, CancellationToken.None);
        TestContext.Out.WriteLine($"start to listening: {Stopwatch.GetElapsedTime(begun).TotalSeconds:F1} s");
        Assert.That(Processes.Runs(server.ProcessId));
        begun = Stopwatch.GetTimestamp();
        await server.DisposeAsync();
        TestContext.Out.WriteLine($"end: {Stopwatch.GetElapsedTime(begun).TotalSeconds:F1} s");
        Assert.That(Processes.Runs(server.ProcessId), Is.False);
        Assert.That(Directory.Exists(server.Folder), Is.False);
    }

    [Test]
    public void Ends_when_its_parent_is_killed()
    {
        using var parent = Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(ServerHolder).Assembly.Location, SparkRig.Home().Path]) { RedirectStandardOutput = true })!;
        int server = int.Parse(parent.StandardOutput.ReadLine() ?? "0", CultureInfo.InvariantCulture);
        string folder = parent.StandardOutput.ReadLine() ?? "";
        Assert.That(Processes.Runs(server));
        Assert.That(Directory.Exists(folder));
        parent.Kill();
        long begun = Stopwatch.GetTimestamp();
        Assert.That(() => Processes.Runs(server), Is.False.After(15_000, 50));
        Assert.That(() => Directory.Exists(folder), Is.False.After(5_000, 50));
        TestContext.Out.WriteLine($"gone after {Stopwatch.GetElapsedTime(begun).TotalSeconds:F1} s");
    }

    [Test]
    public void A_cancelled_start_leaves_nothing()
    {
        var home = SparkRig.Home();
        string[] before = Folders();
        using CancellationTokenSource cancel = new(TimeSpan.FromSeconds(1));
        Assert.That(() => LocalServer.Start(new() { Home = home, Threads = 1, Memory = 512 << 20, Deadline = SparkRig.Deadline }, cancel.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Folders().Except(before), Is.Empty);
    }

    [Test]
    public void A_server_that_does_not_start_in_time_is_ended_and_shows_its_log()
    {
        var error = Assert.Throws<CodedException>(() => LocalServer.Start(new() { Home = SparkRig.Home(), Deadline = TimeSpan.FromSeconds(0.5) }, CancellationToken.None))!;
        Assert.That(error.Code, Is.EqualTo("MLS6305"));
    }

    [Test]
    public void A_server_that_ends_while_it_starts_shows_its_log()
    {
        LocalServerOptions options = new() { Home = SparkRig.Home(), Deadline = SparkRig.Deadline, Settings = [new("spark.connect.grpc.binding.port", "no-number")] };
        var error = Assert.Throws<CodedException>(() => LocalServer.Start(options, CancellationToken.None))!;
        Assert.That(error.Code, Is.EqualTo("MLS6304"));
        Assert.That(error.Message, Does.Contain("no-number"));
    }

    private static string[] Folders() => Directory.GetDirectories(Path.GetTempPath(), "mlsql-spark*");

    private static string[] Addresses(int port) =>
        [.. System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(l => l.Port == port).Select(l => l.Address.MapToIPv4().ToString()).Distinct()];
}
