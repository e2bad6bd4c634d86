using MlSql.Language;

namespace MlSql.UnitTests.Language;

public sealed class TextTests
{
    private static readonly Dictionary<string, string> s_values = new() { ["name"] = "it's", ["table"] = "odd \"t\"", ["n"] = "3", ["int"] = "7" };

    [TestCase("SELECT :n + :n", "SELECT 3 + 3")]
    [TestCase("SELECT :'name'", "SELECT 'it''s'")]
    [TestCase("FROM :\"table\"", "FROM \"odd \"\"t\"\"\"")]
    [TestCase("SELECT a::int, ':n', \":n\", $$:n$$ -- :n\n/* :n */", "SELECT a::int, ':n', \":n\", $$:n$$ -- :n\n/* :n */")]
    [TestCase("SELECT :other, :'other', : n, x:y", "SELECT :other, :'other', : n, x:y")]
    [TestCase("SELECT l[1:2], {'a':1}, f(x := :n)", "SELECT l[1:2], {'a':1}, f(x := 3)")]
    [TestCase("SELECT :'script_dir", "SELECT :'script_dir")]
    public void Variables_are_replaced_where_they_have_values(string text, string expected) =>
        Assert.That(ScriptVariables.Substitute(text, s_values), Is.EqualTo(expected));

    [TestCase("TRIAN", "TRAIN", 1)]
    [TestCase("amount", "ammount", 1)]
    [TestCase("abc", "cba", 2)]
    [TestCase("hours", "hour", 1)]
    [TestCase("HOUR", "hour", 0)]
    [TestCase("", "ab", 2)]
    [TestCase("abcd", "efgh", 3)]
    public void Distance_counts_slips_of_the_fingers(string a, string b, int distance) =>
        Assert.That(Math.Min(NearMatch.Distance(a, b), 3), Is.EqualTo(distance));

    [Test]
    public void The_nearest_name_is_offered_and_far_ones_are_not()
    {
        Assert.That(NearMatch.Best("ammount", ["hour", "amount", "amounts"]), Is.EqualTo("amount"));
        Assert.That(NearMatch.Best("xyz", ["hour", "amount"]), Is.Null);
        Assert.That(NearMatch.Best("a", ["b", "cd"]), Is.Null);
        Assert.That(NearMatch.Best("ab", ["b", "cd"]), Is.EqualTo("b"));
        Assert.That(Hint.DidYouMean("hours", ["hour"]), Is.EqualTo("did you mean hour?"));
        Assert.That(NearMatch.Best(new string('x', 10_000), [new string('x', 9_999)]), Is.Null);
    }

    [Test]
    public void Quotes_are_doubled()
    {
        Assert.That(SqlQuote.Identifier("a\"b"), Is.EqualTo("\"a\"\"b\""));
        Assert.That(SqlQuote.Text("it's"), Is.EqualTo("'it''s'"));
    }

    [Test]
    public void Nothing_that_steers_a_terminal_is_printed()
    {
        var chars = Enumerable.Range(0, 0xA0).Select(c => (char)c).Concat("\u200E\u202E\u2066\u2028\uFEFF\uD800x\uDC00");
        string text = new([.. chars]);

        string escaped = VisibleText.Escape(text);
        string printed = DiagnosticPrinter.Print(text.Replace("\n", " ", StringComparison.Ordinal).Replace("\r", " ", StringComparison.Ordinal), new Diagnostic("MLS1001", new Span(3, 40), text, text));

        foreach (string shown in new[] { escaped, printed.Replace("\n", "", StringComparison.Ordinal) })
            Assert.That(shown.Where(c => char.IsControl(c) || char.IsSurrogate(c) || c is '\u202E' or '\u2028' or '\uFEFF' or '\u200E' or '\u2066'), Is.Empty);
        Assert.That(VisibleText.Escape("plain größe 日本 😀"), Is.EqualTo("plain größe 日本 😀"));
        Assert.That(VisibleText.Escape("\u001B[31m"), Is.EqualTo("\\u001B[31m"));
    }

    [TestCase("a\nbc\r\nd", 3, 2, 2)]
    [TestCase("a\nbc\r\nd", 6, 3, 1)]
    [TestCase("a\rb", 2, 2, 1)]
    [TestCase("abc", 3, 1, 4)]
    public void Places_are_counted_from_one(string text, int position, int line, int column) =>
        Assert.That(LinePosition.Of(text, position), Is.EqualTo(new LinePosition(line, column)));
}
