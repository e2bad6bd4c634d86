using MlSql.Language.Statements;

namespace MlSql.UnitTests.Language;

public sealed class QueryTests
{
    // Syntax of the engine that the grammar knows nothing of, as an expression or after FROM.
    private static readonly string[] s_expressions =
    [
        "a::DOUBLE", "a::DECIMAL(10, 2)[]", "{'a': 1, 'b': [1, 2]}", "[x + 1 for x in l if x > 2]", "list_transform(l, x -> x + 1)", "list_transform(l, lambda x : x + 1)", "l[1:2]", "l[:-1]", "s.a.b", "s['k']",
        "CASE WHEN a > 1 THEN b ELSE c END", "CAST(a AS INTEGER)", "TRY_CAST(a AS DATE)", "EXTRACT(year FROM d)", "a IS NOT DISTINCT FROM b", "a IS DISTINCT FROM b", "INTERVAL 3 DAY", "INTERVAL '1' MONTH",
        "percentile_cont(0.5) WITHIN GROUP (ORDER BY a)", "count(*) FILTER (WHERE a > 1)", "row_number() OVER (PARTITION BY a ORDER BY b ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)", "sum(a) OVER w", "#1", "$1", "?", "$name",
        "COLUMNS(*)", "COLUMNS(c -> c LIKE 'a%')", "j->'$.a'->>'b'", "a @> b", "a <@ b", "a ^@ 'x'", "a || b", "a // b", "a ** 2", "a IN (1, 2)", "a IN (SELECT b FROM u)", "EXISTS (FROM u)", "a BETWEEN 1 AND 2",
        "NOT a", "f(x := 1)", "MAP {'k': 1}", "E'it\\'s'", "$$a ' b$$", "$tag$ ; $tag$", "X'00ff'", "DATE '2020-01-01'", "größe", "\"odd \"\" name\"", "日本", "trim(BOTH 'x' FROM a)", "a COLLATE nocase", "a AT TIME ZONE 'UTC'",
        "TIMESTAMP WITH TIME ZONE '2020-01-01 00:00:00+00'", "array_agg(a ORDER BY b DESC NULLS LAST)", "GROUPING(a)", "1e-5", "0x1F", "1_000", ".5", "a::TIMESTAMP WITH TIME ZONE", "(SELECT max(x) FROM u)", "struct_pack(a := 1)", "a.b[1].c",
        "a ILIKE 'x%' ESCAPE '!'", "a SIMILAR TO 'x'", "a ~ 'b'", "!a", "~1", "a >> 2", "ROW(1, 2)", "(a, b) = (1, 2)", "position('a' IN b)", "substring(a FROM 1 FOR 2)", "POSITION", "label", "\"select\"", "t.\"from\"", "t.order", "CURRENT_DATE", "model",
    ];

    private static readonly string[] s_tails =
    [
        "FROM t", "FROM t AS x(a, b)", "FROM a ASOF JOIN b USING (id)", "FROM a POSITIONAL JOIN b", "FROM a, LATERAL (SELECT 1)", "FROM t TABLESAMPLE 10%", "FROM t USING SAMPLE 10 ROWS (reservoir, 3)", "FROM read_csv('x.csv', header = true)",
        "FROM 'x.parquet'", "FROM (VALUES (1, 2), (3, 4)) v(a, b)", "FROM t WHERE a GROUP BY ALL ORDER BY ALL", "FROM t QUALIFY row_number() OVER () = 1", "FROM t WINDOW w AS (PARTITION BY a)", "FROM (PIVOT t ON a USING sum(b) GROUP BY c)",
        "FROM t PIVOT (sum(a) FOR b IN (1, 2))", "FROM t UNPIVOT (a FOR b IN (c, d))", "FROM t UNION BY NAME SELECT 1", "FROM t UNION ALL BY NAME SELECT 1", "FROM t EXCEPT ALL SELECT 2", "FROM t LIMIT 10 OFFSET 3", "FROM t LIMIT 10%",
        "FROM t GROUP BY GROUPING SETS ((a), ())", "FROM t GROUP BY CUBE (a, b) HAVING a > 1", "FROM t ORDER BY a DESC NULLS LAST", "FROM a LEFT JOIN b ON a.x = b.x AND a.y IS DISTINCT FROM b.y", "FROM a SEMI JOIN b USING (x)", "FROM range(10) r(i)",
        "FROM t x WHERE x.a = 1", "FROM generate_series(1, 3) WITH ORDINALITY", "FROM db.schema.t AT (VERSION => 3)", "",
    ];

    [TestCaseSource(nameof(s_expressions))]
    public void An_expression_of_the_engine_survives_beside_a_prediction(string expression)
    {
        foreach (string text in new[]
        {
            $"SELECT {expression}, PREDICT(m, a) AS p FROM t",
            $"SELECT PREDICT(m, {expression}) AS p FROM t",
            $"SELECT * FROM t WHERE ({expression}) = PREDICT(m, a)",
            $"SELECT * FROM t WHERE PREDICT(m, a) > 1 AND {expression}",
            $"FROM t SELECT f({expression}, PREDICT(m, a))",
        })
        {
            var statement = Parsing.Parsed<QueryStatement>(text);
            Coverage.Check(statement.Text);
            Assert.That(Parsing.AllParts(statement.Text).OfType<ScalarPredict>().Count(), Is.EqualTo(1), text);
        }
        var argument = Parsing.Only<ScalarPredict>($"SELECT PREDICT(m, {expression}) FROM t").Arguments!.Value.Single();
        Assert.That(argument.Expression.Span.Of($"SELECT PREDICT(m, {expression}) FROM t"), Is.EqualTo(expression));
    }

    [TestCaseSource(nameof(s_tails))]
    public void A_clause_of_the_engine_survives_behind_a_prediction(string tail)
    {
        var statement = Parsing.Parsed<QueryStatement>($"SELECT a, PREDICT(m, a) AS p {tail}");

        Coverage.Check(statement.Text);
        SelectBlock block = Parsing.AllParts(statement.Text).OfType<SelectBlock>().First();
        Assert.That(block.Parts.OfType<SelectItem>().Count(), Is.EqualTo(2));
        Assert.That(block.From is null, Is.EqualTo(tail.Length == 0));
    }

    [Test]
    public void The_from_clause_ends_where_the_next_clause_begins()
    {
        const string Text = "SELECT PREDICT(m, a) FROM t JOIN u ON t.x = u.x WHERE a > 1";

        SelectBlock block = Parsing.Only<SelectBlock>(Text);

        Assert.That(block.From!.Relations.Span.Of(Text), Is.EqualTo("t JOIN u ON t.x = u.x"));
    }

    [TestCase("a AS b", "b", "a")]
    [TestCase("a b", "b", "a")]
    [TestCase("a + 1 \"odd name\"", "odd name", "a + 1")]
    [TestCase("b : a + 1", "b", "a + 1")]
    [TestCase("a AS 'text'", "text", "a")]
    [TestCase("f(x) y", "y", "f(x)")]
    [TestCase("CASE WHEN a THEN b END c", "c", "CASE WHEN a THEN b END")]
    [TestCase("a AS order", "order", "a")]
    [TestCase("CASE WHEN a THEN b END", null, "CASE WHEN a THEN b END")]
    [TestCase("a IS NULL", null, "a IS NULL")]
    [TestCase("NOT a", null, "NOT a")]
    [TestCase("t.a", null, "t.a")]
    [TestCase("INTERVAL 3 day", null, "INTERVAL 3 day")]
    [TestCase("a::INT", null, "a::INT")]
    [TestCase("a::INT b", "b", "a::INT")]
    [TestCase("sum(a) OVER w", null, "sum(a) OVER w")]
    public void A_select_item_knows_its_alias(string item, string? alias, string expression)
    {
        string text = $"SELECT {item}, PREDICT(m, a) FROM t";

        SelectItem parsed = Parsing.AllParts(Parsing.Parsed<QueryStatement>(text).Text).OfType<SelectItem>().First();

        Assert.That(parsed.Alias?.Text, Is.EqualTo(alias));
        Assert.That(parsed.Expression.Span.Of(text), Is.EqualTo(expression));
    }

    [TestCase("*", true)]
    [TestCase("t.*", true)]
    [TestCase("s.t.* EXCLUDE (a)", true)]
    [TestCase("* EXCEPT (a, b)", true)]
    [TestCase("* REPLACE (a + 1 AS a)", true)]
    [TestCase("a * 2", false)]
    [TestCase("count(*)", false)]
    public void A_star_is_told_from_a_product(string item, bool star)
    {
        SelectItem parsed = Parsing.AllParts(Parsing.Parsed<QueryStatement>($"SELECT {item}, PREDICT(m, a) FROM t").Text).OfType<SelectItem>().First();

        Assert.That(parsed.Star, Is.EqualTo(star));
    }

    [Test]
    public void Only_the_path_to_a_prediction_has_structure()
    {
        QueryStatement statement = Parsing.Parsed<QueryStatement>("WITH a AS (SELECT 1 FROM t), b AS (SELECT PREDICT(m, x) FROM a) SELECT * FROM b JOIN (SELECT 2 FROM c) USING (x)");

        Assert.That(Parsing.AllParts(statement.Text).OfType<SelectBlock>().Count(), Is.EqualTo(2));
        WithClause with = Parsing.AllParts(statement.Text).OfType<WithClause>().Single();
        Assert.That(with.Recursive, Is.False);
        Assert.That(Parsing.AllParts(statement.Text).OfType<QueryExpression>().First().With, Is.SameAs(with));
    }

    [Test]
    public void Set_operations_separate_blocks()
    {
        QueryExpression query = (QueryExpression)Parsing.Parsed<QueryStatement>("SELECT 1 UNION ALL SELECT PREDICT(m, a) FROM t EXCEPT SELECT 2").Text.Parts.Single();

        Assert.That(query.Parts.OfType<SelectBlock>().Count(), Is.EqualTo(3));
    }

    [TestCase("SELECT extract(year FROM PREDICT(m, a)) FROM t")]
    [TestCase("SELECT PREDICT(m, a) AS p, b AS model, CAST(c AS model) FROM (SELECT x AS model FROM u)")]
    [TestCase("(SELECT 1) UNION ALL FROM t SELECT PREDICT(m, a)")]
    [TestCase("SELECT 1 FROM t JOIN u ON t.a = u.a AND PREDICT(m, a) > 0, v")]
    [TestCase("SELECT 1 FROM t GROUP BY a, PREDICT(m, a) ORDER BY b, substring(c FROM PREDICT(m, a) FOR 2)")]
    public void Where_a_value_stands_PREDICT_is_a_value(string text)
    {
        QueryStatement statement = Parsing.Parsed<QueryStatement>(text);

        Coverage.Check(statement.Text);
        Assert.That(Parsing.AllParts(statement.Text).OfType<ScalarPredict>(), Is.Not.Empty);
        Assert.That(Parsing.AllParts(statement.Text).Where(part => part is TableCall or NotCarriedOut), Is.Empty);
    }

    [TestCase("SELECT * FROM PREDICT(m, (SELECT 1)) p")]
    [TestCase("SELECT * FROM t, PREDICT(MODEL m, TABLE u)")]
    [TestCase("SELECT * FROM t JOIN PREDICT(m, TABLE u) p ON p.a = t.a")]
    [TestCase("UPDATE t SET a = p.a FROM PREDICT(m, TABLE u) p")]
    public void Where_a_relation_stands_PREDICT_gives_rows(string text) =>
        Assert.That(Parsing.Only<TableCall>(text).Function, Is.EqualTo("PREDICT"));

    [Test]
    public void Predictions_nest()
    {
        QueryStatement statement = Parsing.Parsed<QueryStatement>("SELECT PREDICT(a, PREDICT(b, x) AS y, f(PREDICT_PROBA(c, z)[1])) FROM t");

        ScalarPredict[] predictions = [.. Parsing.AllParts(statement.Text).OfType<ScalarPredict>()];

        Assert.That(predictions.Select(p => p.Model.Model.Text), Is.EqualTo(new[] { "a", "b", "c" }));
        Assert.That(predictions[0].Arguments!.Value.Select(argument => argument.Column?.Text), Is.EqualTo(new[] { "y", null }));
        Assert.That(predictions[2].Form, Is.EqualTo(PredictForm.Proba));
    }
}
