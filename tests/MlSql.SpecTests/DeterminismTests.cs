using System.Globalization;

namespace MlSql.SpecTests;

/// <summary>The same rows make the same model, byte for byte, on any number of threads.</summary>
public class DeterminismTests
{
    private const string Rows =
        "CREATE TABLE t AS SELECT i AS id, hash(i) % 1000 / 7.0 AS a, CASE WHEN hash(i + 1) % 11 = 0 THEN NULL ELSE hash(i + 2) % 97 END AS b, 'k' || hash(i + 3) % 5 AS k, " +
        "DATE '2020-01-01' + (hash(i + 4) % 2000)::INT AS d, hash(i) % 1000 / 7.0 * 2 + hash(i + 5) % 13 AS y, (hash(i) % 1000 / 500.0 + hash(i + 6) % 3) > 2 AS c FROM range(60000) r(i)";

    [TestCase("linear_regression", "y", "SELECT a, b, k, d, y FROM t")]
    [TestCase("logistic_regression (l2_reg = 0.001)", "c", "SELECT a, b, k, d, c FROM t")]
    [TestCase("linear_regression", "y", "SELECT a, b, k, d, y FROM '$FOLDER/t.parquet'")]
    [TestCase("logistic_regression (l2_reg = 0.001)", "c", "SELECT a, b, k, c FROM '$FOLDER/t.parquet' WHERE id % 3 <> 1")]
    [TestCase("linear_regression", "y", "SELECT avg(t.a) AS a, max(u.b) AS b, t.k, sum(t.y) AS y FROM t JOIN t u ON t.id = u.id + 7 GROUP BY t.k, t.id // 10")]
    [TestCase("logistic_regression (l2_reg = 0.001)", "c", "SELECT t.a + s.m AS a, t.b, t.c FROM t JOIN (SELECT k, avg(a) AS m FROM t GROUP BY k) s ON s.k = t.k")]
    [TestCase("linear_regression", "y", "SELECT a, y, sum(b) OVER (PARTITION BY k ORDER BY id ROWS 10 PRECEDING) AS w FROM t")]
    public async Task Threads_do_not_show_in_the_model(string estimator, string label, string query)
    {
        using var folder = new TemporaryFolder();
        var hashes = new List<string>();
        foreach (int threads in (int[])[1, 2, 4])
        {
            await using var session = await MlSqlSession.OpenAsync(new MlSqlOptions { Models = folder.At("models" + threads.ToString(CultureInfo.InvariantCulture)), Threads = threads });
            await session.ExecuteAsync(Rows);
            string file = folder.At("t.parquet");
            if (!File.Exists(file)) await session.ExecuteAsync($"COPY t TO '{file}' (FORMAT parquet, ROW_GROUP_SIZE 5000)");
            var results = await session.ExecuteAsync($"TRAIN m USING {estimator} LABEL {label} SPLIT RANDOM SEED 3 AS {query.Replace("$FOLDER", folder.Path, StringComparison.Ordinal)}");
            hashes.Add(results[0].Trained!.ContentHash);
        }
        Assert.That(hashes.Distinct().Count(), Is.EqualTo(1), string.Join("\n", hashes));
    }

    [Test]
    public async Task Other_rows_make_another_model()
    {
        using var folder = new TemporaryFolder();
        await using var session = await MlSqlSession.OpenAsync(new MlSqlOptions { Models = folder.At("models"), Threads = 2 });
        await session.ExecuteAsync(Rows);
        string all = (await session.ExecuteAsync("TRAIN m USING linear_regression LABEL y AS SELECT a, b, y FROM t"))[0].Trained!.ContentHash;
        string fewer = (await session.ExecuteAsync("TRAIN m USING linear_regression LABEL y AS SELECT a, b, y FROM t WHERE id > 0"))[0].Trained!.ContentHash;
        Assert.That(fewer, Is.Not.EqualTo(all));
    }
}
