namespace MlSql.ApiTests;

public class DependencyDirectionTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["MlSql.Columnar"] = [],
        ["MlSql.Language"] = ["Antlr4.Runtime.Standard"],
        ["MlSql.Models"] = ["MlSql.Columnar"],
        ["MlSql.Scoring"] = ["MlSql.Models", "MlSql.Columnar"],
        ["MlSql.Training"] = ["MlSql.Models", "MlSql.Columnar", "MathNet.Numerics"],
        ["MlSql.Planning"] = ["MlSql.Language", "MlSql.Models", "MlSql.Columnar"],
        ["MlSql.Engines.DuckDb"] = ["MlSql.Planning", "MlSql.Language", "MlSql.Scoring", "MlSql.Training", "MlSql.Models", "MlSql.Columnar"],
        ["MlSql.Engines.Spark"] = ["MlSql.Planning", "MlSql.Language", "MlSql.Scoring", "MlSql.Training", "MlSql.Models", "MlSql.Columnar", "Google.Protobuf"],
        ["MlSql.Worker"] = ["MlSql.Scoring", "MlSql.Training", "MlSql.Models", "MlSql.Columnar"],
        ["MlSql.Session"] = ["MlSql.Engines.DuckDb", "MlSql.Engines.Spark", "MlSql.Planning", "MlSql.Language", "MlSql.Scoring", "MlSql.Training", "MlSql.Models", "MlSql.Columnar"],
        ["mlsql"] = ["MlSql.Session", "MlSql.Columnar", "System.CommandLine"],
    };

    [Test]
    public void Every_assembly_has_its_row_in_the_table() => Assert.That(BuiltAssemblies.Names, Is.EquivalentTo(Allowed.Keys));

    [TestCaseSource(typeof(BuiltAssemblies), nameof(BuiltAssemblies.Names))]
    public void References_only_what_it_may_know(string assembly)
    {
        string[] allowed = Allowed.GetValueOrDefault(assembly, []);
        string[] forbidden = [.. BuiltAssemblies.References(assembly).Where(r => !IsPlatform(r) && !allowed.Contains(r))];
        Assert.That(forbidden, Is.Empty, $"{assembly} must not reference {string.Join(", ", forbidden)}");
    }

    private static bool IsPlatform(string name) =>
        name is "netstandard" or "mscorlib" or "Microsoft.CSharp" || name.StartsWith("Microsoft.Win32.", StringComparison.Ordinal)
        || name == "System" || (name.StartsWith("System.", StringComparison.Ordinal) && name != "System.CommandLine");
}
