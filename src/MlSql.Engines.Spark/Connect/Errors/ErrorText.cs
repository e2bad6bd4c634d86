using System.Globalization;
using System.Text.RegularExpressions;

namespace MlSql.Engines.Spark.Connect.Errors;

/// <summary>Takes the sentence, the position and a worker's own code out of what Spark writes.</summary>
internal static partial class ErrorText
{
    /// <summary>The sentence alone: without the condition's name before it, and the SQLSTATE, the plan, the statement and the stack behind it.</summary>
    public static string Sentence(string text, string? errorClass)
    {
        text = text.Trim();
        if (errorClass is not null)
        {
            // A failed job says first which task failed how often; the condition's own sentence is what counts.
            int named = text.IndexOf($"[{errorClass}] ", StringComparison.Ordinal);
            if (named >= 0) text = text[(named + errorClass.Length + 3)..];
        }
        return CutTail(text);
    }

    /// <summary>Line from 1 and column from 0, when the text names them.</summary>
    public static (int Line, int Column)? Position(string text)
    {
        Match found = LineAndPosition().Match(text);
        return found.Success && int.TryParse(found.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int line) && int.TryParse(found.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int column) ? (line, column) : null;
    }

    /// <summary>What our worker wrote when it failed a task: its code, its sentence, and the way out where it names one.</summary>
    public static (string Code, string Message, string? Hint)? FromWorker(string text)
    {
        Match found = WorkerCode().Match(text);
        if (!found.Success) return null;
        string rest = text[(found.Index + found.Length)..];
        string? hint = null;
        int hinted = rest.IndexOf("\nhint: ", StringComparison.Ordinal);
        if (hinted >= 0) hint = CutTail(rest[(hinted + 7)..]);
        return (found.Groups[1].Value, CutTail(hinted >= 0 ? rest[..hinted] : rest), hint);
    }

    private static string CutTail(string text)
    {
        Match tail = Tail().Match(text);
        return (tail.Success ? text[..tail.Index] : text).TrimEnd(' ', '\n', '\r', '\t', ';');
    }

    [GeneratedRegex(@"\bline (\d{1,9}),? pos (\d{1,9})")]
    private static partial Regex LineAndPosition();

    [GeneratedRegex(@"\b(MLS\d{4}): ")]
    private static partial Regex WorkerCode();

    [GeneratedRegex(@" SQLSTATE: \w{5}|\n== SQL|\n\s+at |\n\n|\nDriver stacktrace|\nJVM stacktrace")]
    private static partial Regex Tail();
}
