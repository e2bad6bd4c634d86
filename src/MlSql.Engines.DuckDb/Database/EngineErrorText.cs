using System.Text.RegularExpressions;

namespace MlSql.Engines.DuckDb.Database;

/// <summary>Reads the engine's error texts: "Binder Error: …", then often an excerpt "LINE n: …" with a caret below.</summary>
internal static partial class EngineErrorText
{
    private const int LongestLine = 400;
    private const int MostAdvice = 6;
    private const string FileMark = "file = ";

    /// <summary>The kind of error that the prefix names, or unknown.</summary>
    public static EngineErrorType TypeOf(string text)
    {
        Match prefix = Prefix().Match(text);
        if (!prefix.Success) return EngineErrorType.Unknown;
        return prefix.Groups[1].Value switch
        {
            "Out of Range" => EngineErrorType.OutOfRange,
            "Conversion" => EngineErrorType.Conversion,
            "Mismatch Type" => EngineErrorType.MismatchType,
            "Divide by Zero" => EngineErrorType.DivideByZero,
            "Invalid type" => EngineErrorType.InvalidType,
            "Serialization" => EngineErrorType.Serialization,
            "TransactionContext" or "Transaction" => EngineErrorType.Transaction,
            "Not implemented" => EngineErrorType.NotImplemented,
            "Expression" => EngineErrorType.Expression,
            "Catalog" => EngineErrorType.Catalog,
            "Parser" => EngineErrorType.Parser,
            "Planner" => EngineErrorType.Planner,
            "Executor" => EngineErrorType.Executor,
            "Constraint" => EngineErrorType.Constraint,
            "Connection" => EngineErrorType.Connection,
            "Syntax" => EngineErrorType.Syntax,
            "Settings" => EngineErrorType.Settings,
            "Binder" => EngineErrorType.Binder,
            "Network" => EngineErrorType.Network,
            "Optimizer" => EngineErrorType.Optimizer,
            "IO" => EngineErrorType.Io,
            "INTERRUPT" => EngineErrorType.Interrupt,
            "FATAL" => EngineErrorType.Fatal,
            "INTERNAL" => EngineErrorType.Internal,
            "Invalid Input" => EngineErrorType.InvalidInput,
            "Out of Memory" => EngineErrorType.OutOfMemory,
            "Permission" => EngineErrorType.Permission,
            "Parameter Not Resolved" => EngineErrorType.ParameterNotResolved,
            "Parameter Not Allowed" => EngineErrorType.ParameterNotAllowed,
            "Dependency" => EngineErrorType.Dependency,
            "HTTP" => EngineErrorType.Http,
            "Missing Extension" => EngineErrorType.MissingExtension,
            "Extension Autoloading" => EngineErrorType.Autoload,
            "Sequence" => EngineErrorType.Sequence,
            "Invalid Configuration" => EngineErrorType.InvalidConfiguration,
            _ => EngineErrorType.Unknown,
        };
    }

    /// <summary>The error in one line, without prefix and excerpt; the engine's own advice, if any; and where in the statement the excerpt points.</summary>
    public static (string Message, string? Hint, int? Offset) Clean(string text, string sql)
    {
        int? offset = null;
        Match excerpt = Excerpt().Match(text);
        if (excerpt.Success)
        {
            offset = Locate(excerpt, sql);
            text = text[..excerpt.Index] + text[(excerpt.Index + excerpt.Length)..];
        }
        Match prefix = Prefix().Match(text);
        if (prefix.Success) text = text[prefix.Length..];

        var message = new List<string>();
        var advice = new List<string>();
        string? file = null;
        bool inMessage = true, adviceEnded = false;
        foreach (string line in text.Trim().Split('\n').Select(l => l.Trim()))
        {
            bool isAdvice = Advice().IsMatch(line);
            if (line.Length == 0 || isAdvice) inMessage = false;
            adviceEnded |= line.Length == 0 && advice.Count > 0;
            if (line.StartsWith(FileMark, StringComparison.Ordinal)) file = line[FileMark.Length..];
            else if (inMessage) message.Add(line.Length <= LongestLine ? line : line[..LongestLine] + "…");
            else if (!adviceEnded && advice.Count < MostAdvice && (isAdvice || advice.Count > 0)) advice.Add(Advice().Replace(line, "${kept}"));
        }
        if (file is not null) message.Add("file " + file);
        return (SeeAlso().Replace(string.Join("; ", message), ""), advice.Count == 0 ? null : string.Join("; ", advice.Where(a => a.Length > 0)), offset);
    }

    private static int? Locate(Match excerpt, string sql)
    {
        int lineStart = 0;
        for (int line = int.Parse(excerpt.Groups["line"].Value, System.Globalization.CultureInfo.InvariantCulture); line > 1; line--)
        {
            int end = sql.IndexOf('\n', lineStart);
            if (end < 0) return null;
            lineStart = end + 1;
        }
        int lineEnd = sql.IndexOf('\n', lineStart);
        if (lineEnd < 0) lineEnd = sql.Length;

        // The engine cuts long lines at both ends and marks that with three dots.
        string shown = excerpt.Groups["text"].Value;
        int inShown = UnitsForWidth(shown, excerpt.Groups["caret"].Length - 1 - (excerpt.Groups["text"].Index - excerpt.Groups["head"].Index));
        int cut = shown.StartsWith("...", StringComparison.Ordinal) ? 3 : 0;
        string middle = shown.EndsWith("...", StringComparison.Ordinal) && shown.Length >= cut + 3 ? shown[cut..^3] : shown[cut..];
        int found = sql.IndexOf(middle.TrimEnd('\r'), lineStart, lineEnd - lineStart, StringComparison.Ordinal);
        if (found < 0 || inShown < cut) return null;
        return Math.Min(found + inShown - cut, sql.Length);
    }

    // The caret stands by printed width: wide characters (East Asian, emoji) take two places.
    private static int UnitsForWidth(string shown, int width)
    {
        int units = 0;
        foreach (System.Text.Rune rune in shown.EnumerateRunes())
        {
            if (width <= 0) break;
            width -= rune.Value is >= 0x1100 and <= 0x115F or >= 0x2E80 and <= 0xA4CF or >= 0xAC00 and <= 0xD7A3 or >= 0xF900 and <= 0xFAFF or >= 0xFE30 and <= 0xFE6F or >= 0xFF00 and <= 0xFF60 or >= 0x1F300 and <= 0x1FAFF or >= 0x20000 and <= 0x3FFFD
                ? 2
                : System.Text.Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.NonSpacingMark ? 0 : 1;
            units += rune.Utf16SequenceLength;
        }
        return units;
    }

    [GeneratedRegex(@"[.;]? See also https?://\S+")]
    private static partial Regex SeeAlso();

    // What follows the error itself: names to choose from, ways out.
    [GeneratedRegex(@"^(?:(?<kept>Did you mean )|(?<kept>Candidate bindings: )|Candidate functions:|Candidates:|Possible [Ss]olution: )")]
    private static partial Regex Advice();

    [GeneratedRegex(@"^([A-Za-z][A-Za-z ]{1,30}?) Error: ")]
    private static partial Regex Prefix();

    [GeneratedRegex(@"\r?\n\r?\n(?<head>LINE (?<line>\d+): )(?<text>[^\n]*)\n(?<caret> *\^)[^\n]*")]
    private static partial Regex Excerpt();
}
