using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace MlSql.Cli.Arguments;

/// <summary>Turns the command line into settings; what is wrong with it is a <see cref="UsageException"/>.</summary>
internal sealed class ArgumentReader
{
    private readonly CommandTree _tree = new();
    private readonly ParseResult _parsed;
    private readonly bool _inputIsTerminal;

    private ArgumentReader(string[] arguments, bool inputIsTerminal)
    {
        _parsed = _tree.Parse(arguments);
        _inputIsTerminal = inputIsTerminal;
    }

    /// <summary>Reads the arguments. Without any the script comes from standard input, and on a terminal the short help is shown.</summary>
    public static RunSettings Read(string[] arguments, bool inputIsTerminal) => new ArgumentReader(arguments, inputIsTerminal).Read();

    /// <summary>True when --debug stands among the arguments, even where they are wrong.</summary>
    public static bool WantsDebug(string[] arguments) => arguments.Contains("--debug");

    private RunSettings Read()
    {
        if (_parsed.GetValue(_tree.Help)) return new() { Verb = Verb.Help };
        CheckWords();
        if (_parsed.GetValue(_tree.ShowVersion)) return new() { Verb = Verb.Version };
        List<Input> inputs = Inputs();
        Verb verb = ChooseVerb(inputs);
        if (verb == Verb.Run && inputs.Count == 0) inputs.Add(new(InputKind.StandardInput, "-"));
        if (inputs.Count(i => i.Kind == InputKind.StandardInput) > 1) throw Usage.BothStandardInput();
        return new()
        {
            Verb = verb,
            Inputs = inputs,
            Engine = ChooseEngine(),
            ConnectTimeout = Seconds(_tree.ConnectTimeout),
            Models = NotEmpty(_tree.Models, "a folder"),
            Database = NotEmpty(_tree.Database, "a DuckDB database file"),
            Tables = Pairs(_tree.Table, "NAME=PATH, such as sales=data/sales.parquet"),
            Threads = Threads(),
            Memory = Memory(),
            ModelTimeout = Seconds(_tree.ModelTimeout),
            Format = Choice(_tree.Format, OutputFormat.Box, OutputFormat.Csv, OutputFormat.Json),
            Output = NotEmpty(_tree.Output, "a file"),
            ContinueOnError = OnError(),
            Variables = Variables(),
            Color = Choice(_tree.Color, ColorChoice.Auto, ColorChoice.Always, ColorChoice.Never) ?? ColorChoice.Auto,
            Quiet = _parsed.GetValue(_tree.Quiet),
            Debug = _parsed.GetValue(_tree.Debug),
            Timing = _parsed.GetValue(_tree.Timing),
        };
    }

    private Verb ChooseVerb(List<Input> inputs)
    {
        Command command = _parsed.CommandResult.Command;
        if (command == _tree.HelpCommand) return Verb.Help;
        if (command == _tree.Version) return Verb.Version;
        if (command == _tree.Doctor) return inputs.Count == 0 ? Verb.Doctor : throw Usage.ExtraArgument(inputs[0].Text, "doctor");
        if (inputs.Count > 0 || !_inputIsTerminal) return Verb.Run;
        return command == _tree.Run ? throw Usage.NothingToRun() : Verb.ShortHelp;
    }

    private void CheckWords()
    {
        bool verbatim = false;
        foreach (Token token in _parsed.Tokens)
        {
            if (token.Type == TokenType.DoubleDash) verbatim = true;
            else if (!verbatim && token.Type == TokenType.Argument && LooksLikeOption(token.Value) && !IsOptionValue(token))
                throw Usage.UnknownOption(token.Value.Split('=')[0], _tree.OptionNames);
        }
        foreach (ParseError error in _parsed.Errors)
            if (error.SymbolResult is OptionResult { Option: var option }) throw Usage.MissingValue(option.Name, Expected(option));
        if (_parsed.UnmatchedTokens is [var word, ..])
        {
            throw _parsed.CommandResult.Command == _tree.Root
                ? Usage.UnknownCommand(word, _tree.Root.Subcommands.Select(c => c.Name))
                : Usage.ExtraArgument(word, _parsed.CommandResult.Command.Name);
        }
        if (_parsed.Errors is [var other, ..]) throw new UsageException("MLS7508", other.Message.TrimEnd('.'), "mlsql --help");
    }

    private static bool LooksLikeOption(string word) => word.Length > 1 && word[0] == '-';

    private bool IsOptionValue(Token token) =>
        _tree.AllOptions.Any(o => _parsed.GetResult(o) is { } result && result.Tokens.Any(t => ReferenceEquals(t, token)));

    // Files and -c in the order in which they were given.
    private List<Input> Inputs()
    {
        HashSet<string> statementNames = [_tree.Statement.Name, .. _tree.Statement.Aliases];
        HashSet<string> valuedNames = [.. _tree.AllOptions.Where(o => o.Arity.MaximumNumberOfValues > 0).SelectMany(o => o.Aliases.Prepend(o.Name))];
        List<Input> inputs = [];
        string? option = null;
        foreach (Token token in _parsed.Tokens)
        {
            if (token.Type == TokenType.Option) option = valuedNames.Contains(token.Value) ? token.Value : null;
            else if (token.Type == TokenType.Argument)
            {
                if (option is null) inputs.Add(token.Value == "-" ? new(InputKind.StandardInput, "-") : new(InputKind.File, token.Value));
                else if (statementNames.Contains(option)) inputs.Add(new(InputKind.Statement, token.Value));
                option = null;
            }
        }
        return inputs;
    }

    private string? Single(Option<string[]> option)
    {
        string[] values = _parsed.GetValue(option) ?? [];
        return values.Length > 1 ? throw Usage.Repeated(option.Name) : values.FirstOrDefault();
    }

    private string? NotEmpty(Option<string[]> option, string expected) => Single(option) is { } value ? value.Length > 0 ? value : throw Usage.MissingValue(option.Name, expected) : null;

    private int? Threads()
    {
        if (Single(_tree.Threads) is not { } text) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int threads) && threads is >= 1 and <= 1024
            ? threads
            : throw Usage.BadValue(_tree.Threads.Name, text, Expected(_tree.Threads));
    }

    private long? Memory()
    {
        if (Single(_tree.Memory) is not { } text) return null;
        return ByteSize.TryParse(text, out long bytes) ? bytes : throw Usage.BadValue(_tree.Memory.Name, text, Expected(_tree.Memory));
    }

    private TimeSpan? Seconds(Option<string[]> option)
    {
        if (Single(option) is not { } text) return null;
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and <= 1e6
            ? TimeSpan.FromSeconds(seconds)
            : throw Usage.BadValue(option.Name, text, Expected(option));
    }

    // A remote address alone says Spark, too.
    private Engine ChooseEngine()
    {
        string? remote = NotEmpty(_tree.Remote, Expected(_tree.Remote));
        // What may follow is the engine's to read; of the value only its beginning is repeated, for it may hold a token.
        if (remote?.StartsWith("sc://", StringComparison.Ordinal) == false) throw Usage.BadValue(_tree.Remote.Name, remote.Split('/', ';')[0], Expected(_tree.Remote));
        EngineName? engine = Choice(_tree.Engine, EngineName.DuckDb, EngineName.Spark);
        if (engine == EngineName.DuckDb && remote is not null) throw Usage.Contradiction(_tree.Remote.Name, $"{_tree.Engine.Name} duckdb");
        if (engine != EngineName.Spark && remote is null) return Engine.DuckDb;
        return Single(_tree.Database) is null ? Engine.Spark(remote) : throw Usage.Contradiction(_tree.Database.Name, $"{_tree.Engine.Name} spark");
    }

    private bool OnError() => Single(_tree.OnError) switch
    {
        null or "stop" => false,
        "continue" => true,
        var other => throw Usage.BadValue(_tree.OnError.Name, other, Expected(_tree.OnError)),
    };

    private T? Choice<T>(Option<string[]> option, params T[] choices) where T : struct, Enum
    {
        if (Single(option) is not { } text) return null;
        foreach (T choice in choices)
            if (choice.ToString().Equals(text, StringComparison.OrdinalIgnoreCase)) return choice;
        string expected = Expected(option);
        throw Usage.BadValue(option.Name, text, NearMatch.Hint(text, choices.Select(c => c.ToString().ToLowerInvariant())) ?? expected);
    }

    private enum EngineName
    {
        DuckDb,
        Spark,
    }

    private Dictionary<string, string> Variables()
    {
        Dictionary<string, string> variables = [];
        foreach (var (name, value) in Pairs(_tree.Variable, "NAME=VALUE"))
        {
            if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') || char.IsAsciiDigit(name[0]))
                throw Usage.BadValue(_tree.Variable.Name, name, "a name is letters, digits and _, and begins with no digit");
            variables[name] = value;
        }
        return variables;
    }

    private List<KeyValuePair<string, string>> Pairs(Option<string[]> option, string expected)
    {
        List<KeyValuePair<string, string>> pairs = [];
        foreach (string text in _parsed.GetValue(option) ?? [])
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || (option == _tree.Table && equals == text.Length - 1)) throw Usage.BadValue(option.Name, text, $"expected {expected}");
            pairs.Add(new(text[..equals], text[(equals + 1)..]));
        }
        return pairs;
    }

    private string Expected(Option option) =>
        option == _tree.Format ? "box, csv or json"
        : option == _tree.OnError ? "stop or continue"
        : option == _tree.Color ? "auto, always or never"
        : option == _tree.Threads ? "a number from 1 to 1024"
        : option == _tree.Memory ? "a size such as 512MB, 2GiB or 1.5g"
        : option == _tree.ModelTimeout || option == _tree.ConnectTimeout ? "a number of seconds above 0"
        : option == _tree.Engine ? "duckdb or spark"
        : option == _tree.Remote ? "an address such as sc://host:15002/;token=..."
        : option == _tree.Table ? "NAME=PATH"
        : option == _tree.Variable ? "NAME=VALUE"
        : option == _tree.Statement ? "a SQL statement"
        : option == _tree.Models ? "a folder" : "a file";
}
