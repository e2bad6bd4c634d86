using MlSql.Columnar;
using MlSql.Language;

namespace MlSql.Engines.DuckDb.Database;

/// <summary>Files, folders and patterns of files (CSV, Parquet, JSON) as tables.</summary>
internal static class TableFile
{
    private static readonly (string Function, string[] Endings)[] Readers =
    [
        ("read_parquet", [".parquet", ".pq"]),
        ("read_csv", [".csv", ".tsv", ".csv.gz", ".tsv.gz", ".csv.zst", ".tsv.zst"]),
        ("read_json", [".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz"]),
    ];

    /// <summary>Makes a temporary view of the name over the files. Throws <see cref="CodedException"/> MLS6026 or MLS6027, or <see cref="EngineException"/> for files that cannot be read.</summary>
    public static void CreateView(DuckDbConnection connection, string name, string path, CancellationToken cancel) =>
        connection.Execute($"CREATE OR REPLACE TEMP VIEW {SqlQuote.Identifier(name)} AS SELECT * FROM {Source(path)}", cancel);

    /// <summary>The call of the reader for a path, as SQL. Throws <see cref="CodedException"/> MLS6026 or MLS6027.</summary>
    public static string Source(string path)
    {
        if (Directory.Exists(path)) return FolderSource(path);
        if (File.Exists(path)) return Call(ReaderOf(path) ?? throw KindUnknown(path), Escape(path));
        if (path.AsSpan().IndexOfAny("*?[") < 0) throw Missing(path);
        return Call(ReaderOf(path) ?? throw KindUnknown(path), path);
    }

    private static string FolderSource(string folder)
    {
        foreach (SearchOption depth in (ReadOnlySpan<SearchOption>)[SearchOption.TopDirectoryOnly, SearchOption.AllDirectories])
        {
            foreach ((string function, string[] endings) in Readers)
            {
                string? ending = endings.FirstOrDefault(e => Directory.EnumerateFiles(folder, "*" + e, depth).Any());
                if (ending is null) continue;
                string pattern = depth == SearchOption.AllDirectories ? "**/*" : "*";
                return Call(function, $"{Escape(Path.TrimEndingDirectorySeparator(folder))}/{pattern}{ending}");
            }
        }
        throw new CodedException(EngineErrorCodes.TableFileMissing, $"The folder {folder} holds no CSV, Parquet or JSON files", "name a file, or a pattern such as folder/*.parquet");
    }

    private static string? ReaderOf(string path) =>
        Readers.FirstOrDefault(r => r.Endings.Any(e => path.EndsWith(e, StringComparison.OrdinalIgnoreCase))).Function;

    private static string Call(string function, string pattern) => $"{function}({SqlQuote.Text(pattern)})";

    // A file whose own name has the characters of a pattern: each in brackets stands for itself.
    private static string Escape(string path) =>
        string.Concat(path.Select(c => c is '*' or '?' or '[' ? $"[{c}]" : c.ToString()));

    private static CodedException KindUnknown(string path) =>
        new(EngineErrorCodes.TableFileKindUnknown, $"MlSql cannot tell from its name how to read {path}", "it reads .csv, .tsv, .parquet, .json, .jsonl (also .gz); for another name write a query: SELECT * FROM read_csv('…')");

    private static CodedException Missing(string path)
    {
        string? folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (folder is null || !Directory.Exists(folder))
            return new(EngineErrorCodes.TableFileMissing, $"There is no file {path}; its folder does not exist either", "correct the path");
        string name = Path.GetFileName(path);
        string[] near = [.. Directory.EnumerateFileSystemEntries(folder).Select(e => Path.GetFileName(e)).Select(e => (Entry: e, Distance: Distance(e, name)))
            .Where(e => e.Distance <= Math.Max(2, name.Length / 4)).OrderBy(e => e.Distance).ThenBy(e => e.Entry, StringComparer.Ordinal).Take(3).Select(e => e.Entry)];
        return new(EngineErrorCodes.TableFileMissing, $"There is no file {path}", near.Length > 0 ? $"its folder holds {string.Join(", ", near)}" : "correct the path");
    }

    // Levenshtein's distance, letters without case.
    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (int j = 0; j < row.Length; j++) row[j] = j;
        for (int i = 0; i < a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i + 1;
            for (int j = 0; j < b.Length; j++)
            {
                int replaced = diagonal + (char.ToUpperInvariant(a[i]) == char.ToUpperInvariant(b[j]) ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, Math.Min(row[j], diagonal) + 1);
            }
        }
        return row[b.Length];
    }
}
