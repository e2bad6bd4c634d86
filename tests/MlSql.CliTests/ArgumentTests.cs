using MlSql.Cli.Arguments;
using MlSql.Cli.Commands;

namespace MlSql.CliTests;

public class ArgumentTests
{
    [Test]
    public void Options_may_stand_behind_the_file()
    {
        RunSettings settings = Read("run", "a.sql", "--models", "m", "--threads=2", "--memory", "1.5g", "--format", "JSON", "-o", "x.json", "--on-error", "continue", "--timing", "--quiet", "--color", "never");
        Assert.Multiple(() =>
        {
            Assert.That(settings.Inputs, Is.EqualTo(new[] { new Input(InputKind.File, "a.sql") }));
            Assert.That(settings.Models, Is.EqualTo("m"));
            Assert.That(settings.Threads, Is.EqualTo(2));
            Assert.That(settings.Memory, Is.EqualTo(1_500_000_000));
            Assert.That(settings.Format, Is.EqualTo(OutputFormat.Json));
            Assert.That(settings.Output, Is.EqualTo("x.json"));
            Assert.That(settings.ContinueOnError && settings.Timing && settings.Quiet, Is.True);
            Assert.That(settings.Color, Is.EqualTo(ColorChoice.Never));
        });
    }

    [Test]
    public void Files_and_statements_keep_their_order()
    {
        RunSettings settings = Read("-c", "one", "run", "-c", "-- two", "a.sql", "--table", "t=x.csv", "-", "-c=three", "--", "-odd.sql");
        Assert.That(settings.Inputs, Is.EqualTo(new Input[]
        {
            new(InputKind.Statement, "one"), new(InputKind.Statement, "-- two"), new(InputKind.File, "a.sql"), new(InputKind.StandardInput, "-"), new(InputKind.Statement, "three"), new(InputKind.File, "-odd.sql"),
        }));
    }

    [Test]
    public void Pairs_are_split_at_the_first_equals_sign()
    {
        RunSettings settings = Read("run", "a.sql", "--table", "t=d/a=b.csv", "-v", "x=", "-v", "y=1=2");
        Assert.That(settings.Tables, Is.EqualTo(new[] { KeyValuePair.Create("t", "d/a=b.csv") }));
        Assert.That(settings.Variables, Is.EquivalentTo(new[] { KeyValuePair.Create("x", ""), KeyValuePair.Create("y", "1=2") }));
    }

    [TestCase("run x --formt csv", "Unknown option: --formt (did you mean --format?)")]
    [TestCase("--thread 2 -c x", "Unknown option: --thread (did you mean --threads?)")]
    [TestCase("run x --zzzzzz", "Unknown option: --zzzzzz (mlsql --help lists them)")]
    [TestCase("rnu x", "Unknown command: rnu (did you mean run?)")]
    [TestCase("docter", "Unknown command: docter (did you mean doctor?)")]
    [TestCase("run x --format xml", "Wrong value for --format: xml (box, csv or json)")]
    [TestCase("run x --format jsn", "Wrong value for --format: jsn (did you mean json?)")]
    [TestCase("run x --format", "Option needs a value: --format (box, csv or json)")]
    [TestCase("run x --threads 0", "Wrong value for --threads: 0 (a number from 1 to 1024)")]
    [TestCase("run x --threads two", "Wrong value for --threads: two (a number from 1 to 1024)")]
    [TestCase("run x --model-timeout soon", "Wrong value for --model-timeout: soon (a number of seconds above 0)")]
    [TestCase("run x --model-timeout 0", "Wrong value for --model-timeout: 0 (a number of seconds above 0)")]
    [TestCase("run x --memory lots", "Wrong value for --memory: lots (a size such as 512MB, 2GiB or 1.5g)")]
    [TestCase("run x --on-error ignore", "Wrong value for --on-error: ignore (stop or continue)")]
    [TestCase("run x --table t", "Wrong value for --table: t (expected NAME=PATH, such as sales=data/sales.parquet)")]
    [TestCase("run x -v 1x=2", "Wrong value for --variable: 1x (a name is letters, digits and _, and begins with no digit)")]
    [TestCase("run x --models a --models b", "Option given more than once: --models (give it once)")]
    [TestCase("doctor x", "doctor takes no argument: x (mlsql run FILE runs a script)")]
    [TestCase("run", "Nothing to run (name a script, or give a statement with -c, or pipe a script in)")]
    [TestCase("run - -", "Standard input is named more than once (give - once)")]
    public void What_is_wrong_is_said_with_the_way_out(string line, string message) =>
        Assert.That(() => Read(line.Split(' ')), Throws.TypeOf<UsageException>().With.Message.EqualTo(message));

    [TestCase("--help", "Help")]
    [TestCase("run --help x", "Help")]
    [TestCase("help", "Help")]
    [TestCase("-h", "Help")]
    [TestCase("version", "Version")]
    [TestCase("--version", "Version")]
    [TestCase("doctor --models m", "Doctor")]
    public void Commands_are_found(string line, string verb) => Assert.That(Read(line.Split(' ')).Verb.ToString(), Is.EqualTo(verb));

    [Test]
    public void Without_arguments_a_terminal_gets_help_and_a_pipe_is_run()
    {
        Assert.That(ArgumentReader.Read([], inputIsTerminal: true).Verb, Is.EqualTo(Verb.ShortHelp));
        RunSettings piped = ArgumentReader.Read([], inputIsTerminal: false);
        Assert.That(piped.Verb, Is.EqualTo(Verb.Run));
        Assert.That(piped.Inputs, Is.EqualTo(new[] { new Input(InputKind.StandardInput, "-") }));
    }

    [TestCase("512MB", 512_000_000)]
    [TestCase("2GiB", 2_147_483_648)]
    [TestCase("1.5g", 1_500_000_000)]
    [TestCase("64 kib", 65_536)]
    [TestCase("1t", 1_000_000_000_000)]
    [TestCase("123", 123)]
    [TestCase("7b", 7)]
    public void Sizes_are_read(string text, long bytes) => Assert.That(ByteSize.TryParse(text, out long read) ? read : -1, Is.EqualTo(bytes));

    [TestCase("")]
    [TestCase("MB")]
    [TestCase("0")]
    [TestCase("-1")]
    [TestCase("1.2.3")]
    [TestCase("1 XB")]
    [TestCase("1e9")]
    [TestCase("99999999999999999999TB")]
    public void What_is_no_size_is_refused(string text) => Assert.That(ByteSize.TryParse(text, out _), Is.False);

    [TestCase("format", "format", 0)]
    [TestCase("fromat", "format", 1)]
    [TestCase("", "abc", 3)]
    [TestCase("Models", "models", 0)]
    [TestCase("kitten", "sitting", 3)]
    public void Distances_count_edits(string a, string b, int distance) => Assert.That(NearMatch.Distance(a, b), Is.EqualTo(distance));

    [Test]
    public void The_help_names_every_option_and_fits_80_columns()
    {
        Assert.Multiple(() =>
        {
            string[] lines = [.. HelpText.Full.Split('\n'), .. HelpText.Short.Split('\n')];
            Assert.That(lines.Where(l => l.Length > 80), Is.Empty);
            Assert.That(new CommandTree().OptionNames.Where(n => n is not ("-?" or "--version") && !lines.Any(l => l.Contains(n, StringComparison.Ordinal))), Is.Empty);
        });
    }

    private static RunSettings Read(params string[] arguments) => ArgumentReader.Read(arguments, inputIsTerminal: true);
}
