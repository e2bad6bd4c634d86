using System.Globalization;
using System.Runtime.Versioning;
using MlSql.SparkTests.Rig;

namespace MlSql.SparkTests;

/// <summary>A graph that is recognised as trees is computed by the worker alone: ONNX Runtime neither travels to the executors nor is it loaded there.</summary>
[UnsupportedOSPlatform("windows")]
public class RecognisedGraphTests
{
    private string _folder = "";

    [SetUp]
    public void Prepare() => _folder = Directory.CreateTempSubdirectory("mlsql-recognised").FullName;

    [TearDown]
    public void CleanUp() => Directory.Delete(_folder, recursive: true);

    [Test]
    [CancelAfter(180_000)]
    public async Task Executors_see_ONNX_Runtime_only_for_a_graph_that_needs_it(CancellationToken cancel)
    {
        string models = Path.Combine(_folder, "models");
        await using (var embedded = await MlSqlSession.OpenAsync(new() { Models = models }, cancel))
        {
            await embedded.ExecuteAsync(
                $"""
                CREATE TABLE t AS SELECT i / 8.0 AS x, i % 11 AS z, 3.0 * i + i % 11 AS y FROM range(200) r(i);
                TRAIN trees USING boosted_tree_regressor (num_trees = 4, min_data_in_leaf = 3) LABEL y SPLIT NONE AS SELECT x, z, y FROM t;
                TRAIN line USING linear_regression LABEL y AS SELECT x, z, y FROM t;
                EXPORT MODEL trees TO '{_folder}/trees.onnx';
                EXPORT MODEL line TO '{_folder}/line.onnx';
                IMPORT MODEL tree_graph FROM '{_folder}/trees.onnx';
                IMPORT MODEL line_graph FROM '{_folder}/line.onnx'
                """,
                cancel);
        }
        var cluster = SparkRig.Cluster();
        string[] before = RuntimesOf(cluster);
        string address = string.Create(CultureInfo.InvariantCulture, $"sc://127.0.0.1:{cluster.Port}/;token={cluster.Token}");
        await using var session = await MlSqlSession.OpenAsync(new() { Engine = Engine.Spark(address), Models = models }, cancel);

        Assert.That(await WrongAsync(session, "abs(PREDICT(tree_graph USING *) - PREDICT(trees USING *)) < 1e-4", cancel), Is.EqualTo((200, 0)));
        Assert.That(RuntimesOf(cluster), Is.EqualTo(before));
        Assert.That(Loaded(cluster), Is.Empty);

        Assert.That(await WrongAsync(session, "abs(PREDICT(line_graph USING *) - PREDICT(line USING *)) < 1e-6", cancel), Is.EqualTo((200, 0)));
        Assert.That(RuntimesOf(cluster), Is.Not.Empty);
        Assert.That(Loaded(cluster), Is.Not.Empty);
    }

    // Rows, and those for which the condition does not hold.
    private static async Task<(long Rows, long Wrong)> WrongAsync(MlSqlSession session, string condition, CancellationToken cancel)
    {
        await using var result = await session.QueryAsync($"SELECT count(*) AS n, count(*) - count_if({condition}) AS wrong FROM (SELECT id / 8.0D AS x, id % 11 AS z FROM range(0, 200, 1, 4))", cancel);
        await foreach (var batch in result.ReadAsync(cancel))
            if (batch.Rows > 0) return (batch.Column<long>("n")[0], batch.Column<long>("wrong")[0]);
        throw new InvalidOperationException("no row");
    }

    // ONNX Runtime in the executors' working directories, packed or not.
    private static string[] RuntimesOf(Cluster cluster) =>
        [.. ((string[])["worker1", "worker2"]).SelectMany(w => Directory.GetFileSystemEntries(Path.Combine(cluster.Folder, w), "mlsql-onnx*", SearchOption.AllDirectories)).Order(StringComparer.Ordinal)];

    // Workers that have the library in memory.
    private static int[] Loaded(Cluster cluster) =>
        [.. cluster.ProcessIds.SelectMany(Processes.Tree).Where(Processes.IsWorker).Where(id => File.ReadAllText($"/proc/{id}/maps").Contains("libonnxruntime", StringComparison.Ordinal))];
}
