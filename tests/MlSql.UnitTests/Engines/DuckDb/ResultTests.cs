using MlSql.Columnar;
using MlSql.Engines.DuckDb.Database;

namespace MlSql.UnitTests.Engines.DuckDb;

internal sealed class ResultTests : EngineFixture
{
    [TestCaseSource(typeof(TypeCases), nameof(TypeCases.Readable))]
    public void Values_of_every_type_are_what_the_engine_says_they_are(string type, string query)
    {
        Connection.Execute("SET TimeZone = 'UTC'", default);
        string[] read = [.. Rows(query).Select(r => r[0])];
        string[] told = [.. Rows($"SELECT CAST(v AS VARCHAR) FROM ({query})").Select(r => r[0])];
        Assert.That(read, Is.EqualTo(told), type);
        Assert.That(read, Has.Length.GreaterThanOrEqualTo(60).And.Contains("NULL"));
    }

    [TestCaseSource(typeof(TypeCases), nameof(TypeCases.AsText))]
    public void Types_without_columns_come_as_the_text_of_the_engine(string type, string query)
    {
        string[] read = [.. Rows(query).Select(r => r[0])];
        string[] told = [.. Rows($"SELECT CAST(v AS VARCHAR) FROM ({query})").Select(r => r[0])];
        Assert.That(read, Is.EqualTo(told), type);
        Assert.That(Connection.Describe(query, default).Fields[0].Type.ToString(), Does.StartWith(type.Split('(', '[')[0]));
    }

    [Test]
    public void Text_types_keep_names_that_repeat_comments_and_order()
    {
        using DuckDbResult result = Connection.ExecuteStreaming("SELECT '1'::BIT AS a, i AS a, i AS \"q\"\"t\" FROM range(3) t(i) ORDER BY i DESC; -- end", default);
        Assert.That(result.Schema.Fields.Select(f => f.Name), Is.EqualTo(new[] { "a", "a", "q\"t" }));
        var batch = result.NextChunk(default)!.ToBatch();
        Assert.That(((FixedColumn<long>)batch.Columns[1]).Values.ToArray(), Is.EqualTo(new long[] { 2, 1, 0 }));
    }

    [Test]
    public void A_column_that_cannot_be_read_is_refused_with_the_way_out()
    {
        Connection.Execute("CREATE TABLE t (b BIT)", default);
        var error = Assert.Throws<CodedException>(() => Connection.Execute("INSERT INTO t VALUES ('1') RETURNING b", default))!;
        Assert.That((error.Code, error.Hint), Is.EqualTo(("MLS6028", "cast it: CAST(\"b\" AS VARCHAR)")));
        Assert.That(Value("SELECT count(*) FROM t"), Is.EqualTo("0"));
    }

    [TestCase("CREATE TABLE t AS SELECT 1 AS a", 1)]
    [TestCase("CREATE TABLE t (a INTEGER)", 0)]
    [TestCase("SET threads = 1", 0)]
    [TestCase("-- nothing", 0)]
    [TestCase(" ; ", 0)]
    [TestCase("", 0)]
    public void A_statement_without_rows_has_no_columns(string sql, long changed)
    {
        Assert.That(Connection.Describe(sql, default).Fields, Is.Empty);
        using DuckDbResult result = Connection.ExecuteStreaming(sql, default);
        Assert.That(result.Schema.Fields, Is.Empty);
        Assert.That(result.NextChunk(default), Is.Null);
        Assert.That(result.RowsChanged, Is.EqualTo(changed));
    }

    [Test]
    public void Changed_rows_are_counted()
    {
        Assert.That(Connection.Execute("CREATE TABLE t AS SELECT * FROM range(5000) r(i)", default), Is.EqualTo(5000));
        Assert.That(Connection.Execute("UPDATE t SET i = 0 WHERE i < 10", default), Is.EqualTo(10));
        Assert.That(Connection.Execute("DELETE FROM t WHERE i = 0", default), Is.EqualTo(10));
        Assert.That(Connection.Execute($"COPY t TO '{PathOf("t.parquet")}'", default), Is.EqualTo(4990));
        Assert.That(Connection.Execute("SELECT * FROM t", default), Is.Zero);
    }

    [Test]
    public void Rows_that_a_change_returns_are_rows()
    {
        Connection.Execute("CREATE TABLE t (a INTEGER)", default);
        Assert.That(Rows("INSERT INTO t VALUES (1), (2) RETURNING a * 10").Select(r => r[0]), Is.EqualTo(new[] { "10", "20" }));
    }

    [Test]
    public void A_pivot_finds_its_columns()
    {
        string sql = "PIVOT (SELECT i % 3 AS k, i FROM range(9) t(i)) ON k USING sum(i)";
        Assert.That(Connection.Describe(sql, default).Fields.Select(f => f.Name), Is.EqualTo(new[] { "0", "1", "2" }));
        Assert.That(Rows(sql).Single(), Is.EqualTo(new[] { "9", "12", "15" }));
    }

    [Test]
    public void Describing_runs_nothing()
    {
        Connection.Execute("CREATE SEQUENCE s", default);
        Schema schema = Connection.Describe("SELECT nextval('s') AS n, error('ran') AS e, 'x' AS t FROM range(1000000000000)", default);
        Assert.That(schema.Fields.Select(f => f.Name), Is.EqualTo(new[] { "n", "e", "t" }));
        Assert.That(schema.Fields[0].Type, Is.EqualTo(new IntegerType(64, true)));
        Connection.Describe("DROP SEQUENCE s", default);
        Assert.That(Value("SELECT nextval('s')"), Is.EqualTo("1"));
    }

    [Test]
    public void Two_million_rows_stream_in_constant_memory()
    {
        using DuckDbResult result = Connection.ExecuteStreaming("SELECT i, i::DOUBLE AS d, 'text of more than twelve bytes ' || i AS s FROM range(2000000) t(i)", default);
        long rows = 0, sum = 0, before = 0;
        while (result.NextChunk(default) is { } chunk)
        {
            foreach (long i in chunk.Views[0].Values<long>()) sum += i;
            rows += chunk.Rows;
            if (rows < 100_000) before = Environment.WorkingSet;
        }
        Assert.That((rows, sum), Is.EqualTo((2_000_000L, 1_999_999_000_000L)));
        Assert.That(Environment.WorkingSet - before, Is.LessThan(64L << 20), "the rows alone are over 150 MB");
    }

    [Test]
    public void A_result_may_be_left_early_and_the_connection_goes_on()
    {
        for (int i = 0; i < 20; i++)
        {
            using DuckDbResult result = Connection.ExecuteStreaming("SELECT * FROM range(100000000)", default);
            Assert.That(result.NextChunk(default)!.Rows, Is.EqualTo(2048));
        }
        Assert.That(Value("SELECT 42"), Is.EqualTo("42"));
    }

    [Test]
    public void A_further_statement_ends_an_open_result_with_an_error()
    {
        using DuckDbResult result = Connection.ExecuteStreaming("SELECT * FROM range(1000000)", default);
        Connection.Execute("SELECT 1", default);
        Assert.That(Assert.Throws<CodedException>(() => result.NextChunk(default))!.Code, Is.EqualTo("MLS6033"));
    }

    [Test]
    public void A_copy_outlives_its_chunk()
    {
        using DuckDbResult result = Connection.ExecuteStreaming("SELECT 'a text of more than twelve bytes ' || i AS s FROM range(10000) t(i)", default);
        RecordBatch first = result.NextChunk(default)!.ToBatch();
        while (result.NextChunk(default) is not null) { }
        Assert.That(((TextColumn)first.Columns[0]).Text(7), Is.EqualTo("a text of more than twelve bytes 7"));
    }
}
