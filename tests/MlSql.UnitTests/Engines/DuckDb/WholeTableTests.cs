using MlSql.Engines.DuckDb;

namespace MlSql.UnitTests.Engines.DuckDb;

internal sealed class WholeTableTests : EngineFixture
{
    [SetUp]
    public void Fill()
    {
        Connection.Execute("CREATE TABLE t AS SELECT i AS a, i * 2 AS b, {'x': i} AS s FROM range(3000) r(i)", default);
        Connection.Execute("CREATE SCHEMA other", default);
        Connection.Execute("CREATE TABLE other.\"t \"\"1\" AS SELECT a AS \"a \"\"1\", b FROM t", default);
        Connection.Execute("CREATE VIEW v AS SELECT b AS a, a AS b FROM t", default);
        Connection.Execute("CREATE TEMP TABLE w AS FROM v", default);
        Connection.Execute("CREATE TABLE gone AS FROM t", default);
        Connection.Execute("DELETE FROM gone WHERE a = 7", default);
    }

    [TestCase("SELECT * FROM t")]
    [TestCase("FROM t -- all")]
    [TestCase("SELECT b, a FROM t")]
    [TestCase("SELECT b AS a, a AS b FROM main.t")]
    [TestCase("SELECT \"a \"\"1\" AS a, b FROM other.\"t \"\"1\"")]
    [TestCase("SELECT * FROM v")]
    [TestCase("SELECT * FROM w")]
    [TestCase("SELECT a, b FROM t WHERE true")]
    [TestCase("WITH x AS (FROM t) SELECT a, b FROM x")]
    public void A_table_is_read_with_its_places(string source)
    {
        string? sql = WholeTable.WithPlaces(Connection, "b, a", source, default);
        Assert.That(sql, Is.Not.Null);
        var expected = Rows($"SELECT row_number() OVER () - 1, b, a FROM ({source}\n)");
        Assert.That(Rows(sql!), Is.EqualTo(expected).And.Count.EqualTo(3000));
    }

    [TestCase("SELECT a + 1 AS a, b FROM t")]
    [TestCase("SELECT a::DOUBLE AS a, b FROM t")]
    [TestCase("SELECT random() AS a, b FROM t")]
    [TestCase("SELECT a, b FROM t WHERE a > 5")]
    [TestCase("SELECT a, b FROM t WHERE random() > 2")]
    [TestCase("SELECT a, b FROM t TABLESAMPLE 50%")]
    [TestCase("SELECT a, b FROM t USING SAMPLE 10 ROWS")]
    [TestCase("SELECT a, b FROM t LIMIT 10")]
    [TestCase("SELECT a, b FROM t ORDER BY b DESC")]
    [TestCase("SELECT rowid AS a, b FROM t")]
    [TestCase("SELECT s.x AS a, b FROM t")]
    [TestCase("SELECT a, b FROM gone")]
    [TestCase("SELECT a, b, a AS __MLSQL_place FROM t")]
    [TestCase("SELECT a AS __mlsql_place, b FROM t")]
    [TestCase("SELECT a, b FROM t UNION ALL SELECT a, b FROM t")]
    [TestCase("SELECT t.a, u.b FROM t JOIN t u USING (a)")]
    public void What_is_more_than_a_table_is_left_to_a_copy(string source) => Assert.That(WholeTable.WithPlaces(Connection, "b, a", source, default), Is.Null);

    [Test]
    public void Rows_that_are_not_committed_are_left_to_a_copy()
    {
        Connection.Execute("BEGIN", default);
        Connection.Execute("INSERT INTO t SELECT * FROM t LIMIT 5", default);
        Assert.That(WholeTable.WithPlaces(Connection, "b, a", "FROM t", default), Is.Null);
        Connection.Execute("ROLLBACK", default);
        Assert.That(WholeTable.WithPlaces(Connection, "b, a", "FROM t", default), Is.Not.Null);
    }
}
