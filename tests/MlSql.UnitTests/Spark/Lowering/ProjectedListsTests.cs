using MlSql.Engines.Spark.Lowering;

namespace MlSql.UnitTests.Spark.Lowering;

/// <summary>Which lists of packed arguments are made in a projection below the call.</summary>
internal sealed class ProjectedListsTests
{
    [TestCase("SELECT f([a, b]) FROM t", "SELECT f(nullif([a, b], [])) FROM t")]
    [TestCase("SELECT f( [a, l[1]], k) + f([b]) FROM t", "SELECT f( nullif([a, l[1]], []), k) + f(nullif([b], [])) FROM t")]
    [TestCase("SELECT CASE WHEN a > 0 THEN 1 END, f([a]) FROM t", "SELECT CASE WHEN a > 0 THEN 1 END, f(nullif([a], [])) FROM t")]
    [TestCase("SELECT t.case, t.end, f([a]) FROM t", "SELECT t.case, t.end, f(nullif([a], [])) FROM t")]
    [TestCase("SELECT b AS end, coalesce(f([a]), b), max(b, f([a])) FROM t", "SELECT b AS end, coalesce(f(nullif([a], [])), b), max(b, f(nullif([a], []))) FROM t")]
    [TestCase("SELECT coalesce(b, 0), if(b > 0, f([b]), 0) + f([a]) FROM t", "SELECT coalesce(b, 0), if(b > 0, f([b]), 0) + f(nullif([a], [])) FROM t")]
    public void Lists_of_packed_calls(string sql, string expected) => Assert.That(ProjectedLists.Write(sql, new HashSet<string> { "f" }), Is.EqualTo(expected));

    [TestCase("SELECT g([a]), [a], (SELECT max(f) FROM t) FROM t")]
    [TestCase("([a])")]
    [TestCase("SELECT f(a), f(l[1]), f(b, [a]) FROM t")]
    [TestCase("SELECT coalesce(b, -f([a])), IF(f(a), 1, (2 * f([a]))), nvl(max(b, 1), f([a])) FROM t", Description = "nor of these")]
    [TestCase("SELECT CASE WHEN a > 0 THEN f([a]) ELSE CASE b WHEN 1 THEN 2 END + f([a]) END FROM t", Description = "Spark computes nothing ahead there")]
    public void Others_stay_as_they_are(string sql) => Assert.That(ProjectedLists.Write(sql, new HashSet<string> { "f" }), Is.EqualTo(sql));
}
