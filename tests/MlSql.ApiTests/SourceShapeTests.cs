using System.Text.RegularExpressions;

namespace MlSql.ApiTests;

public partial class SourceShapeTests
{
    private const int LongestFile = 300;

    [Test]
    public void No_source_file_is_too_long()
    {
        string[] found = [.. SourceFiles.Under("src").Select(p => (Path: SourceFiles.Relative(p), Lines: File.ReadLines(p).Count())).Where(f => f.Lines > LongestFile).Select(f => $"{f.Path}: {f.Lines} lines")];
        Assert.That(found, Is.Empty, $"Split what is longer than {LongestFile} lines:\n" + string.Join('\n', found));
    }

    [Test]
    public void No_file_folder_or_type_has_a_name_that_says_nothing()
    {
        List<string> found = [];
        foreach (string path in SourceFiles.Under("src"))
        {
            string relative = SourceFiles.Relative(path);
            if (relative.Split('/', '\\', '.').Any(part => EmptyName().IsMatch(part))) found.Add(relative);
            found.AddRange(TypeName().Matches(File.ReadAllText(path)).Select(m => m.Groups[1].Value).Where(n => EmptyName().IsMatch(n)).Select(n => $"{relative}: {n}"));
        }
        Assert.That(found, Is.Empty, "Name these after what they do:\n" + string.Join('\n', found));
    }

    [TestCase("StringUtils", true)]
    [TestCase("CommonTypes", true)]
    [TestCase("ModelManager", true)]
    [TestCase("ParseHelper", true)]
    [TestCase("CommonTableExpression", false)]
    [TestCase("Calendar", false)]
    public void The_list_of_names_is_meant(string name, bool empty) => Assert.That(EmptyName().IsMatch(name), Is.EqualTo(empty));

    // A common table expression is SQL's own word.
    [GeneratedRegex("(Utils?|Utilit(y|ies)|Helpers?|Managers?)$|^Common(?!TableExpression)|Common$")]
    private static partial Regex EmptyName();

    [GeneratedRegex(@"\b(?:class|struct|record|interface|enum)\s+(\w+)")]
    private static partial Regex TypeName();
}
