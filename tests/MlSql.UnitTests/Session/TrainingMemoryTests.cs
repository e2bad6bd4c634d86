using MlSql.Columnar;

namespace MlSql.UnitTests.Session;

/// <summary>The engine has half of the memory while trees read their rows, and all of it afterwards, however that ended.</summary>
public class TrainingMemoryTests
{
    private const string Train = "TRAIN m USING boosted_tree_regressor (num_trees = 2) LABEL y AS SELECT x, y FROM t";

    [TestCase("")]
    [TestCase("BEGIN")]
    public async Task The_limit_is_set_back_and_the_rows_are_gone(string before)
    {
        string folder = Directory.CreateTempSubdirectory("mlsql-memory").FullName;
        try
        {
            await using var session = await MlSqlSession.OpenAsync(new() { Models = Path.Combine(folder, "models"), Threads = 2, Memory = 400L << 20 });
            string limit = await TextAsync(session, "SELECT current_setting('memory_limit') AS v");
            await session.ExecuteAsync("CREATE TABLE t AS SELECT i::DOUBLE AS x, (i % 7)::DOUBLE AS y FROM range(5000) r(i)");
            if (before != "") await session.ExecuteAsync(before);
            await session.ExecuteAsync(Train);
            Assert.That(await TextAsync(session, "SELECT current_setting('memory_limit') AS v"), Is.EqualTo(limit));

            await session.ExecuteAsync("INSERT INTO t VALUES ('inf', 1)");
            Assert.That(Assert.ThrowsAsync<MlSqlException>(() => session.ExecuteAsync(Train))!.Code, Is.EqualTo("MLS3002"));
            if (before != "") await session.ExecuteAsync("ROLLBACK");
            Assert.That(await TextAsync(session, "SELECT current_setting('memory_limit') AS v"), Is.EqualTo(limit));
            Assert.That(await TextAsync(session, "SELECT count(*)::VARCHAR AS v FROM duckdb_tables() WHERE table_name LIKE 'mlsql%'"), Is.EqualTo("0"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> TextAsync(MlSqlSession session, string sql)
    {
        await using var result = await session.QueryAsync(sql);
        await foreach (RecordBatch batch in result.ReadAsync()) return ((TextColumn)batch.Column("v")).Text(0)!;
        throw new AssertionException("no row");
    }
}
