using System.Text;
using System.Text.RegularExpressions;

namespace MlSql.Scoring.Onnx.Interop;

/// <summary>What a status of the library said, word for word; whoever called knows what it means and says so.</summary>
internal sealed partial class OrtException(int code, string message) : Exception(message)
{
    private const int LoadCancelled = 12;
    private const int LongestText = 400;

    /// <summary>True when the load was cancelled by its flag.</summary>
    public bool IsLoadCancelled => code == LoadCancelled;

    /// <summary>True when a run was stopped by its terminate flag; only the text tells.</summary>
    public bool IsTermination => Message.Contains("terminate flag", StringComparison.Ordinal);

    /// <summary>True when memory could not be had; only the text tells.</summary>
    public bool IsMemory =>
        Message.Contains("Failed to allocate memory", StringComparison.Ordinal) || Message.Contains("bad_alloc", StringComparison.Ordinal) || Message.Contains("smaller than requested bytes", StringComparison.Ordinal)
        || Message.Contains("bad allocation", StringComparison.Ordinal);

    /// <summary>The text for users: one line, without paths of the build and C++ signatures, control characters replaced; the node in front where the library names it.</summary>
    public string Trimmed
    {
        get
        {
            string line = Message.Split('\n', 2)[0].Trim();
            string node = "";
            if (NodePattern().Match(line) is { Success: true } match)
            {
                string name = match.Groups["name"].Value;
                node = name.Length == 0 ? $"node {match.Groups["type"].Value}: " : $"node {name} ({match.Groups["type"].Value}): ";
                line = line[(match.Index + match.Length)..];
            }
            return Printable(node + WithoutSource(line));
        }
    }

    // "…/core/framework/bfc_arena.cc:360 void* onnxruntime::BFCArena::AllocateRawInternal(size_t, bool) Failed …"
    private static string WithoutSource(string line)
    {
        while (SourcePattern().Match(line) is { Success: true } source)
            line = line[..source.Index] + AfterSignature(line[(source.Index + source.Length)..]);
        return line.Trim();
    }

    private static string AfterSignature(string text)
    {
        int open = text.IndexOf('('), space = text.IndexOf(' ');
        if (space < 0) return "";
        // A bare function name has no parentheses, and the message follows it.
        if (open < 0 || !text[..open].Contains("::", StringComparison.Ordinal)) return text[(space + 1)..];
        int depth = 0;
        for (int i = open; i < text.Length; i++)
        {
            depth += text[i] switch { '(' or '[' or '<' => 1, ')' or ']' or '>' => -1, _ => 0 };
            if (depth == 0 && text[i] is ')' or ']' or '>' && i + 1 < text.Length && text[i + 1] == ' ' && !SignatureGoesOn(text.AsSpan(i + 1))) return text[(i + 2)..];
        }
        return "";
    }

    private static bool SignatureGoesOn(ReadOnlySpan<char> rest) => rest.StartsWith(" const", StringComparison.Ordinal) || rest.StartsWith(" [with", StringComparison.Ordinal);

    private static string Printable(string text)
    {
        var clean = new StringBuilder(Math.Min(text.Length, LongestText) + 1);
        foreach (char c in text)
        {
            if (clean.Length == LongestText) return clean.Append('…').ToString();
            clean.Append(char.IsControl(c) ? '\uFFFD' : c);
        }
        return clean.ToString();
    }

    [GeneratedRegex("Non-zero status code returned while running (?<type>\\S+) node\\. Name:'(?<name>.*?)' Status Message: ")]
    private static partial Regex NodePattern();

    [GeneratedRegex("\\S+\\.(?:cc|cpp|h|hpp):\\d+ ")]
    private static partial Regex SourcePattern();
}
