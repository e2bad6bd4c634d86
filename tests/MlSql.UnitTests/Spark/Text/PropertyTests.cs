using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MlSql.Engines.Spark.Text;
using MlSql.Language;

namespace MlSql.UnitTests.Spark.Text;

public sealed class PropertyTests
{
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(3000).WithEndSize(60);

    // Nothing of what is rewritten: no text behind FROM, JOIN or a comma after them, no type of other engines behind :: or in CAST.
    private static readonly string[] s_plain =
    [
        "SELECT", "a", "\"b c\"", "`d e`", "'text'", "'it''s'", "''", "X'ff'", "r'\\d'", "1", "2.5", "1e-3", "(", ")", "x[1]", "+", "||", "=", "<>", "::INT", "::DECIMAL(10, 2)", "CAST(a AS DOUBLE)", "count(*)", "FROM t", "JOIN u ON",
        "WHERE", "GROUP BY", "ORDER BY a NULLS FIRST", "LIMIT 1", "UNION ALL", "WITH c AS (SELECT 1)", "CASE WHEN a THEN 'b' END", "/* 'c.csv' */", "-- d\n", "\n\t", "x.y", "f(x)[0]", "* EXCEPT (a)", "?", ":p", "é", "mlsql", "read_csv(", "copy", "create", "TEMP", "TABLE t",
    ];

    private static readonly string[] s_soup =
    [
        .. s_plain, "{'k':", "{", "}", "[", "]", ":", "MAP", "ARRAY", "EXCLUDE", "FROM", "JOIN", ",", ".", "'f.csv'", "'d/*.parquet'", "'g'", "'a\\'", "E'\\n'", "$$x$$", "read_csv('f.csv', header = true)", "read_json([", "read_parquet(", "mlsql.models", "mlsql.", "::", "CAST(", "AS", "VARCHAR", "STRUCT(", "MAP(", "INT[]",
        "COPY", "TO", "(FORMAT csv", "HEADER", "PARTITION_BY", "CREATE", "OR REPLACE", "VIEW", "IF NOT EXISTS", "INSERT INTO", "DROP TABLE", "DROP VIEW", "temp_t", "v", "SET", "DESCRIBE", "TRIM(", "'", "\"", "$$", "/*", ";", "\\\n", "\uD83D\uDE00", "\uD83D", "\0", "=>", ":=", "-", "**", "VALUES", "DISTINCT",
    ];

    private static readonly SparkNames s_names = Session();

    [Test]
    public void A_statement_without_the_forms_stays_as_it_is()
    {
        Gen<string> statements = Gen.ListOf(Gen.Elements(s_plain)).Select(tokens => "SELECT " + string.Join(' ', tokens) + " z");
        Check.One(s_config, Prop.ForAll(statements.ToArbitrary(), (Action<string>)(statement =>
        {
            SparkScript script = SparkRewriter.Rewrite(statement, ScriptPrint.Start);
            Assert.That(script.Main!.Text, Is.EqualTo(statement));
            Assert.That(script.Before, Is.Empty);
            Assert.That(script.Names, Is.EqualTo(ScriptPrint.Start));
        })));
    }

    [Test]
    public void Any_soup_of_tokens_gives_a_script_or_a_place_in_the_text()
    {
        Gen<string> soups = Gen.ListOf(Gen.Elements(s_soup)).Select(tokens => string.Join(' ', tokens));
        Check.One(s_config, Prop.ForAll(soups.ToArbitrary(), (Action<string>)CheckSoup));
        foreach (string verb in (string[])["COPY ", "CREATE TEMP TABLE ", "CREATE TABLE ", "CREATE VIEW ", "INSERT INTO ", "DROP TABLE ", "COPY t TO 'x' (", "SELECT * FROM read_csv('f.csv', "])
            Check.One(s_config.WithMaxTest(500), Prop.ForAll(soups.ToArbitrary(), (Action<string>)(soup => CheckSoup(verb + soup))));
    }

    [Test]
    public void Any_beginning_of_a_statement_gives_a_script_or_a_place_in_the_text()
    {
        foreach (string statement in File.ReadAllLines(Path.Combine(TestData.Root, "tests", "golden", "spark", "files.txt")).TakeWhile(line => line != "----"))
            for (int i = 0; i < statement.Length; i++)
            {
                CheckSoup(statement[..i]);
                CheckSoup(statement[i..]);
                CheckSoup(statement.Remove(i, 1));
            }
    }

    [Test]
    public void Deep_brackets_end()
    {
        foreach (string open in (string[])["(", "[", "{'a': ", "STRUCT(a ", "MAP(", "CAST("])
        {
            CheckSoup("SELECT x::" + string.Concat(Enumerable.Repeat(open, 2000)));
            CheckSoup("SELECT * FROM read_csv('a.csv', columns = " + string.Concat(Enumerable.Repeat(open, 2000)));
            CheckSoup("SELECT * FROM " + string.Concat(Enumerable.Repeat(open, 2000)) + "'a.csv'");
        }
    }

    [Test]
    public void A_literal_means_the_same_to_Spark()
    {
        Gen<string> texts = Gen.ListOf(Gen.OneOf(Gen.Elements('\'', '\\', '%', '_', 'n', '0', '"', 'u', '\n', '\0'), Gen.Choose(1, 0xD7FF).Select(c => (char)c))).Select(list => new string([.. list]));
        Check.One(s_config, Prop.ForAll(texts.ToArbitrary(), (Action<string>)(text =>
        {
            string rewritten = SparkRewriter.Rewrite("SELECT " + SqlQuote.Text(text), ScriptPrint.Start).Main!.Text;
            Assert.That(ReadAsSpark(rewritten["SELECT ".Length..]), Is.EqualTo(text));
        })));
    }

    // What Spark makes of a literal in single quotes while escapedStringLiterals is off.
    private static string ReadAsSpark(string literal)
    {
        Assert.That(literal[0], Is.EqualTo('\''));
        var text = new StringBuilder();
        int i = 1;
        for (; i < literal.Length; i++)
        {
            if (literal[i] == '\'' && (i + 1 == literal.Length || literal[i + 1] != '\'')) break;
            if (literal[i] == '\'') i++;
            else if (literal[i] == '\\')
            {
                Assert.That(literal[i + 1], Is.EqualTo('\\').Or.EqualTo('\''), "other escapes have meanings of their own");
                i++;
            }
            text.Append(literal[i]);
        }
        Assert.That(i, Is.EqualTo(literal.Length - 1), "the literal ends with the text");
        return text.ToString();
    }

    private static SparkNames Session()
    {
        SparkNames names = SparkRewriter.Rewrite("CREATE TEMP TABLE temp_t AS SELECT 1 AS a", ScriptPrint.Start).Names;
        return SparkRewriter.Rewrite("CREATE VIEW v AS SELECT * FROM 'w.csv'", names).Names;
    }

    private static void CheckSoup(string statement)
    {
        SparkScript script;
        try
        {
            script = SparkRewriter.Rewrite(statement, s_names);
        }
        catch (SparkTextException e)
        {
            Assert.That(e.Code, Does.Match("^MLS64[0-9]{2}$"));
            Assert.That(e.At.Start, Is.InRange(0, statement.Length), statement);
            Assert.That(e.At.End, Is.InRange(e.At.Start, statement.Length), statement);
            return;
        }
        foreach (SparkText text in script.Before.Concat(script.After).Append(script.Main).OfType<SparkText>()) CheckPieces(text, script.Before.Contains(text) ? null : statement);
    }

    // The pieces cover the text without gaps; what is said to be copied is.
    private static void CheckPieces(SparkText text, string? statement)
    {
        int at = 0;
        foreach (TextPiece piece in text.Pieces)
        {
            Assert.That(piece.Start, Is.EqualTo(at), text.Text);
            at += piece.Length;
            if (statement is null) continue;
            Assert.That(piece.OriginalStart, Is.InRange(0, statement.Length), text.Text);
            if (piece.Copied) Assert.That(text.Text.Substring(piece.Start, piece.Length), Is.EqualTo(statement.Substring(piece.OriginalStart, piece.Length)));
        }
        Assert.That(at, Is.EqualTo(text.Text.Length), text.Text);
    }
}
