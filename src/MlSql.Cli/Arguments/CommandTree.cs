using System.CommandLine;

namespace MlSql.Cli.Arguments;

/// <summary>The command line's words. Options belong to the root and may stand anywhere, also behind a file's name. What their values mean is read by <see cref="ArgumentReader"/>.</summary>
internal sealed class CommandTree
{
    public CommandTree()
    {
        Run = new Command("run") { Files };
        Root = new RootCommand { Run, Doctor, Version, HelpCommand };
        // A root that does nothing by itself would ask for a command, but -c and a piped script need none.
        Root.SetAction(_ => 0);
        Root.Options.Clear();
        Root.Directives.Clear();
        foreach (Option option in AllOptions) Root.Options.Add(option);
    }

    public RootCommand Root { get; }

    public Command Run { get; }

    public Command Doctor { get; } = new("doctor");

    public Command Version { get; } = new("version");

    public Command HelpCommand { get; } = new("help");

    public Argument<string[]> Files { get; } = new("FILE") { Arity = ArgumentArity.ZeroOrMore };

    public Option<string[]> Statement { get; } = Valued("--command", "-c");

    public Option<string[]> Engine { get; } = Valued("--engine");

    public Option<string[]> Remote { get; } = Valued("--remote");

    public Option<string[]> ConnectTimeout { get; } = Valued("--connect-timeout");

    public Option<string[]> Models { get; } = Valued("--models");

    public Option<string[]> Database { get; } = Valued("--database");

    public Option<string[]> Table { get; } = Valued("--table");

    public Option<string[]> Threads { get; } = Valued("--threads");

    public Option<string[]> Memory { get; } = Valued("--memory");

    public Option<string[]> ModelTimeout { get; } = Valued("--model-timeout");

    public Option<string[]> Format { get; } = Valued("--format");

    public Option<string[]> Output { get; } = Valued("--output", "-o");

    public Option<string[]> OnError { get; } = Valued("--on-error");

    public Option<string[]> Variable { get; } = Valued("--variable", "-v");

    public Option<string[]> Color { get; } = Valued("--color");

    public Option<bool> Quiet { get; } = Flag("--quiet", "-q");

    public Option<bool> Debug { get; } = Flag("--debug");

    public Option<bool> Timing { get; } = Flag("--timing");

    public Option<bool> Help { get; } = Flag("--help", "-h", "-?");

    public Option<bool> ShowVersion { get; } = Flag("--version");

    public IEnumerable<Option> AllOptions =>
        [Statement, Engine, Remote, ConnectTimeout, Models, Database, Table, Threads, Memory, ModelTimeout, Format, Output, OnError, Variable, Color, Quiet, Debug, Timing, Help, ShowVersion];

    /// <summary>Every spelling of every option.</summary>
    public IEnumerable<string> OptionNames => AllOptions.SelectMany(o => o.Aliases.Prepend(o.Name));

    /// <summary>Splits the arguments; a leading @ is part of a name, not a file of arguments.</summary>
    public ParseResult Parse(string[] arguments) => Root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });

    private static Option<string[]> Valued(string name, params string[] aliases) => new(name, aliases) { Recursive = true, AllowMultipleArgumentsPerToken = false };

    private static Option<bool> Flag(string name, params string[] aliases) => new(name, aliases) { Recursive = true, Arity = ArgumentArity.Zero };
}
