using MlSql.Language.Statements;

namespace MlSql.UnitTests.Language;

public sealed class EngineStatementTests
{
    [TestCase("SELECT model, label, predict FROM features")]
    [TestCase("SELECT \"predict\"(a), \"ML\".\"PREDICT\"(b) FROM t")]
    [TestCase("SELECT t.predict(a) FROM t")]
    [TestCase("SELECT 'PREDICT(m, a)' AS text -- PREDICT(m, a)\n, /* ML.PREDICT(MODEL m, TABLE t) */ 2")]
    [TestCase("CREATE TABLE model AS SELECT label AS predict FROM train")]
    [TestCase("CREATE TABLE predict(a INTEGER, b INTEGER)")]
    [TestCase("INSERT INTO predict(a, b) VALUES (1, 2)")]
    [TestCase("CREATE MACRO predict(a) AS a + 1")]
    [TestCase("WITH x AS (SELECT 1), predict(a) AS (SELECT 2) SELECT * FROM predict")]
    [TestCase("WITH predict(a) AS (SELECT 2) SELECT * FROM predict")]
    [TestCase("SELECT * FROM t AS predict(a, b)")]
    [TestCase("EXPLAIN SELECT 1")]
    [TestCase("EXPLAIN ANALYZE SELECT 1")]
    [TestCase("EXPLAIN (FORMAT json) SELECT 1")]
    [TestCase("DESCRIBE model")]
    [TestCase("SHOW model")]
    [TestCase("SHOW versions")]
    [TestCase("DROP TABLE model")]
    [TestCase("IMPORT DATABASE 'd'")]
    [TestCase("EXPORT DATABASE 'd' (FORMAT parquet)")]
    [TestCase("PRAGMA version")]
    [TestCase("FROM t |> SELECT a")]
    [TestCase("COPY t TO 'train.parquet'")]
    [TestCase("ALTER TABLE t RENAME TO train")]
    [TestCase("SELECT a != b, a !~ 'x', !a FROM t")]
    [TestCase("SELECT count(*) FROM stream s")]
    [TestCase("CREATE OR REPLACE TABLE t (model VARCHAR)")]
    [TestCase("SUMMARIZE t")]
    [TestCase("SELECT ml.a, ai.b FROM ml, ai")]
    public void A_statement_without_ml_goes_through_word_for_word(string text)
    {
        var statement = Parsing.Parsed<EngineStatement>("  " + text + " ; ");

        Assert.That(statement.Span.Of("  " + text), Is.EqualTo(text));
    }

    [TestCase("SELECT PREDICT(m, a) FROM t")]
    [TestCase("select predict_proba(m, a) from t")]
    [TestCase("SELECT m!predict(a) FROM t")]
    [TestCase("SELECT PREDICT (m, a) FROM t")]
    [TestCase("SELECT * FROM ML . PREDICT(MODEL m, TABLE t)")]
    [TestCase("CREATE MACRO f(a) AS PREDICT(m, a)")]
    [TestCase("UPDATE t SET a = PREDICT(m, b) WHERE PREDICT(m, c) > 0")]
    [TestCase("DELETE FROM t WHERE PREDICT(m, a) = 'x'")]
    [TestCase("INSERT INTO t SELECT PREDICT(m, a) FROM u")]
    [TestCase("INSERT INTO t FROM u SELECT PREDICT(m, a)")]
    [TestCase("CREATE OR REPLACE TEMP VIEW v AS FROM u SELECT PREDICT(m, a)")]
    [TestCase("COPY (SELECT PREDICT(m, a) FROM u) TO 'x.parquet' (FORMAT parquet)")]
    [TestCase("MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN UPDATE SET b = PREDICT(m, u.c)")]
    [TestCase("VALUES (PREDICT(m, 1)), (2)")]
    public void A_statement_with_ml_inside_becomes_a_tree(string text)
    {
        var statement = Parsing.Parsed<QueryStatement>(text);

        Assert.That(statement.Text.HasMl, Is.True);
        Coverage.Check(statement.Text);
    }
}
