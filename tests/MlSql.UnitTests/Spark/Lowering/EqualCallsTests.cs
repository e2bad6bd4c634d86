using MlSql.Engines.Spark.Lowering;

namespace MlSql.UnitTests.Spark.Lowering;

public class EqualCallsTests
{
    private const string View = "LATERAL VIEW explode(array(f(a))) __mlsql_once1_view AS __mlsql_once1";
    private static readonly HashSet<string> s_functions = ["f", "packed"], s_packed = ["packed"];

    [TestCase("SELECT id, f(a) AS p FROM t WHERE f(a) > 0", "SELECT id, __mlsql_once1 AS p FROM t " + View + " WHERE __mlsql_once1 > 0")]
    [TestCase("SELECT id, f( a ) AS p FROM t WHERE (f(a) > 0) AND b < 3", "SELECT id, __mlsql_once1 AS p FROM t LATERAL VIEW explode(array(f( a ))) __mlsql_once1_view AS __mlsql_once1 WHERE (__mlsql_once1 > 0) AND b < 3")]
    [TestCase("SELECT *, f(a) AS p FROM t WHERE f(a) > 0", "SELECT * EXCLUDE (__mlsql_once1), __mlsql_once1 AS p FROM t " + View + " WHERE __mlsql_once1 > 0")]
    [TestCase("SELECT * EXCLUDE (b), f(a) AS p FROM t WHERE f(a) > 0", "SELECT * EXCLUDE (__mlsql_once1, b), __mlsql_once1 AS p FROM t " + View + " WHERE __mlsql_once1 > 0")]
    [TestCase("SELECT t.*, f(a) AS p FROM t JOIN u ON t.i = u.i -- why\nWHERE f(a) > 0", "SELECT t.*, __mlsql_once1 AS p FROM t JOIN u ON t.i = u.i " + View + " -- why\nWHERE __mlsql_once1 > 0")]
    [TestCase("SELECT f(a) AS p, count(*) FROM t WHERE f(a) > 0 GROUP BY f(a)", "SELECT __mlsql_once1 AS p, count(*) FROM t " + View + " WHERE __mlsql_once1 > 0 GROUP BY __mlsql_once1")]
    [TestCase("SELECT sum(f(a)) FROM t WHERE f(a) IS NOT DISTINCT FROM 1", "SELECT sum(__mlsql_once1) FROM t " + View + " WHERE __mlsql_once1 IS NOT DISTINCT FROM 1")]
    [TestCase("SELECT id, f(a) AS p FROM t ORDER BY f(a) DESC LIMIT 3", "SELECT id, __mlsql_once1 AS p FROM t " + View + " ORDER BY __mlsql_once1 DESC LIMIT 3")]
    [TestCase("WITH c AS (SELECT f(a) AS p FROM t WHERE f(a) > 0) SELECT * FROM c", "WITH c AS (SELECT __mlsql_once1 AS p FROM t " + View + " WHERE __mlsql_once1 > 0) SELECT * FROM c")]
    [TestCase("SELECT p FROM (SELECT f(a) AS p FROM t WHERE f(a) > 0) UNION ALL SELECT f(a) FROM t WHERE f(a) < 0", "SELECT p FROM (SELECT __mlsql_once1 AS p FROM t " + View + " WHERE __mlsql_once1 > 0) UNION ALL SELECT __mlsql_once2 FROM t LATERAL VIEW explode(array(f(a))) __mlsql_once2_view AS __mlsql_once2 WHERE __mlsql_once2 < 0")]
    [TestCase("CREATE TABLE x AS SELECT f(a) AS p FROM t WHERE f(a) > 0", "CREATE TABLE x AS SELECT __mlsql_once1 AS p FROM t " + View + " WHERE __mlsql_once1 > 0")]
    [TestCase("SELECT f(a), f(b) FROM t WHERE f(a) > 0 AND f(b) > 0", "SELECT __mlsql_once1, __mlsql_once2 FROM t " + View + " LATERAL VIEW explode(array(f(b))) __mlsql_once2_view AS __mlsql_once2 WHERE __mlsql_once1 > 0 AND __mlsql_once2 > 0")]
    public void Calls_of_several_clauses_become_one(string sql, string expected) => Assert.That(EqualCalls.Hoist(sql, s_functions, s_packed), Is.EqualTo(expected));

    [TestCase("SELECT count(*) FROM t WHERE packed([a], b) > 0 AND c = 1", "SELECT count(*) FROM t LATERAL VIEW explode(array(packed([a], b))) __mlsql_once1_view AS __mlsql_once1 WHERE __mlsql_once1 > 0 AND c = 1")]
    [TestCase("SELECT count(*), (a * 2) FROM t WHERE packed([a]) > 0", "SELECT count(*), (a * 2) FROM t LATERAL VIEW explode(array(packed([a]))) __mlsql_once1_view AS __mlsql_once1 WHERE __mlsql_once1 > 0")]
    [TestCase("SELECT * FROM t WHERE packed([a]) > 0", "SELECT * EXCLUDE (__mlsql_once1) FROM t LATERAL VIEW explode(array(packed([a]))) __mlsql_once1_view AS __mlsql_once1 WHERE __mlsql_once1 > 0")]
    public void A_packed_call_of_a_filter_stays_above(string sql, string expected) => Assert.That(EqualCalls.Hoist(sql, s_functions, s_packed), Is.EqualTo(expected));

    [TestCase("SELECT f(a) FROM t WHERE f(b) > 0", Description = "not equal")]
    [TestCase("SELECT packed([a]) FROM t ORDER BY id")]
    [TestCase("SELECT hash(*) FROM t WHERE packed([a]) > 0", Description = "* means all columns")]
    [TestCase("SELECT count(DISTINCT *), max(a) FROM t WHERE packed([a]) > 0")]
    [TestCase("SELECT f(a) FROM t WHERE f(a) > 0 AND hash(1, *) > 0")]
    [TestCase("SELECT id FROM t WHERE EXISTS (SELECT 1 FROM u WHERE packed([a]) > 0)", Description = "a may be the outer query's")]
    [TestCase("SELECT f(a), f(a) + 1 FROM t", Description = "one clause: Spark shares them")]
    [TestCase("SELECT f(a) FROM t GROUP BY f(a)")]
    [TestCase("SELECT g(a) FROM t WHERE g(a) > 0", Description = "not ours")]
    [TestCase("SELECT f(a) AS p FROM t ORDER BY p")]
    [TestCase("SELECT -a AS a, f(a) AS p FROM t ORDER BY f(a)", Description = "ORDER BY means the list's a")]
    [TestCase("SELECT -a a, f(a) FROM t ORDER BY f(a)")]
    [TestCase("SELECT DISTINCT f(a) AS p FROM t ORDER BY f(a)")]
    [TestCase("SELECT f(a), count(*) FROM t WHERE f(a) > 0 GROUP BY f(a) HAVING f(a) < 9")]
    [TestCase("SELECT id FROM t WHERE EXISTS (SELECT f(a) FROM u WHERE f(a) = t.id)", Description = "a may be the outer query's")]
    [TestCase("SELECT id FROM t WHERE EXISTS (SELECT 1 FROM (SELECT f(a) AS p FROM u WHERE f(a) > 0) q WHERE q.p = 1)", Description = "and deeper within it")]
    [TestCase("SELECT transform(l, a -> f(a)) FROM t WHERE f(a) > 0", Description = "two different a")]
    [TestCase("SELECT f(a) FROM t PIVOT (sum(b) FOR c IN (1)) WHERE f(a) > 0")]
    [TestCase("SELECT * EXCLUDE b, f(a) FROM t WHERE f(a) > 0")]
    [TestCase("SELECT f(a) FROM (SELECT a FROM u WHERE f(a) > 0) t", Description = "two SELECTs")]
    [TestCase("SELECT f(a) FROM t JOIN u ON f(a) = u.id WHERE f(a) > 0")]
    public void Others_stay_as_they_are(string sql) => Assert.That(EqualCalls.Hoist(sql, s_functions, s_packed), Is.EqualTo(sql));
}
