using System.Text.RegularExpressions;

namespace MlSql.CliTests;

/// <summary>Every command line of README.md's section on the command works.</summary>
public partial class ReadmeCommandTests
{
    private static IEnumerable<string> Lines =>
        CommandBlock().Match(File.ReadAllText(Path.Combine(TestData.Root, "README.md"))).Groups[1].Value
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(" #")[0].Trim()).Where(line => !line.StartsWith("PATH=", StringComparison.Ordinal));

    [TestCaseSource(nameof(Lines))]
    public void A_line_of_the_readme_works(string line)
    {
        using var mlsql = new Mlsql();
        string[] piped = line.Split(" | ");
        string input = piped.Length == 2 ? Words(piped[0]).Last() : "";
        string[] arguments = [.. Words(piped[^1]).Skip(1).Select(word => word.StartsWith("examples/", StringComparison.Ordinal) ? Path.Combine(TestData.Root, word) : word)];
        Assert.That(Words(piped[^1]).First(), Is.EqualTo("mlsql"));
        Outcome outcome = mlsql.RunWith(input, arguments);
        Assert.That(outcome.ExitCode, Is.Zero, outcome.Error);
        Assert.That(outcome.Output, Is.Not.Empty);
    }

    private static IEnumerable<string> Words(string line) => Word().Matches(line).Select(m => m.Value.Trim('"'));

    [GeneratedRegex("\"[^\"]*\"|\\S+")]
    private static partial Regex Word();

    [GeneratedRegex("## The command.*?```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CommandBlock();
}
