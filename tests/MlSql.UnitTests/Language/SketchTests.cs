using MlSql.Language;
using MlSql.Language.Statements;

namespace MlSql.UnitTests.Language;

public sealed class SketchTests
{
    [Test]
    public void Every_statement_of_the_sketch_parses()
    {
        string text = File.ReadAllText(TestData.Shared("design", "grammar-sketch", "tests.sql"));
        string script = string.Join('\n', text.Split('\n').Where(line => !line.StartsWith('#')));

        List<ParseResult> results = [.. Parser.ParseScript(script)];

        Assert.That(results, Has.Count.EqualTo(84));
        Assert.Multiple(() =>
        {
            foreach (ParseResult result in results)
            {
                Assert.That(result.Diagnostics, Is.Empty, DiagnosticPrinter.Print(result));
                if (result.Statement is QueryStatement query) Coverage.Check(query.Text);
            }
        });
    }
}
