using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using MlSql.Scoring.Commands;
using MlSql.SparkTests.Rig;

namespace MlSql.SparkTests;

/// <summary>What stays behind when sessions are over.</summary>
[UnsupportedOSPlatform("windows")]
public class LingerTests
{
    [Test]
    [Category("Slow")]
    public async Task No_worker_is_left_90_seconds_after_the_last_session()
    {
        var server = SparkRig.Server();
        var cancel = TestContext.CurrentContext.CancellationToken;
        int worker;
        await using (var session = await Sessions.OpenAsync(server, cancel))
        {
            await session.RegisterAsync("probe", new ProbeCommand(), "string", cancel);
            string answer = (await session.TextsAsync("SELECT DISTINCT probe(CAST(id AS DOUBLE)) FROM range(0, 100, 1, 4)", cancel)).Single();
            worker = int.Parse(answer.Split(' ').Single(p => p.StartsWith("pid=", StringComparison.Ordinal)).AsSpan(4), CultureInfo.InvariantCulture);
        }
        Assert.That(Processes.Runs(worker), "it waits for the next session");
        Stopwatch watch = Stopwatch.StartNew();
        Assert.That(() => Processes.Runs(worker), Is.False.After(95_000, 250));
        TestContext.Out.WriteLine($"gone {watch.Elapsed.TotalSeconds:F0} s after the session");
        Assert.That(Processes.Tree(server.ProcessId).Where(p => Processes.IsWorker(p)), Is.Empty);
        Assert.That(server.Runs, "the server itself is still there");
    }
}
