using System.Globalization;
using System.Text.RegularExpressions;
using MlSql.SparkTests.Rig;

namespace MlSql.SparkTests;

/// <summary>Every command line of README.md's section on Spark works, and so does the interactive example.</summary>
public partial class ReadmeSparkTests
{
    private static IEnumerable<string> Lines =>
        CommandBlock().Match(File.ReadAllText(Path.Combine(TestData.Root, "README.md"))).Groups[1].Value
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(" #")[0].Trim())
            .Append("mlsql run --remote 'sc://host:15002/;token=...' examples/interactive/explore.sql");

    [TestCaseSource(nameof(Lines))]
    public void A_line_of_the_readme_works(string line)
    {
        var server = SparkRig.Server();
        string address = string.Create(CultureInfo.InvariantCulture, $"sc://127.0.0.1:{server.Port}/;token={server.Token}");
        using var mlsql = new Mlsql { Patience = TimeSpan.FromMinutes(5) };
        mlsql.Environment["SPARK_HOME"] = SparkRig.Home().Path;
        mlsql.Environment["SPARK_REMOTE"] = null;
        string[] words = [.. Word().Matches(line).Select(m => m.Value.Trim('\''))];
        string[] arguments = [.. words.Skip(1).Select(w => w.StartsWith("examples/", StringComparison.Ordinal) ? Path.Combine(TestData.Root, w) : w.StartsWith("sc://", StringComparison.Ordinal) ? address : w)];
        Assert.That(words[0], Is.EqualTo("mlsql"));
        var outcome = mlsql.Run(arguments);
        Assert.That(outcome.ExitCode, Is.Zero, outcome.Error);
        Assert.That(outcome.Output, Is.Not.Empty);
    }

    [GeneratedRegex("'[^']*'|\\S+")]
    private static partial Regex Word();

    [GeneratedRegex("## Apache Spark.*?```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CommandBlock();
}
