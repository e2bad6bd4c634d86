namespace MlSql.Cli.Arguments;

/// <summary>The command line is wrong: one line that says what and the way out. Exit code 2.</summary>
internal sealed class UsageException(string code, string message, string way) : Exception($"{message} ({way})")
{
    public string Code { get; } = code;
}

/// <summary>The command's own messages. Codes are never reused.</summary>
internal static class Usage
{
    public const string OutputFailed = "MLS7598";
    public const string Bug = "MLS7599";

    public static UsageException UnknownOption(string name, IEnumerable<string> known) => new("MLS7501", $"Unknown option: {name}", NearMatch.Hint(name, known) ?? "mlsql --help lists them");

    public static UsageException UnknownCommand(string name, IEnumerable<string> known) =>
        new("MLS7502", $"Unknown command: {name}", NearMatch.Hint(name, known) ?? (File.Exists(name) ? $"to run the script: mlsql run {name}" : "mlsql --help lists them"));

    public static UsageException MissingValue(string option, string values) => new("MLS7503", $"Option needs a value: {option}", values);

    public static UsageException BadValue(string option, string value, string expected) => new("MLS7504", $"Wrong value for {option}: {value}", expected);

    public static UsageException Repeated(string option) => new("MLS7505", $"Option given more than once: {option}", "give it once");

    public static UsageException NothingToRun() => new("MLS7506", "Nothing to run", "name a script, or give a statement with -c, or pipe a script in");

    public static UsageException ExtraArgument(string argument, string command) => new("MLS7507", $"{command} takes no argument: {argument}", "mlsql run FILE runs a script");

    public static UsageException ScriptMissing(string path, IEnumerable<string> near) => new("MLS7510", $"Script not found: {path}", NearMatch.Hint(Path.GetFileName(path), near) ?? $"looked in {Directory.GetCurrentDirectory()}");

    public static UsageException ScriptIsFolder(string path) => new("MLS7511", $"Script is a folder: {path}", "name a file in it");

    public static UsageException ScriptUnreadable(string path, string reason) => new("MLS7512", $"Script cannot be read: {path}: {reason}", "check its permissions");

    public static UsageException ScriptNotText(string path, string reason) => new("MLS7513", $"Script is not UTF-8 text: {path}: {reason}", "save it as UTF-8");

    public static UsageException ScriptTooLong(string path, int mebibytes) => new("MLS7514", $"Script is longer than {mebibytes} MiB: {path}", "load data with COPY or read_csv instead of INSERT");

    public static UsageException BadOutput(string reason, string way) => new("MLS7515", $"Output cannot be written: {reason}", way);

    public static UsageException Contradiction(string option, string other) => new("MLS7517", $"{option} does not go together with {other}", "leave one of them out");

    public static UsageException BothStandardInput() => new("MLS7516", "Standard input is named more than once", "give - once");
}
