using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using MlSql.Engines.Spark.Connect;
using MlSql.Scoring.Commands;
using MlSql.SparkTests.Rig;

namespace MlSql.SparkTests;

/// <summary>From a session of ours to our worker in executors on which nothing is installed, and back.</summary>
[UnsupportedOSPlatform("windows")]
public class ThinnestPathTests
{
    private const string Rows = "range(0, 1000, 1, 8)";

    [Test]
    public async Task A_model_scores_on_both_executors_and_each_loads_it_once()
    {
        var cluster = SparkRig.Cluster();
        var cancel = TestContext.CurrentContext.CancellationToken;
        using SmallModel model = new();
        await using var session = await Sessions.OpenAsync(cluster, cancel);
        await session.Artifacts.AddFileAsync(model.Path, ".mlsqlm", cancel);
        await session.RegisterAsync("predict_small", model.Predict, "double", cancel);
        await session.RegisterAsync("probe", new ProbeCommand(model.Predict.ContentHash), "string", cancel);

        var batches = await session.QueryAsync($"SELECT id, predict_small(CAST(id AS DOUBLE), CAST(id % 7 AS DOUBLE)) AS y FROM {Rows}", cancel);

        Assert.That(batches.Sum(b => b.Rows), Is.EqualTo(1000));
        foreach (var batch in batches)
        {
            long[] ids = batch.Column<long>("id").ToArray();
            Assert.That(batch.Column<double>("y").ToArray(), Is.EqualTo(ids.Select(id => SmallModel.Score(id, id % 7))));
        }
        var answers = await ProbeAsync(session, cancel);
        Assert.That(answers, Has.Length.EqualTo(2), "one worker an executor");
        Assert.Multiple(() =>
        {
            Assert.That(answers.Select(a => a["loads"]), Is.All.EqualTo("1"));
            foreach (var answer in answers) AssertStartedWhereTasksRun(cluster, int.Parse(answer["pid"], CultureInfo.InvariantCulture));
        });
    }

    [Test]
    public async Task Sessions_share_the_worker_of_an_executor()
    {
        var cluster = SparkRig.Cluster();
        var cancel = TestContext.CurrentContext.CancellationToken;
        List<string> seen = [];
        for (int i = 0; i < 2; i++)
        {
            await using var session = await Sessions.OpenAsync(cluster, cancel);
            await session.RegisterAsync("probe", new ProbeCommand(), "string", cancel);
            seen.Add(string.Join(' ', (await ProbeAsync(session, cancel)).Select(a => a["pid"]).Order()));
        }
        Assert.That(seen[1], Is.EqualTo(seen[0]));
    }

    [Test]
    public async Task The_first_statement_of_a_session_answers_soon()
    {
        var cluster = SparkRig.Cluster();
        var cancel = TestContext.CurrentContext.CancellationToken;
        List<double> taken = [];
        for (int i = 0; i < 6; i++)
        {
            long begun = Stopwatch.GetTimestamp();
            await using var session = await Sessions.OpenAsync(cluster, cancel);
            double opened = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            await session.RegisterAsync("echo", new EchoCommand(), "double", cancel);
            await session.QueryAsync($"SELECT echo(CAST(id AS DOUBLE)) FROM {Rows}", cancel);
            taken.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            TestContext.Out.WriteLine($"session {i + 1}: opened with the worker uploaded {opened:F0} ms, rows after {taken[^1]:F0} ms");
        }
        // The aim is 1.2 s on a machine that does nothing else.
        Assert.That(taken.Skip(1).Min(), Is.LessThan(5000));
    }

    [Test]
    public async Task A_server_of_ours_uses_the_worker_where_it_lies()
    {
        var server = SparkRig.Server();
        var cancel = TestContext.CurrentContext.CancellationToken;
        await using var session = await Sessions.OpenAsync(server, cancel);
        await session.RegisterAsync("echo", new EchoCommand(), "double", cancel);
        await session.RegisterAsync("probe", new ProbeCommand(), "string", cancel);

        var batches = await session.QueryAsync($"SELECT sum(echo(CAST(id AS DOUBLE))) AS total FROM {Rows}", cancel);

        Assert.That(batches[0].Column<double>("total")[0], Is.EqualTo(499_500));
        var answer = (await ProbeAsync(session, cancel)).Single();
        Assert.That(File.ResolveLinkTarget($"/proc/{answer["pid"]}/exe", returnFinalTarget: false)!.FullName, Is.EqualTo(Path.ChangeExtension(server.Worker, ".run")));
    }

    private static async Task<Dictionary<string, string>[]> ProbeAsync(SparkSession session, CancellationToken cancel)
    {
        string[] texts = await session.TextsAsync($"SELECT DISTINCT probe(CAST(id AS DOUBLE)) FROM {Rows}", cancel);
        return [.. texts.Select(t => t.Split(' ').Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1]))];
    }

    private static void AssertStartedWhereTasksRun(Cluster cluster, int worker)
    {
        Assert.That(Processes.Command(worker)[0], Does.Match(@"^\./mlsql-worker-[0-9a-f]{8}\.run$"));
        Assert.That(File.ResolveLinkTarget($"/proc/{worker}/cwd", returnFinalTarget: false)!.FullName, Does.StartWith(cluster.Folder));
        Assert.That(Processes.Environment(worker).Keys.Where(k => k.StartsWith("DOTNET", StringComparison.Ordinal)), Is.Empty);
    }
}
