using MlSql.Cli.Arguments;
using MlSql.Cli.Commands;
using MlSql.Cli.Terminal;

namespace MlSql.CliTests;

public class TerminalTests
{
    [TestCase("auto", true, false, false, true)]
    [TestCase("auto", false, false, false, false)]
    [TestCase("auto", true, true, false, false)]
    [TestCase("auto", true, false, true, false)]
    [TestCase("always", false, true, true, true)]
    [TestCase("never", true, false, false, false)]
    public void Colours_follow_choice_terminal_and_environment(string choice, bool terminal, bool dumb, bool noColor, bool expected)
    {
        Screen screen = new(terminal, terminal, dumb, Unicode: true, Width: 80, noColor);
        Assert.That(screen.Colors(Enum.Parse<ColorChoice>(choice, ignoreCase: true), terminal), Is.EqualTo(expected));
    }

    [TestCase("plain", 5)]
    [TestCase("日本", 4)]
    [TestCase("e\u0301", 1)]
    [TestCase("🚀", 2)]
    [TestCase("…", 1)]
    public void Width_is_what_a_terminal_shows(string text, int width) => Assert.That(DisplayWidth.Of(text), Is.EqualTo(width));

    [TestCase("日本語", 5, "日本…")]
    [TestCase("日本語", 4, "日…")]
    [TestCase("abc", 3, "abc")]
    [TestCase("abcd", 3, "ab…")]
    public void Text_is_cut_between_characters(string text, int width, string expected) => Assert.That(DisplayWidth.Fit(text, width, "…"), Is.EqualTo(expected));

    [Test]
    public void Messages_keep_their_lines_and_lose_their_control_characters()
    {
        using StringWriter error = new();
        new Messages(error, color: false, quiet: false).Failure(new MlSqlException("MLS2001", "m", null, "MLS2001 \x1b[2Jbad\n  1 | \tx\r", FailureKind.Statement), "a\x07.sql");
        Assert.That(error.ToString().ReplaceLineEndings("\n"), Is.EqualTo("In a\\x07.sql:\nMLS2001 \\x1B[2Jbad\n  1 | \tx\\r\n"));
    }

    [Test]
    public void Quiet_silences_notices_and_summaries_but_no_errors()
    {
        using StringWriter error = new();
        Messages messages = new(error, color: false, quiet: true);
        messages.Notice(new("MLS3001", "m", null, "", IsWarning: true));
        messages.Summary("Trained");
        messages.Failure(new MlSqlException("MLS2001", "wrong", "do this", "", FailureKind.Statement), null);
        Assert.That(error.ToString().ReplaceLineEndings("\n"), Is.EqualTo("MLS2001 wrong\n  hint: do this\n"));
    }

    [Test]
    public void Progress_is_one_line_that_fits()
    {
        StatementProgress progress = new("training", 0.5, 1_200_000, 2_500_000, 12, 100, 0.25, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(5));
        Assert.That(ProgressLine.Line(progress, 119, unicode: true), Is.EqualTo("training  ████████░░░░░░░░  50%  iteration 12/100  loss 0.250000  1.2 M rows  2.5 M rows/s  5 s left"));
        Assert.That(ProgressLine.Line(progress, 40, unicode: false), Is.EqualTo("training  [########........]  50%"));
    }

    [Test]
    public void Progress_waits_is_paced_and_goes_away()
    {
        using StringWriter error = new();
        TestClock clock = new();
        ProgressLine line = new(new Messages(error, color: false, quiet: false), clock, width: 80, unicode: false);
        StatementProgress progress = new("query", null, 10, 0, 0, 0, null, TimeSpan.Zero, null);

        line.Report(progress);
        line.Start();
        clock.Advance(0.2);
        line.Report(progress);
        Assert.That(error.ToString(), Is.Empty, "not before a statement runs for 0.3 s");
        clock.Advance(0.2);
        line.Report(progress);
        int once = error.ToString().Length;
        Assert.That(once, Is.Positive);
        clock.Advance(0.05);
        line.Report(progress);
        Assert.That(error.ToString(), Has.Length.EqualTo(once), "at most ten times a second");
        line.Stop();
        Assert.That(error.ToString(), Does.EndWith("\r\x1b[K"));
        int stopped = error.ToString().Length;
        clock.Advance(1);
        line.Report(progress);
        Assert.That(error.ToString(), Has.Length.EqualTo(stopped), "late reports are not shown");
    }

    [Test]
    public void The_doctor_prints_a_line_a_check_and_counts_failures()
    {
        string text = DoctorCommand.Print([new("engine", DoctorState.Ok, "1.5"), new("models folder", DoctorState.Fail, "m\x1b", "make it")], color: false);
        Assert.That(text, Is.EqualTo("OK    engine         1.5\nFAIL  models folder  m\\x1B\n                     hint: make it\n1 of 2 checks failed.\n"));
    }

    [TestCase("Statement", 1)]
    [TestCase("Limit", 4)]
    [TestCase("Connection", 3)]
    public void Every_kind_of_failure_has_its_exit_code(string kind, int code) => Assert.That(ExitCode.Of(Enum.Parse<FailureKind>(kind)), Is.EqualTo(code));

    private sealed class TestClock : TimeProvider
    {
        private long _now = 1;

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp() => _now;

        public void Advance(double seconds) => _now += (long)(seconds * TimestampFrequency);
    }
}
