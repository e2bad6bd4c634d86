using MlSql.Language;

namespace MlSql.UnitTests.Language;

public sealed class PrinterTests
{
    [TestCase("SELECT a, bad FROM t", 10, 3, "  1 | SELECT a, bad FROM t\n    |           ^^^\n")]
    [TestCase("x\r\nSELECT bad\r\ny", 10, 3, "  2 | SELECT bad\n    |        ^^^\n")]
    [TestCase("\tbad", 1, 3, "  1 |     bad\n    |     ^^^\n")]
    [TestCase("日本 bad", 3, 3, "  1 | 日本 bad\n    |      ^^^\n")]
    [TestCase("e\u0301 bad", 3, 3, "  1 | e\u0301 bad\n    |   ^^^\n")]
    [TestCase("\u001B bad", 2, 3, "  1 | \\u001B bad\n    |        ^^^\n")]
    [TestCase("a bad\nmore", 2, 8, "  1 | a bad\n    |   ^^^\n")]
    [TestCase("end", 3, 0, "  1 | end\n    |    ^\n")]
    [TestCase("end\n", 4, 0, "  2 | \n    | ^\n")]
    [TestCase("1\n2\n3\n4\n5\n6\n7\n8\n9\nbad", 18, 3, "  10 | bad\n     | ^^^\n")]
    public void Carets_stand_under_the_place(string source, int start, int length, string place) =>
        Assert.That(DiagnosticPrinter.Print(source, new Diagnostic("MLS1001", new Span(start, length), "m", "h")), Is.EqualTo("MLS1001 m\n" + place + "    hint: h\n"));

    [TestCase(0)]
    [TestCase(5)]
    [TestCase(500)]
    [TestCase(995)]
    public void Long_lines_are_cut_around_the_carets(int at)
    {
        string source = new string('x', at) + "BAD" + new string('y', 1000 - at);

        string[] lines = DiagnosticPrinter.Print(source, new Diagnostic("MLS1001", new Span(at, 3), "m")).Split('\n');

        Assert.That(lines[1], Has.Length.LessThanOrEqualTo(80));
        Assert.That(lines[2].IndexOf('^', StringComparison.Ordinal), Is.EqualTo(lines[1].IndexOf("BAD", StringComparison.Ordinal)));
        Assert.That(lines[2].Count(c => c == '^'), Is.EqualTo(3));
    }

    [Test]
    public void A_long_span_in_a_long_line_keeps_within_the_width()
    {
        string[] lines = DiagnosticPrinter.Print(new string('x', 1000), new Diagnostic("MLS1001", new Span(100, 800), "m")).Split('\n');

        Assert.That(lines.Max(line => line.Length), Is.LessThanOrEqualTo(80));
        Assert.That(lines[2], Does.EndWith("^^^"));
    }

    [Test]
    public void Warnings_say_so() =>
        Assert.That(DiagnosticPrinter.Print("", new Diagnostic("MLS1001", default, "m", null, Severity.Warning)), Is.EqualTo("MLS1001 warning: m\n"));
}
