using System.Globalization;
using System.Runtime.Versioning;
using MlSql.Columnar;
using MlSql.SparkTests.Rig;

namespace MlSql.SparkTests;

/// <summary>What Spark's planner makes of packed arguments: it has to leave the projection alone that makes their list, or each row is copied with all its columns.</summary>
[UnsupportedOSPlatform("windows")]
public class PackedPlanTests
{
    private const string Call = "PREDICT(wide USING *)";
    private string _models = "";

    [OneTimeSetUp]
    public async Task TrainAsync()
    {
        _models = Directory.CreateTempSubdirectory("mlsql-packed").FullName;
        await using var embedded = await MlSqlSession.OpenAsync(new() { Models = _models }, TestContext.CurrentContext.CancellationToken);
        string columns = string.Join(", ", Enumerable.Range(0, 9).Select(c => string.Create(CultureInfo.InvariantCulture, $"(i % {2 * c + 5})::DOUBLE AS f{c}")));
        await embedded.ExecuteAsync(
            $"TRAIN wide USING boosted_tree_regressor (num_trees = 40, min_data_in_leaf = 3) LABEL y SPLIT NONE AS SELECT *, f0 + f1 + f2 - f3 + f4 + f5 + f6 - f7 + f8 AS y FROM (SELECT {columns} FROM range(2000) r(i))",
            TestContext.CurrentContext.CancellationToken);
    }

    [OneTimeTearDown]
    public void CleanUp() => Directory.Delete(_models, recursive: true);

    [TestCase($"SELECT {Call} AS p FROM t")]
    [TestCase($"SELECT * FROM (SELECT *, {Call} AS p FROM t) s ORDER BY p")]
    [TestCase($"SELECT round({Call}) AS p, count(*) AS n FROM t GROUP BY round({Call})")]
    [TestCase($"SELECT id, f0 > 1 AND {Call} > 1 AS p FROM t")]
    [TestCase($"SELECT id, {Call} BETWEEN 1 AND 2 AS p, nullif({Call}, 0) AS q FROM t")]
    [TestCase($"SELECT coalesce({Call}, 0) AS p FROM t")]
    [TestCase($"SELECT id FROM t WHERE {Call} > 1")]
    [TestCase($"SELECT *, {Call} AS p FROM t WHERE id > 3 AND {Call} > 1")]
    [TestCase($"SELECT p FROM (SELECT id, predicted_y AS p FROM PREDICT(MODEL wide, TABLE t)) s WHERE p > 1")]
    public async Task The_list_is_made_below_the_call(string sql)
    {
        string[] plan = await PlanAsync(sql);
        int[] calls = [.. Enumerable.Range(0, plan.Length).Where(i => plan[i].Contains("ArrowEvalPython", StringComparison.Ordinal))];
        Assert.That(calls, Has.Length.EqualTo(1), string.Join('\n', plan));
        Assert.That(plan[calls[0]], Does.Not.Contain("array("));
        Assert.That(plan[calls[0] + 1], Does.Contain("Project [").And.Contain("array("));
    }

    [TestCase($"SELECT CASE WHEN f0 > 1 THEN {Call} END AS p FROM t")]
    [TestCase($"SELECT coalesce(f0, {Call}) AS p FROM t")]
    [TestCase($"SELECT if(f0 > 1, {Call}, 0) AS p FROM t")]
    public async Task A_list_that_Spark_would_make_twice_is_left_alone(string sql)
    {
        string call = (await PlanAsync(sql)).Single(line => line.Contains("ArrowEvalPython", StringComparison.Ordinal));
        Assert.That(call.Split("array("), Has.Length.EqualTo(2), call);
    }

    [TestCase($"SELECT count(*) AS n FROM (SELECT id, {Call} AS p FROM t) s", Description = "nobody asks for the prediction")]
    public async Task What_nobody_asks_for_is_not_made(string sql) => Assert.That(string.Join('\n', await PlanAsync(sql)), Does.Contain("HashAggregate").And.Not.Contain("ArrowEvalPython").And.Not.Contain("array("));

    private async Task<string[]> PlanAsync(string sql)
    {
        var cancel = TestContext.CurrentContext.CancellationToken;
        var server = SparkRig.Server();
        string address = string.Create(CultureInfo.InvariantCulture, $"sc://127.0.0.1:{server.Port}/;token={server.Token}");
        await using var session = await MlSqlSession.OpenAsync(new() { Engine = Engine.Spark(address), Models = _models }, cancel);
        string columns = string.Join(", ", Enumerable.Range(0, 9).Select(c => string.Create(CultureInfo.InvariantCulture, $"CAST(id % {2 * c + 5} AS DOUBLE) AS f{c}")));
        await session.ExecuteAsync($"CREATE TEMP VIEW t AS SELECT id, {columns} FROM range(0, 500, 1, 2) r(id)", cancel);
        List<string> lines = [];
        await using var result = await session.QueryAsync("EXPLAIN " + sql, cancel);
        await foreach (var batch in result.ReadAsync(cancel))
            for (int row = 0; row < batch.Rows; row++) lines.AddRange(((TextColumn)batch.Column("plan")).Text(row)!.Split('\n'));
        return [.. lines];
    }
}
