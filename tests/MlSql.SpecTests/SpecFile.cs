namespace MlSql.SpecTests;

/// <summary>A spec script: records with empty lines between them. The format is in tests/spec/README.md.</summary>
internal sealed class SpecFile
{
    private SpecFile(string path, string[] lines, bool needsShared, bool onDisk, List<SpecRecord> records)
    {
        Path = path;
        Lines = lines;
        NeedsShared = needsShared;
        OnDisk = onDisk;
        Records = records;
    }

    public string Path { get; }

    public string[] Lines { get; }

    /// <summary>"require shared": the file reads the shared fixtures.</summary>
    public bool NeedsShared { get; }

    /// <summary>"require database": the tables live in a database file, so that "reopen" finds them again.</summary>
    public bool OnDisk { get; }

    public List<SpecRecord> Records { get; }

    /// <summary>The folder of the scripts.</summary>
    public static string Folder { get; } = System.IO.Path.Combine(TestData.Root, "tests", "spec");

    /// <summary>Every script, by its path under the folder.</summary>
    public static string[] All() =>
        [.. Directory.EnumerateFiles(Folder, "*.slt", SearchOption.AllDirectories).Select(f => System.IO.Path.GetRelativePath(Folder, f).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    /// <summary>The records that do not run on the engine. Two neighbours, each for one engine only, say one thing in the words of each; neither is missing.</summary>
    public IEnumerable<SpecRecord> Missing(string engine)
    {
        for (int i = 0; i < Records.Count; i++)
        {
            bool pair = i + 1 < Records.Count && Records[i].OnlyOn is { } one && Records[i + 1].OnlyOn is { } other && one != other;
            if (pair) i++;
            else if (!Records[i].RunsOn(engine)) yield return Records[i];
        }
    }

    public static SpecFile Read(string name)
    {
        string path = System.IO.Path.Combine(Folder, name);
        string[] lines = File.ReadAllLines(path);
        var records = new List<SpecRecord>();
        bool needsShared = false, onDisk = false;
        string? onlyOn = null, notOn = null, reason = null;
        for (int i = 0; i < lines.Length;)
        {
            string line = lines[i].Trim();
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (line.Length == 0 || line[0] == '#')
            {
                i++;
                continue;
            }
            switch (words[0])
            {
                case "require" when words[^1] == "shared":
                    needsShared = true;
                    i++;
                    continue;
                case "require" when words[^1] == "database":
                    onDisk = true;
                    i++;
                    continue;
                case "onlyif":
                    if (words.Length < 3) throw new FormatException($"{name}:{i + 1}: onlyif needs a reason");
                    (onlyOn, reason) = (words[1], string.Join(' ', words[2..]));
                    i++;
                    continue;
                case "skipif":
                    if (words.Length < 3) throw new FormatException($"{name}:{i + 1}: skipif needs a reason");
                    (notOn, reason) = (words[1], string.Join(' ', words[2..]));
                    i++;
                    continue;
            }
            var record = ReadRecord(name, lines, i, words) with { OnlyOn = onlyOn, NotOn = notOn, Reason = reason };
            records.Add(record);
            (onlyOn, notOn, reason, i) = (null, null, null, record.End);
        }
        return new SpecFile(path, lines, needsShared, onDisk, records);
    }

    private static SpecRecord ReadRecord(string name, string[] lines, int start, string[] words)
    {
        int end = start + 1, dashes = -1;
        while (end < lines.Length && lines[end].Length > 0)
        {
            if (lines[end] == "----" && dashes < 0) dashes = end;
            end++;
        }
        var (kind, skip) = words switch
        {
            ["statement", "ok", ..] => (RecordKind.Ok, 2),
            ["statement", "error", ..] => (RecordKind.Error, 2),
            ["statement", "count", _] => (RecordKind.Count, 2),
            ["query", _, ..] => (RecordKind.Query, 1),
            ["columns"] => (RecordKind.Columns, 1),
            ["explain", _, ..] => (RecordKind.Explain, 1),
            ["metric", _, _, _] => (RecordKind.Metric, 1),
            ["notice", _, ..] => (RecordKind.Notice, 1),
            ["reopen"] => (RecordKind.Reopen, 1),
            _ => throw new FormatException($"{name}:{start + 1}: no record begins with: {lines[start]}"),
        };
        string sql = string.Join('\n', lines[(start + 1)..(dashes < 0 ? end : dashes)]);
        string[] expected = dashes < 0 ? [] : lines[(dashes + 1)..end];
        return new SpecRecord(kind, start + 1, words[skip..], sql, dashes < 0 ? -1 : dashes + 1, end, expected);
    }
}
