using System.Collections.Immutable;
using MlSql.Language;

namespace MlSql.Engines.Spark.Text;

/// <summary>
/// Options of read_csv, read_json and read_parquet in Spark's words. A CSV file has a header and its types are inferred, values may hold line ends, and an empty one is NULL, in quotes or not (as DuckDB reads it), unless the call says
/// otherwise. A JSON file has an object a line. Rows that do not fit are an error, not NULLs.
/// </summary>
internal sealed class ReaderOptions
{
    // Known to other engines, without a meaning of their own here: hints of speed and of guessing.
    private static readonly string[] s_hints =
        ["auto_detect", "sample_size", "parallel", "buffer_size", "max_line_size", "maximum_line_size", "files_to_sniff", "maximum_object_size", "maximum_depth", "maximum_sample_files"];

    private static readonly string[] s_csv =
        ["header", "delim", "sep", "delimiter", "separator", "quote", "escape", "nullstr", "null", "all_varchar", "comment", "encoding", "columns", "ignore_errors", "dateformat", "date_format", "timestampformat", "timestamp_format", "compression", "hive_partitioning"];

    private static readonly string[] s_json = ["format", "columns", "ignore_errors", "dateformat", "date_format", "timestampformat", "timestamp_format", "compression", "hive_partitioning"];

    private static readonly string[] s_parquet = ["union_by_name", "hive_partitioning"];

    private readonly SortedDictionary<string, string> _options = new(StringComparer.Ordinal);
    private readonly string _reader;

    public ReaderOptions(string reader)
    {
        _reader = reader;
        if (reader == "read_parquet") return;
        _options["mode"] = "FAILFAST";
        if (reader != "read_csv") return;
        foreach ((string key, string value) in (ReadOnlySpan<(string, string)>)[("header", "true"), ("inferSchema", "true"), ("quote", "\""), ("multiLine", "true"), ("nullValue", "")]) _options[key] = value;
    }

    /// <summary>Spark's name of the format.</summary>
    public string Format => _reader["read_".Length..];

    /// <summary>Spark's options for a path, but where it is.</summary>
    public IEnumerable<KeyValuePair<string, string>> For(string path)
    {
        if (_reader != "read_csv") return _options;
        var options = new SortedDictionary<string, string>(_options, StringComparer.Ordinal);
        // A quote within quotes is doubled, unless the call says otherwise.
        options.TryAdd("escape", options["quote"]);
        if (FilePaths.IsTabbed(path)) options.TryAdd("sep", "\t");
        return options;
    }

    /// <summary>Columns with types as Spark's DDL, or null where they are inferred.</summary>
    public string? Columns { get; private set; }

    /// <summary>Whether folders such as year=2024 make columns; null = by themselves.</summary>
    public bool? HivePartitioning { get; private set; }

    /// <summary>Takes an option. Throws <see cref="SparkTextException"/> MLS6403 for one that the reader does not have here, MLS6404 for a value that it cannot take.</summary>
    public void Apply(string name, Constant value, Span at)
    {
        string[] known = _reader switch { "read_csv" => s_csv, "read_json" => s_json, _ => s_parquet };
        string option = name.ToLowerInvariant();
        if (s_hints.Contains(option)) return;
        if (!known.Contains(option)) throw Unknown(name, known, at);
        switch (option)
        {
            case "header": _options["header"] = Boolean(value, name) ? "true" : "false"; break;
            case "delim" or "sep" or "delimiter" or "separator": _options["sep"] = Text(value, name); break;
            case "quote": _options["quote"] = Text(value, name); break;
            case "escape" or "comment" or "encoding": _options[option] = Text(value, name); break;
            case "nullstr" or "null": _options["nullValue"] = value.AsTexts() is [var only] ? only : throw Bad(value, name, "one text"); break;
            case "all_varchar": _options["inferSchema"] = Boolean(value, name) ? "false" : "true"; break;
            case "ignore_errors": _options["mode"] = Boolean(value, name) ? "DROPMALFORMED" : "FAILFAST"; break;
            case "dateformat" or "date_format": _options["dateFormat"] = DateFormats.Spark(Text(value, name)) ?? throw Bad(value, name, "a format of %Y, %m, %d and the like"); break;
            case "timestampformat" or "timestamp_format": Timestamps(value, name); break;
            case "columns": SetColumns(value, name); break;
            case "format": Form(value, name); break;
            case "union_by_name": _options["mergeSchema"] = Boolean(value, name) ? "true" : "false"; break;
            case "hive_partitioning": HivePartitioning = Boolean(value, name); break;
            case "compression" when Text(value, name).ToUpperInvariant() is not ("AUTO" or "AUTO_DETECT" or "NONE" or "GZIP" or "ZSTD"): throw Bad(value, name, "auto: Spark goes by the file's ending");
        }
    }

    private void Timestamps(Constant value, string name) =>
        _options["timestampFormat"] = _options["timestampNTZFormat"] = DateFormats.Spark(Text(value, name)) ?? throw Bad(value, name, "a format of %Y, %m, %d, %H, %M, %S and the like");

    private void Form(Constant value, string name) => _options["multiLine"] = Text(value, name).ToUpperInvariant() switch
    {
        "AUTO" or "NEWLINE_DELIMITED" or "ND" => "false",
        "ARRAY" => "true",
        _ => throw Bad(value, name, "newline_delimited (an object a line) or array"),
    };

    private void SetColumns(Constant value, string name)
    {
        if (value is not StructConstant { Fields: [_, ..] fields } || fields.Any(f => f.Value.AsText() is null)) throw Bad(value, name, "names and types: {'a': 'DOUBLE', 'b': 'VARCHAR'}");
        Columns = string.Join(", ", fields.Select(f => $"{SqlQuote.Identifier(f.Key)} {SparkType(f.Value.AsText()!, f.Value.At)}"));
        _options.Remove("inferSchema");
    }

    private static string SparkType(string type, Span at)
    {
        try
        {
            var tokens = new SqlTokens(type);
            int i = 0;
            string? spark = TypeNames.Read(tokens, ref i);
            if (i == tokens.Count && i > 0) return spark ?? type;
        }
        catch (SparkTextException)
        {
            // It is no type; the place in the statement is the option's.
        }
        throw new SparkTextException("MLS6404", $"'{type}' is no type of a column", "give a type such as DOUBLE, BIGINT, VARCHAR or TIMESTAMP", at);
    }

    private static bool Boolean(Constant value, string name) => value.AsBoolean() ?? throw Bad(value, name, "true or false");

    private static string Text(Constant value, string name) => value.AsText() ?? throw Bad(value, name, "a text");

    private static SparkTextException Bad(Constant value, string name, string wanted) => new("MLS6404", $"The option {name} takes {wanted}", null, value.At);

    private SparkTextException Unknown(string name, string[] known, Span at) =>
        new("MLS6403", $"{_reader} has no option {name} on Spark", (NearMatch.Best(name, known) is { } near ? $"did you mean {near}? It has " : "it has ") + string.Join(", ", known.Order(StringComparer.Ordinal)), at);
}
