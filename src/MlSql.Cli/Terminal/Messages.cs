using System.Globalization;
using System.Text;
using MlSql.Cli.Arguments;

namespace MlSql.Cli.Terminal;

/// <summary>Everything that is not data, on standard error. Control characters are escaped; a progress line is erased first.</summary>
internal sealed class Messages(TextWriter error, bool color, bool quiet, bool debug = false)
{
    private readonly Lock _gate = new();
    private int _progressLength;

    /// <summary>A failed statement, as the session prints it.</summary>
    public void Failure(MlSqlException failure, string? script)
    {
        Write(Headed(script) + Coded(failure.Text.Length > 0 ? failure.Text : WithHint(failure), "31"));
        if (debug) Write(TerminalText.EscapeLines(failure.ToString()));
    }

    public void UsageError(UsageException error) => Write(Coded($"{error.Code} {TerminalText.EscapeLine(error.Message)}", "31"));

    public void Error(string text) => Write(Coded(text, "31"));

    /// <summary>A warning or notice; silent when quiet.</summary>
    public void Notice(Notice notice)
    {
        if (quiet) return;
        string text = notice.Text.Length > 0 ? notice.Text : $"{notice.Code} {notice.Message}" + (notice.Hint is null ? "" : $"\n  hint: {notice.Hint}");
        Write(Coded(text, notice.IsWarning ? "33" : "36"));
    }

    /// <summary>What a statement did; silent when quiet.</summary>
    public void Summary(string text)
    {
        if (!quiet) Write(TerminalText.EscapeLines(text));
    }

    /// <summary>How long a statement took, from its start to its last row.</summary>
    public void Timing(TimeSpan elapsed) => Write(Paint(string.Create(CultureInfo.InvariantCulture, $"time: {elapsed.TotalSeconds:0.000} s"), "2"));

    /// <summary>Redraws the progress line.</summary>
    public void Progress(string line)
    {
        lock (_gate)
        {
            Erase();
            error.Write(line);
            error.Flush();
            _progressLength = line.Length;
        }
    }

    /// <summary>Takes the progress line away.</summary>
    public void EraseProgress()
    {
        lock (_gate)
        {
            Erase();
            error.Flush();
        }
    }

    /// <summary>A line that is safe as it is.</summary>
    public void Write(string line)
    {
        lock (_gate)
        {
            Erase();
            error.WriteLine(line);
            error.Flush();
        }
    }

    public string Paint(string text, string code) => color ? $"\x1b[{code}m{text}\x1b[0m" : text;

    private void Erase()
    {
        if (_progressLength == 0) return;
        error.Write("\r\x1b[K");
        _progressLength = 0;
    }

    private string Headed(string? script) => script is null ? "" : Paint($"In {TerminalText.EscapeLine(script)}:", "1") + "\n";

    // The first line is what matters; the quoted place and the hint below it stay plain.
    private string Coded(string text, string code)
    {
        text = TerminalText.EscapeLines(text.TrimEnd('\n'));
        int end = text.IndexOf('\n', StringComparison.Ordinal);
        return end < 0 ? Paint(text, code) : new StringBuilder(Paint(text[..end], code)).Append(text.AsSpan(end)).ToString();
    }

    private static string WithHint(MlSqlException failure) => $"{failure.Code} {failure.Message}" + (failure.Hint is null ? "" : $"\n  hint: {failure.Hint}");
}
