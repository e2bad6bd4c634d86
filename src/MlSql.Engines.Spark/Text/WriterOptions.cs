using System.Collections.Immutable;
using MlSql.Language;

namespace MlSql.Engines.Spark.Text;

/// <summary>Options of COPY … TO in Spark's words.</summary>
internal sealed class WriterOptions
{
    // Known to other engines, without a meaning of their own here: how large the pieces are and how they get to their place.
    private static readonly string[] s_hints =
        ["row_group_size", "row_group_size_bytes", "row_groups_per_file", "compression_level", "per_thread_output", "file_size_bytes", "use_tmp_file", "preserve_order", "parquet_version"];

    private static readonly string[] s_all = ["format", "compression", "single_file", "partition_by", "overwrite", "overwrite_or_ignore", "append"];
    private static readonly string[] s_csv = ["header", "delim", "sep", "delimiter", "quote", "escape", "null", "nullstr", "force_quote", "dateformat", "timestampformat"];
    private static readonly string[] s_json = ["dateformat", "timestampformat", "array"];

    private readonly SortedDictionary<string, string> _options = new(StringComparer.Ordinal);

    /// <summary>Options for a format (parquet, csv, json) and a target, whose ending may tell the compression and the delimiter.</summary>
    public WriterOptions(string format, string target)
    {
        Format = format;
        if (target.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)) _options["compression"] = "gzip";
        if (target.EndsWith(".zst", StringComparison.OrdinalIgnoreCase)) _options["compression"] = "zstd";
        if (format == "parquet") return;
        // Spark's own formats lose microseconds.
        _options["timestampNTZFormat"] = "yyyy-MM-dd HH:mm:ss.SSSSSS";
        _options["timestampFormat"] = "yyyy-MM-dd HH:mm:ss.SSSSSSXXX";
        if (format == "json") _options["ignoreNullFields"] = "false";
        if (format != "csv") return;
        _options["header"] = "true";
        if (FilePaths.IsTabbed(target)) _options["sep"] = "\t";
    }

    public string Format { get; }

    /// <summary>True for one part instead of one a task.</summary>
    public bool SingleFile { get; private set; }

    public bool Append { get; private set; }

    /// <summary>True where the statement says itself that what is there may go.</summary>
    public bool Overwrite { get; private set; }

    public ImmutableArray<string> PartitionBy { get; private set; } = [];

    /// <summary>Spark's options.</summary>
    public ImmutableArray<KeyValuePair<string, string>> All()
    {
        if (Format != "csv") return [.. _options];
        // A quote within quotes is doubled, unless the statement says otherwise.
        var options = new SortedDictionary<string, string>(_options, StringComparer.Ordinal);
        options.TryAdd("escape", _options.GetValueOrDefault("quote", "\""));
        return [.. options];
    }

    /// <summary>Takes an option. Throws <see cref="SparkTextException"/> MLS6407 for one that COPY does not have here, MLS6404 for a value that it cannot take.</summary>
    public void Apply(string name, Constant value, Span at)
    {
        string option = name.ToLowerInvariant();
        string[] known = [.. s_all, .. Format switch { "csv" => s_csv, "json" => s_json, _ => [] }];
        if (s_hints.Contains(option) || option == "format") return;
        if (!known.Contains(option)) throw Unknown(name, known, at);
        switch (option)
        {
            case "compression": SetCompression(Text(value, name)); break;
            case "single_file": SingleFile = Boolean(value, name); break;
            case "overwrite" or "overwrite_or_ignore": Overwrite = Boolean(value, name); break;
            case "append": Append = Boolean(value, name); break;
            case "partition_by": PartitionBy = value.AsTexts() is { Length: > 0 } columns ? columns : throw Bad(value, name, "columns: PARTITION_BY (a, b)"); break;
            case "header": _options["header"] = Boolean(value, name) ? "true" : "false"; break;
            case "delim" or "sep" or "delimiter": _options["sep"] = Text(value, name); break;
            case "quote": _options["quote"] = Text(value, name); break;
            case "escape": _options[option] = Text(value, name); break;
            case "null" or "nullstr": _options["nullValue"] = Text(value, name); break;
            case "force_quote" when value.AsText() == "*": _options["quoteAll"] = "true"; break;
            case "force_quote": throw Bad(value, name, "* on Spark");
            case "array" when Boolean(value, name): throw Bad(value, name, "false on Spark, which writes an object a line");
            case "dateformat": _options["dateFormat"] = DateFormats.Spark(Text(value, name)) ?? throw Bad(value, name, "a format of %Y, %m, %d and the like"); break;
            case "timestampformat":
                _options["timestampFormat"] = _options["timestampNTZFormat"] = DateFormats.Spark(Text(value, name)) ?? throw Bad(value, name, "a format of %Y, %m, %d, %H, %M, %S and the like");
                break;
        }
    }

    private void SetCompression(string name)
    {
        if (name.StartsWith("auto", StringComparison.OrdinalIgnoreCase)) return;
        _options["compression"] = name.ToLowerInvariant();
    }

    private static bool Boolean(Constant value, string name) => value.AsBoolean() ?? throw Bad(value, name, "true or false");

    private static string Text(Constant value, string name) => value.AsText() ?? throw Bad(value, name, "a text");

    private static SparkTextException Bad(Constant value, string name, string wanted) => new("MLS6404", $"The option {name} takes {wanted}", null, value.At);

    private static SparkTextException Unknown(string name, string[] known, Span at) =>
        new("MLS6407", $"COPY has no option {name} on Spark for this format", (NearMatch.Best(name, known) is { } near ? $"did you mean {near}? It has " : "it has ") + string.Join(", ", known.Order(StringComparer.Ordinal)), at);
}
