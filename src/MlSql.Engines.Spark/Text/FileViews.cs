using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using MlSql.Language;

namespace MlSql.Engines.Spark.Text;

/// <summary>The temporary views over files that one statement needs, in the order in which they can be made. A view's name follows from what it reads and how, so making it again changes nothing.</summary>
internal sealed class FileViews(SparkNames names)
{
    private readonly List<SparkText> _commands = [];
    private readonly HashSet<string> _made = new(StringComparer.Ordinal);
    private readonly List<string> _sources = [];

    public ImmutableArray<SparkText> Commands => [.. _commands];

    /// <summary>What is read, resolved but not in Hadoop's spelling.</summary>
    public ImmutableArray<string> Sources => [.. _sources];

    /// <summary>Takes over views that a view of the session stands on.</summary>
    public void Add(SessionView view)
    {
        foreach (SparkText command in view.Files)
            if (_made.Add(command.Text)) _commands.Add(command);
        foreach (string source in view.Sources) AddSource(source);
    }

    /// <summary>The view over a file's name in FROM. Throws <see cref="SparkTextException"/> MLS6402 where the name does not tell how to read it, MLS6406 for a pattern that Spark has not.</summary>
    public string OfName(string path, Span at)
    {
        string reader = FilePaths.ReaderOf(path)
            ?? throw new SparkTextException("MLS6402", $"MlSql cannot tell from its name how to read {path}", "it reads .csv, .tsv, .parquet, .json, .jsonl (also .gz); for another name write read_csv('…'), read_json('…') or read_parquet('…')", at);
        return Of(new ReaderOptions(reader), [path], at);
    }

    /// <summary>The view over paths: for several, one each and their union, so that a missing one is missed.</summary>
    public string Of(ReaderOptions options, ImmutableArray<string> paths, Span at)
    {
        if (paths.Length == 1) return OfPath(options, paths[0], at);
        string[] views = [.. paths.Select(path => OfPath(options, path, at))];
        return Make($" AS {string.Join(" UNION ALL ", views.Select(view => $"SELECT * FROM {view}"))}", at);
    }

    private string OfPath(ReaderOptions options, string path, Span at)
    {
        string resolved = FilePaths.Resolve(path, names.BaseFolder);
        AddSource(resolved);
        IEnumerable<KeyValuePair<string, string>> all = options.For(path).Concat(Place(resolved, options.HivePartitioning, at));
        string columns = options.Columns is { } c ? $" ({c})" : "";
        return Make($"{columns} USING {options.Format} OPTIONS ({string.Join(", ", all.Select(o => $"{o.Key} {SparkLiteral.Text(o.Value)}"))})", at);
    }

    // a/**/b*.csv: all folders beneath a. Other patterns are Hadoop's too; basePath makes columns of folders such as year=2024, as without a pattern.
    private static IEnumerable<KeyValuePair<string, string>> Place(string path, bool? hive, Span at)
    {
        int deep = path.IndexOf("**", StringComparison.Ordinal);
        if (deep >= 0)
        {
            string name = path[(path.LastIndexOf('/') + 1)..];
            if (deep == 0 || path[deep - 1] != '/' || deep + 3 + name.Length != path.Length || FilePaths.IsPattern(path[..deep]))
                throw new SparkTextException("MLS6406", $"Spark cannot read the pattern {path}", "** may stand for folders before the last part, with no other pattern before it: folder/**/*.parquet", at);
            yield return new("path", FilePaths.Pattern(path[..(deep - 1)]));
            yield return new("pathGlobFilter", FilePaths.Pattern(name));
            if (hive != true) yield return new("recursiveFileLookup", "true");
            yield break;
        }
        yield return new("path", FilePaths.Pattern(path));
        if (hive != false && FilePaths.IsPattern(path) && FilePaths.FixedPart(path) is { Length: > 0 } folder) yield return new("basePath", folder);
        if (hive == false) yield return new("recursiveFileLookup", "true");
    }

    private void AddSource(string path)
    {
        if (!_sources.Contains(path)) _sources.Add(path);
    }

    private string Make(string definition, Span at)
    {
        string name = "mlsql_file_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(definition)).AsSpan(0, 6));
        string text = $"CREATE OR REPLACE TEMPORARY VIEW {name}{definition}";
        if (_made.Add(text)) _commands.Add(SparkTextBuilder.Of(text, at.Start));
        return name;
    }
}
