using MlSql.Language;
using MlSql.Language.Statements;

namespace MlSql.UnitTests.Language;

public sealed class ScriptTests
{
    [Test]
    public void Semicolons_in_quotes_comments_and_brackets_do_not_separate()
    {
        string[] statements =
        [
            "SELECT 'a;b''c;', E'it\\';s', $$x;'y$$, $t$;$$;$t$, \"n;\"\"m\", `k;l`",
            "SELECT 1 /* ; /* ; */ ; */ + 2 -- ;\n + 3",
            "SELECT (1; 2), [3; 4]",
            "TRAIN m LABEL y AS SELECT ';' AS y",
        ];
        string script = ";; " + string.Join(" ;\r\n ; ", statements) + "\n-- the end;";

        Assert.That(Parser.ParseScript(script).Select(result => result.Statement!.Span.Of(script)), Is.EqualTo(statements));
    }

    [TestCase("")]
    [TestCase(" ; \n;-- only\n/* comments */;")]
    public void A_script_of_nothing_has_no_statements(string script) => Assert.That(Parser.ParseScript(script), Is.Empty);

    [Test]
    public void A_bracket_that_is_never_closed_spoils_one_statement_only()
    {
        List<ParseResult> results = [.. Parser.ParseScript("SELECT (PREDICT(m, a); SELECT f(2); SHOW MODELS")];

        Assert.That(results, Has.Count.EqualTo(3));
        Assert.That(results[0].Diagnostics.Single().Code, Is.EqualTo("MLS1004"));
        Assert.That(results[1].Statement, Is.TypeOf<EngineStatement>());
        Assert.That(results[2].Statement, Is.TypeOf<ShowModelsStatement>());
    }

    [TestCase("SELECT 1; SELECT 'abc", 17)]
    [TestCase("SELECT 1; SELECT E'abc\\'", 17)]
    [TestCase("SELECT 1; SELECT $x$abc$y$", 17)]
    [TestCase("SELECT 1; SELECT \"abc;\n", 17)]
    [TestCase("SELECT 1; SELECT 2 /* /* */ ", 19)]
    [TestCase("SELECT 1; /* ", 10)]
    public void What_is_never_closed_is_told_where_it_began(string script, int start)
    {
        List<ParseResult> results = [.. Parser.ParseScript(script)];

        Assert.That(results, Has.Count.EqualTo(2));
        Assert.That(results[0].Failed, Is.False);
        Assert.That(results[1].Diagnostics.Single().Code, Is.EqualTo("MLS1003"));
        int began = script[start] == '\'' || start != 17 || script[start] != 'E' ? start : start + 1;
        Assert.That(results[1].Diagnostics.Single().At.Start, Is.EqualTo(began));
    }

    [Test]
    public void Spans_refer_to_the_whole_script()
    {
        const string Script = "SELECT 1;\n\nPREDICT m ON t;";

        var predict = (PredictStatement)Parser.ParseScript(Script).Last().Statement!;

        Assert.That(predict.Span.Of(Script), Is.EqualTo("PREDICT m ON t"));
        Assert.That(predict.Model.Span.Of(Script), Is.EqualTo("m"));
        Assert.That(predict.Source.Span.Of(Script), Is.EqualTo("t"));
    }

    [Test]
    public void Parsing_stops_when_it_is_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        using IEnumerator<ParseResult> results = Parser.ParseScript("SELECT 1; SELECT 2", cancel.Token).GetEnumerator();
        Assert.That(results.MoveNext(), Is.True);
        cancel.Cancel();

        Assert.That(() => results.MoveNext(), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void One_statement_is_asked_for_and_two_are_refused()
    {
        Assert.That(Parsing.Fault("SELECT 1; SELECT 2").At.Start, Is.EqualTo(10));
        Assert.That(Parsing.Fault("  ").Code, Is.EqualTo("MLS1011"));
    }
}
