using MlSql.Language;

namespace MlSql.UnitTests.Language;

/// <summary>Files of input, a line of dashes, and what is to come of it. MLSQL_ACCEPT=1 writes what came.</summary>
public sealed class GoldenTests
{
    private const string Separator = "----\n";

    private static IEnumerable<string> Messages => Files("messages", "MLS1*.txt");

    private static IEnumerable<string> Trees => Files("syntax", "*.txt");

    [TestCaseSource(nameof(Messages))]
    public void Messages_are_as_recorded(string file) =>
        Compare("messages", file, script => string.Concat(Parser.ParseScript(script).Select(DiagnosticPrinter.Print)));

    [TestCaseSource(nameof(Trees))]
    public void Trees_are_as_recorded(string file) =>
        Compare("syntax", file, script => string.Concat(Parser.ParseScript(script).Select(result => result.Failed ? DiagnosticPrinter.Print(result) : StatementPrinter.Print(result.Statement!, script))));

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(TestData.Root, "tests", "golden", folder), pattern).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    private static void Compare(string folder, string file, Func<string, string> run)
    {
        string path = Path.Combine(TestData.Root, "tests", "golden", folder, file);
        string[] halves = File.ReadAllText(path).Split(Separator, 2);
        string actual = run(halves[0]);
        if (Environment.GetEnvironmentVariable("MLSQL_ACCEPT") == "1") File.WriteAllText(path, halves[0] + Separator + actual);
        else Assert.That(actual, Is.EqualTo(halves.Length > 1 ? halves[1] : ""));
    }
}
