namespace MlSql.UnitTests.Spark.Text;

/// <summary>Files of portable statements, a line of dashes, and what goes to Spark. MLSQL_ACCEPT=1 writes what came.</summary>
public sealed class GoldenTests
{
    private const string Separator = "----\n";

    private static string Folder => Path.Combine(TestData.Root, "tests", "golden", "spark");

    private static IEnumerable<string> Scripts => Directory.EnumerateFiles(Folder, "*.txt").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Scripts))]
    public void Scripts_are_as_recorded(string file)
    {
        string path = Path.Combine(Folder, file);
        string[] halves = File.ReadAllText(path).Split(Separator, 2);
        string actual = ScriptPrint.Print(halves[0]);
        if (Environment.GetEnvironmentVariable("MLSQL_ACCEPT") == "1") File.WriteAllText(path, halves[0] + Separator + actual);
        else Assert.That(actual, Is.EqualTo(halves.Length > 1 ? halves[1] : ""));
    }
}
