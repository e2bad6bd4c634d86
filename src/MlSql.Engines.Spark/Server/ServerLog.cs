using System.Text;

namespace MlSql.Engines.Spark.Server;

/// <summary>A log that another process is writing.</summary>
internal sealed class ServerLog(string path)
{
    private const int LongestTail = 8192;
    private long _position;
    private string _rest = "";

    /// <summary>What follows a phrase in a line that came since the last call, or null when no such line came.</summary>
    public string? After(string phrase)
    {
        if (!File.Exists(path)) return null;
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = _position;
        using StreamReader reader = new(file, Encoding.UTF8);
        string text = _rest + reader.ReadToEnd();
        _position = file.Position;
        int end = text.LastIndexOf('\n') + 1;
        _rest = text[end..];
        foreach (var line in text.AsSpan(0, end).EnumerateLines())
        {
            int at = line.IndexOf(phrase, StringComparison.Ordinal);
            if (at >= 0) return line[(at + phrase.Length)..].Trim().ToString();
        }
        return null;
    }

    /// <summary>The last lines, at most 8 KiB.</summary>
    public string Tail()
    {
        if (!File.Exists(path)) return "(it wrote nothing)";
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        bool whole = file.Length <= LongestTail;
        if (!whole) file.Position = file.Length - LongestTail;
        byte[] bytes = new byte[LongestTail];
        string text = Encoding.UTF8.GetString(bytes, 0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)).TrimEnd();
        return text.Length == 0 ? "(it wrote nothing)" : whole ? text : text[(text.IndexOf('\n') + 1)..];
    }
}
