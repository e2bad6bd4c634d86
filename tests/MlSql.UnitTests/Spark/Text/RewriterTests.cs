using MlSql.Engines.Spark.Text;

namespace MlSql.UnitTests.Spark.Text;

public sealed class RewriterTests
{
    [Test]
    public void A_place_in_the_text_for_Spark_leads_back_to_the_statement()
    {
        const string Statement = "SELECT 'it''s \\', nosuch::TEXT FROM 'f.csv' WHERE wrong";
        SparkText main = SparkRewriter.Rewrite(Statement, ScriptPrint.Start).Main!;
        foreach (string word in (string[])["SELECT", "nosuch", "FROM", "WHERE", "wrong"])
            Assert.That(main.OriginalOf(main.Text.IndexOf(word, StringComparison.Ordinal)), Is.EqualTo(Statement.IndexOf(word, StringComparison.Ordinal)), word);
        Assert.That(main.OriginalOf(main.Text.IndexOf("STRING", StringComparison.Ordinal) + 3), Is.EqualTo(Statement.IndexOf("TEXT", StringComparison.Ordinal)), "inside what is ours: where it stands for");
        Assert.That(main.OriginalOf(main.Text.IndexOf("AS \"f\"", StringComparison.Ordinal)), Is.EqualTo(Statement.IndexOf("'f.csv'", StringComparison.Ordinal)));
        Assert.That(main.OriginalOf(main.Text.Length), Is.EqualTo(Statement.Length));
        Assert.That(main.OriginalOf(int.MaxValue), Is.EqualTo(Statement.Length));
    }

    [Test]
    public void Places_that_count_code_points_lead_back_too()
    {
        const string Statement = "SELECT '\uD83D\uDE00\uD83D\uDE00', a::TEXT, wrong FROM t";
        SparkText main = SparkRewriter.Rewrite(Statement, ScriptPrint.Start).Main!;
        int units = main.Text.IndexOf("wrong", StringComparison.Ordinal);
        Assert.That(main.OriginalOfCodePoint(units - 2), Is.EqualTo(Statement.IndexOf("wrong", StringComparison.Ordinal)));

        const string Lines = "SELECT E'\\n',\n a::TEXT, '\uD83D\uDE00',\n  '\uD83D\uDE00', wrong";
        SparkText broken = SparkRewriter.Rewrite(Lines, ScriptPrint.Start).Main!;
        Assert.That(broken.OriginalOfCodePoint(7, line: 4), Is.EqualTo(Lines.IndexOf("wrong", StringComparison.Ordinal)), "the E text has become two lines");
        Assert.That(broken.OriginalOfCodePoint(0, line: 99), Is.LessThanOrEqualTo(Lines.Length));
    }

    [Test]
    public void A_command_before_the_statement_stands_for_its_file() =>
        Assert.That(SparkRewriter.Rewrite("SELECT * FROM t, 'f.csv'", ScriptPrint.Start).Before.Single().OriginalOf(30), Is.EqualTo("SELECT * FROM t, ".Length));

    [TestCase("SELECT 1", true)]
    [TestCase("(SELECT 1)", true)]
    [TestCase("VALUES (1)", true)]
    [TestCase("FROM t", true)]
    [TestCase("WITH a AS (SELECT 1) SELECT * FROM a", true)]
    [TestCase("SHOW TABLES", true)]
    [TestCase("describe t", true)]
    [TestCase("WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a", false)]
    [TestCase("FROM t INSERT INTO u SELECT *", false)]
    [TestCase("INSERT INTO t VALUES (1)", false)]
    [TestCase("SET a = b", false)]
    [TestCase("USE s", false)]
    [TestCase("", false)]
    [TestCase("-- nothing", false)]
    public void Tells_which_statements_give_rows(string statement, bool rows) => Assert.That(SparkRewriter.Rewrite(statement, ScriptPrint.Start).IsQuery, Is.EqualTo(rows));

    [Test]
    public void Paths_stay_as_written_where_the_server_has_other_files()
    {
        SparkScript script = SparkRewriter.Rewrite("COPY (SELECT * FROM 'd/../f.csv') TO '/out.csv'", ScriptPrint.Start with { BaseFolder = null });
        Assert.That(script.Sources, Is.EqualTo(new[] { "d/../f.csv" }));
        Assert.That(script.Write!.Target, Is.EqualTo("/out.csv"));
    }

    [TestCase("a.csv", "file:///data/a.csv")]
    [TestCase("./d//a b.csv", "file:///data/d/a b.csv")]
    [TestCase("../../../a.csv", "file:///a.csv")]
    [TestCase("/x/./y/../a.csv", "file:///x/a.csv")]
    [TestCase("file:/x/a.csv", "file:/x/a.csv")]
    [TestCase("s3a://b/a.csv", "s3a://b/a.csv")]
    [TestCase("a:b.csv", "file:///data/a:b.csv")]
    [TestCase("d/a b:c.csv", "file:///data/d/a b:c.csv")]
    public void Relative_paths_count_from_the_base_folder(string path, string resolved) => Assert.That(FilePaths.Resolve(path, "/data"), Is.EqualTo(resolved));

    [TestCase("/o", "/o", true)]
    [TestCase("/o", "/o/a.csv", true)]
    [TestCase("/o/", "/o/*/a.csv", true)]
    [TestCase("/o", "/o*.csv", false)]
    [TestCase("/o", "/other/a.csv", false)]
    [TestCase("/o/a.csv", "/o/*.csv", false)]
    public void Tells_when_writing_takes_away_what_is_read(string target, string source, bool overwrites) => Assert.That(FilePaths.Overwrites(target, source), Is.EqualTo(overwrites));

    [Test]
    public void The_same_file_with_the_same_options_is_one_view_and_other_options_are_another()
    {
        SparkScript script = SparkRewriter.Rewrite("SELECT * FROM 'f.csv' a, './f.csv' b, read_csv('f.csv', header = true) c, read_csv('f.csv', header = false) d", ScriptPrint.Start);
        Assert.That(script.Before, Has.Length.EqualTo(2));
        Assert.That(SparkRewriter.Rewrite("SELECT * FROM 'f.csv' a, './f.csv' b, read_csv('f.csv', header = true) c, read_csv('f.csv', header = false) d", ScriptPrint.Start).Before.Select(t => t.Text), Is.EqualTo(script.Before.Select(t => t.Text)));
    }

    [Test]
    public void A_failed_statement_uses_up_its_number_and_changes_no_name()
    {
        SparkScript script = SparkRewriter.Rewrite("CREATE TEMP TABLE t AS SELECT 1", ScriptPrint.Start);
        Assert.That(script.NamesIfFailed, Is.EqualTo(ScriptPrint.Start with { Next = 2 }));
        Assert.That(script.Names.Behind("T"), Is.EqualTo("spark_catalog.default.mlsql_s_1"));
        Assert.That(SparkRewriter.Rewrite("CREATE TEMP TABLE t AS SELECT 1", script.NamesIfFailed).Names.Behind("t"), Is.EqualTo("spark_catalog.default.mlsql_s_2"));
    }
}
