namespace MlSql.CliTests;

/// <summary>The command as a process, as far as it gets without a session.</summary>
public class CommandTests
{
    private Mlsql _mlsql = null!;

    [SetUp]
    public void Prepare() => _mlsql = new();

    [TearDown]
    public void CleanUp() => _mlsql.Dispose();

    [TestCase("--help", "help.txt")]
    [TestCase("-?", "help.txt")]
    public void The_help_is_the_agreed_one(string argument, string golden)
    {
        Outcome outcome = _mlsql.Run(argument);
        string path = Path.Combine(TestData.Root, "tests", "golden", "cli", golden);
        if (Environment.GetEnvironmentVariable("MLSQL_ACCEPT") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, outcome.Output);
        }
        Assert.That(outcome, Is.EqualTo(new Outcome(0, File.ReadAllText(path), "")));
    }

    [Test]
    public void Version_is_one_line()
    {
        Outcome outcome = _mlsql.Run("version");
        Assert.That(outcome.ExitCode, Is.Zero);
        Assert.That(outcome.Output, Does.Match(@"^mlsql \d+\.\d+\.\d+ \(\.NET [^\n]+\)\n$"));
    }

    [Test]
    public void A_missing_script_is_named_with_its_neighbour()
    {
        _mlsql.Write("churn.sql", "SELECT 1");
        Check(_mlsql.Run("run", "chrun.sql"), "MLS7510 Script not found: chrun.sql (did you mean churn.sql?)\n");
    }

    [Test]
    public void A_folder_is_no_script() => Check(_mlsql.Run("run", "."), "MLS7511 Script is a folder: . (name a file in it)\n");

    [Test]
    public void A_binary_file_is_no_script()
    {
        File.WriteAllBytes(Path.Combine(_mlsql.Folder, "a.sql"), [65, 66, 0, 67]);
        Check(_mlsql.Run("run", "a.sql"), "MLS7513 Script is not UTF-8 text: a.sql: a zero byte at 2 (save it as UTF-8)\n");
        File.WriteAllBytes(Path.Combine(_mlsql.Folder, "a.sql"), [65, 0xE9, 66]);
        Check(_mlsql.Run("run", "a.sql"), "MLS7513 Script is not UTF-8 text: a.sql: a wrong byte at 1 (save it as UTF-8)\n");
    }

    [Test]
    public void Nothing_runs_when_one_of_the_scripts_is_missing()
    {
        Check(_mlsql.Run("-c", "CREATE TABLE t (i INT)", "run", "gone.sql", "--database", "x.db"), $"MLS7510 Script not found: gone.sql (looked in {_mlsql.Folder})\n");
        Assert.That(Directory.GetFileSystemEntries(_mlsql.Folder), Is.Empty);
    }

    [Test]
    public void An_output_that_cannot_be_written_is_said_before_anything_runs()
    {
        Check(_mlsql.Run("-c", "SELECT 1", "-o", "gone/x.csv"), $"MLS7515 Output cannot be written: the folder {_mlsql.Folder}/gone does not exist (make it first)\n");
        Check(_mlsql.Run("-c", "SELECT 1", "-o", "."), "MLS7515 Output cannot be written: . is a folder (name a file in it)\n");
    }

    [Test]
    public void Control_characters_of_arguments_are_escaped() => Check(_mlsql.Run("run", "a\x1b[2J.sql"), $"MLS7510 Script not found: a\\x1B[2J.sql (looked in {_mlsql.Folder})\n");

    [Test]
    public void Colours_in_a_pipe_stand_only_when_asked_for()
    {
        Assert.That(_mlsql.Run("run", "x", "--color", "nver").Error, Does.Not.Contain('\x1b'));
        _mlsql.Environment["TERM"] = "xterm-256color";
        Assert.That(_mlsql.Run("run", "x").Error, Does.Not.Contain('\x1b'));
    }

    private static void Check(Outcome outcome, string error) => Assert.That(outcome, Is.EqualTo(new Outcome(2, "", error)));
}
