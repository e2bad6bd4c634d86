using MlSql.Language;
using MlSql.Language.Statements;

namespace MlSql.UnitTests.Language;

public sealed class LimitTests
{
    private static readonly (string Name, Func<int, string> Make)[] s_texts =
    [
        ("one statement with many items", size => "SELECT " + Repeat("a + b * c AS d, CASE WHEN a THEN b END e, PREDICT(m VERSION 3, a, b => c + 1) p, ", size) + "1 FROM t"),
        ("one statement with many tables", size => "SELECT * FROM a" + Repeat(", ML.PREDICT(MODEL a.b, (SELECT x, y FROM t), STRUCT(1 AS x)), STREAM b.c, d e", size)),
        ("one statement with many blocks", size => "SELECT PREDICT(m, a) FROM t" + Repeat(" UNION ALL SELECT PREDICT(m@c, a) FROM t JOIN u ON a = b WHERE c > 1", size)),
        ("one training with many options", size => "TRAIN m OPTIONS (" + Repeat("a.b = 3, c => [1, 2], 'k' 'v', ", size) + "z = 1) WEIGHT BY a" + Repeat(" + label * f(x)", size / 4) + " AS SELECT 1"),
        ("many statements", size => Repeat("SELECT a FROM t WHERE x = 'a;b'; SELECT PREDICT(m, a) FROM t; TRAIN m LABEL y AS SELECT * FROM t;\n", size)),
        ("many faults", size => Repeat("SELECT (PREDICT(m, 1); TRIAN m AS SELECT 1; PREDICT m ONN t;", size)),
    ];

    [TestCaseSource(nameof(s_texts))]
    public void Time_grows_with_the_text((string Name, Func<int, string> Make) text)
    {
        Parse(text.Make(20_000));
        TimeSpan small = Parse(text.Make(250_000));
        TimeSpan large = Parse(text.Make(1_000_000));

        // Four times the text; the rest is slack for collections and JIT, far below the sixteen times of a square.
        Assert.That(large, Is.LessThan(6 * small + TimeSpan.FromSeconds(1)));
        Assert.That(large, Is.LessThan(TimeSpan.FromSeconds(5)));
    }

    [TestCase("(")]
    [TestCase("SELECT PREDICT(m, (")]
    [TestCase("TRAIN m OPTIONS ([")]
    public void Brackets_without_end_are_refused_not_overflowed(string start)
    {
        Diagnostic fault = Parsing.Fault(start + new string('(', 200_000));

        Assert.That(fault.Code, Is.EqualTo("MLS1005"));
    }

    [TestCase("(", ")")]
    [TestCase("f(", ")")]
    [TestCase("[", "]")]
    [TestCase("PREDICT(m, ", ")")]
    [TestCase("(SELECT a FROM t WHERE b = ", ")")]
    [TestCase("(WITH x AS (SELECT 1) SELECT b, ", " AS c FROM ML.PREDICT(MODEL m, TABLE t))")]
    public async Task Nine_hundred_levels_parse_on_a_pool_thread(string open, string close)
    {
        string text = "SELECT PREDICT(m, " + string.Concat(Enumerable.Repeat(open, 900)) + "1" + string.Concat(Enumerable.Repeat(close, 900)) + ")";

        (ParseResult result, string tree) = await Task.Run(() =>
        {
            ParseResult parsed = Parser.Parse(text);
            return (parsed, parsed.Failed ? "" : StatementPrinter.Print(parsed.Statement!, text));
        });

        Assert.That(result.Statement, Is.TypeOf<QueryStatement>(), result.Diagnostics.FirstOrDefault()?.Message);
        Assert.That(tree, Does.StartWith("Query"));
    }

    [Test]
    public void Engine_statements_are_held_to_the_same_depth()
    {
        Assert.That(Parser.Parse("SELECT " + new string('(', 1_000) + "1" + new string(')', 1_000)).Failed, Is.False);
        Assert.That(Parsing.Fault("SELECT " + new string('(', 1_001) + "1" + new string(')', 1_001)).Code, Is.EqualTo("MLS1005"));
    }

    private static string Repeat(string text, int size) => string.Concat(Enumerable.Repeat(text, size / text.Length + 1));

    // Time of the processor, not of the clock: other processes share the machine.
    private static TimeSpan Parse(string text)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        int statements = Parser.ParseScript(text).Count();
        Assert.That(statements, Is.Positive);
        return Environment.CpuUsage.TotalTime - before;
    }
}
