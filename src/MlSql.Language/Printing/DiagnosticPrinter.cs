using System.Globalization;
using System.Text;
using MlSql.Language.Printing;

namespace MlSql.Language;

/// <summary>Shows diagnostics to people: code and message, the line with carets under the place, the hint. Safe to print on a terminal whatever the script holds.</summary>
public static class DiagnosticPrinter
{
    private const int Columns = 80;

    /// <summary>All diagnostics of a result, one below the other, each ending with a line end.</summary>
    public static string Print(ParseResult result) => string.Concat(result.Diagnostics.Select(diagnostic => Print(result.Source, diagnostic)));

    /// <summary>One diagnostic, lines ended by LF; a span over several lines is shown by its first.</summary>
    public static string Print(string source, Diagnostic diagnostic)
    {
        var text = new StringBuilder();
        text.Append(diagnostic.Code).Append(' ');
        if (diagnostic.Severity == Severity.Warning) text.Append("warning: ");
        text.Append(VisibleText.Escape(diagnostic.Message)).Append('\n');
        if (source.Length > 0) AppendPlace(text, source, diagnostic.At);
        if (diagnostic.Hint is { } hint) text.Append("    hint: ").Append(VisibleText.Escape(hint)).Append('\n');
        return text.ToString();
    }

    private static void AppendPlace(StringBuilder text, string source, Span at)
    {
        int position = Math.Clamp(at.Start, 0, source.Length);
        string number = LinePosition.Of(source, position).Line.ToString(CultureInfo.InvariantCulture);
        string margin = new(' ', number.Length + 3);
        (string line, string carets) = new SourceLine(source, position).Show(at, Columns - margin.Length - 2);
        text.Append("  ").Append(number).Append(" | ").Append(line).Append('\n');
        text.Append(margin).Append("| ").Append(carets).Append('\n');
    }
}
