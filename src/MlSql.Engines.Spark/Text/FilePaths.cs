using System.Buffers;
using System.Text;

namespace MlSql.Engines.Spark.Text;

/// <summary>Paths and patterns of files, from how a script writes them to how Spark reads them. Nothing here looks at a disk.</summary>
internal static class FilePaths
{
    private static readonly SearchValues<char> s_schemeLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    private static readonly (string Reader, string[] Endings)[] s_readers =
    [
        ("read_parquet", [".parquet", ".pq"]),
        ("read_csv", [".csv", ".tsv"]),
        ("read_json", [".json", ".jsonl", ".ndjson"]),
    ];

    /// <summary>The reader for a file's name by its ending, or null; .gz and the like may follow it.</summary>
    public static string? ReaderOf(string path)
    {
        string name = WithoutCompression(path);
        return s_readers.FirstOrDefault(r => r.Endings.Any(e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase))).Reader;
    }

    /// <summary>True for a file of values between tabs.</summary>
    public static bool IsTabbed(string path) => WithoutCompression(path).EndsWith(".tsv", StringComparison.OrdinalIgnoreCase);

    private static string WithoutCompression(string path)
    {
        foreach (string ending in (ReadOnlySpan<string>)[".gz", ".zst", ".bz2", ".lz4", ".snappy", ".deflate"])
            if (path.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) return path[..^ending.Length];
        return path;
    }

    /// <summary>The path from the root on, without . and .., behind file://; as it is where it has a scheme, or where there is no base folder.</summary>
    public static string Resolve(string path, string? baseFolder)
    {
        if (baseFolder is null || HasScheme(path)) return path;
        string whole = path.StartsWith('/') ? path : $"{baseFolder}/{path}";
        var parts = new List<string>();
        foreach (string part in whole.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count > 0) parts.RemoveAt(parts.Count - 1);
            else if (part is not ("." or "..")) parts.Add(part);
        }
        return "file:///" + string.Join('/', parts);
    }

    // One letter before the colon is a drive, not a scheme.
    private static bool HasScheme(string path)
    {
        int colon = path.IndexOf(':', StringComparison.Ordinal);
        return colon > 1 && path.AsSpan(0, colon).IndexOfAnyExcept(s_schemeLetters) < 0;
    }

    /// <summary>The pattern in the spelling of Hadoop: braces and backslashes, which stand for themselves in a script, behind a backslash; [!a] as [^a].</summary>
    public static string Pattern(string path)
    {
        var pattern = new StringBuilder(path.Length);
        for (int i = 0; i < path.Length; i++)
        {
            if (path[i] is '{' or '}' or '\\') pattern.Append('\\');
            pattern.Append(path[i] == '!' && i > 0 && path[i - 1] == '[' ? '^' : path[i]);
        }
        return pattern.ToString();
    }

    /// <summary>True when the path is a pattern.</summary>
    public static bool IsPattern(string path) => path.AsSpan().IndexOfAny("*?[") >= 0;

    /// <summary>The folders of a pattern before the first part with a sign of a pattern in it; the path itself where it is none.</summary>
    public static string FixedPart(string path)
    {
        int sign = path.AsSpan().IndexOfAny("*?[");
        return sign < 0 ? path : path[..Math.Max(0, path.LastIndexOf('/', sign))];
    }

    /// <summary>True when writing the folder <paramref name="target"/> would take away what <paramref name="source"/> reads.</summary>
    public static bool Overwrites(string target, string source)
    {
        string folder = target.TrimEnd('/'), read = FixedPart(source).TrimEnd('/');
        return read == folder || read.StartsWith(folder + "/", StringComparison.Ordinal);
    }

    /// <summary>What a relation that is a file is called where it has no alias: its name up to the first dot, or null where that is no name.</summary>
    public static string? Alias(string path)
    {
        string name = path[(path.LastIndexOf('/') + 1)..].Split('.')[0];
        return name.Length == 0 || IsPattern(name) ? null : name;
    }
}
