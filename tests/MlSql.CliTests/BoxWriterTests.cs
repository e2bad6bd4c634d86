using System.Globalization;
using MlSql.Cli.Terminal;
using MlSql.Columnar;

namespace MlSql.CliTests;

public class BoxWriterTests
{
    [Test]
    public void A_table_is_drawn_with_numbers_to_the_right()
    {
        RecordBatch batch = Batches.Of(("n", Batches.Fixed<int>(new IntegerType(32, true), 1, 20, null)), ("name", Batches.Text("a", null, "ccc")));
        Assert.That(Written.Box(batch), Is.EqualTo("""
            ┌──────┬──────┐
            │    n │ name │
            ├──────┼──────┤
            │    1 │ a    │
            │   20 │ NULL │
            │ NULL │ ccc  │
            └──────┴──────┘
            (3 rows)

            """));
    }

    [Test]
    public void A_plan_is_printed_as_text()
    {
        Assert.That(Written.Box(Batches.Of(("plan", Batches.Text("1. run", "   SELECT\u001b 1")))), Is.EqualTo("1. run\n   SELECT\\x1B 1\n"));
        Assert.That(Written.Box(Batches.Of(("explain_key", Batches.Text("physical_plan")), ("explain_value", Batches.Text("a\nb\n")))), Is.EqualTo("a\nb\n"));
    }

    [Test]
    public void Without_unicode_only_ascii_is_drawn()
    {
        string text = Written.Box(Batches.Of(("c", Batches.Text(new string('x', 200)))), width: 20, unicode: false);
        Assert.That(text, Is.EqualTo("""
            +------------------+
            | c                |
            +------------------+
            | xxxxxxxxxxxxx... |
            +------------------+
            (1 row)

            """));
    }

    [Test]
    public void More_than_40_rows_show_the_first_and_last_20_and_say_so()
    {
        RecordBatch[] batches = [Numbers(0, 30), Numbers(30, 5), Numbers(35, 65)];
        string[] lines = Written.Box(batches).Split('\n');
        Assert.Multiple(() =>
        {
            Assert.That(lines.Skip(3).Take(20).Select(Cell), Is.EqualTo(Enumerable.Range(0, 20).Select(Text)));
            Assert.That(Cell(lines[23]), Is.EqualTo("·"));
            Assert.That(lines.Skip(24).Take(20).Select(Cell), Is.EqualTo(Enumerable.Range(80, 20).Select(Text)));
            Assert.That(lines[45], Is.EqualTo("(100 rows, 40 shown)"));
        });
    }

    [Test]
    public void Forty_rows_are_all_shown()
    {
        string[] lines = Written.Box([Numbers(0, 25), Numbers(25, 15)]).Split('\n');
        Assert.That(lines.Skip(3).Take(40).Select(Cell), Is.EqualTo(Enumerable.Range(0, 40).Select(Text)));
        Assert.That(lines[44], Is.EqualTo("(40 rows)"));
    }

    [Test]
    public void Text_gives_way_before_numbers_and_the_widest_first()
    {
        RecordBatch batch = Batches.Of(("number", Batches.Fixed<long>(new IntegerType(64, true), 1234567890123)), ("short", Batches.Text("abcdef")), ("long", Batches.Text(new string('y', 100))));
        string[] lines = Written.Box(batch, width: 50).Split('\n');
        Assert.That(lines.Take(5).Select(DisplayWidth.Of), Is.All.EqualTo(50));
        Assert.That(lines[3], Does.Contain("1234567890123").And.Contain("abcdef").And.Contain("yyyy…"));
    }

    [Test]
    public void Too_many_columns_lose_the_middle_and_say_so()
    {
        RecordBatch batch = Batches.Of([.. Enumerable.Range(0, 40).Select(i => ($"column{i}", (Column)Batches.Fixed<int>(new IntegerType(32, true), i)))]);
        string[] lines = Written.Box(batch, width: 80).Split('\n');
        Assert.Multiple(() =>
        {
            Assert.That(lines.Take(5).Select(DisplayWidth.Of), Is.All.LessThanOrEqualTo(80));
            Assert.That(lines[1], Does.Contain("column0").And.Contain("column39").And.Contain("…"));
            Assert.That(lines[5], Does.Match(@"^\(1 row; 40 columns, \d+ shown\)$"));
        });
    }

    [Test]
    public void Wide_and_combining_characters_keep_the_borders_straight()
    {
        string[] lines = Written.Box(Batches.Of(("t", Batches.Text("日本語", "e\u0301", "plain", "🚀")))).Split('\n');
        Assert.That(lines.Take(8).Select(DisplayWidth.Of), Is.All.EqualTo(10));
    }

    [Test]
    public void Nothing_in_names_and_values_steers_the_terminal()
    {
        string text = Written.Box(Batches.Of(("a\x1b]0;x\x07", Batches.Text("\u009b2J\u202Eb\r\x7f"))));
        Assert.That(text.Where(c => char.IsControl(c) && c != '\n'), Is.Empty);
        Assert.That(text, Does.Contain("a\\x1B]0;x\\x07").And.Contain("\\u009B2J\\u202Eb\\r\\x7F"));
    }

    [Test]
    public void Colours_stand_only_where_they_are_wanted()
    {
        RecordBatch batch = Batches.Of(("c", Batches.Text([null])));
        Assert.That(Written.Box(batch, color: true), Does.Contain("\x1b[2mNULL\x1b[0m"));
        Assert.That(Written.Box(batch), Does.Not.Contain('\x1b'));
    }

    [Test]
    public void A_result_without_rows_shows_its_columns() =>
        Assert.That(Written.Box(Batches.Of(("c", Batches.Text(Array.Empty<string>())))), Does.Contain("│ c │").And.EndWith("(0 rows)\n"));

    private static RecordBatch Numbers(int from, int count) => Batches.Of(("c", Batches.Fixed(new IntegerType(32, true), [.. Enumerable.Range(from, count).Select(i => (int?)i)])));

    private static string Cell(string line) => line.Trim('│', ' ');

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
