using MlSql.Language;
using MlSql.Language.Statements;

namespace MlSql.UnitTests.Language;

/// <summary>Short ways to parse in tests.</summary>
internal static class Parsing
{
    public static T Parsed<T>(string text)
        where T : Statement
    {
        ParseResult result = Parser.Parse(text);
        Assert.That(result.Diagnostics, Is.Empty, DiagnosticPrinter.Print(result));
        Assert.That(result.Statement, Is.TypeOf<T>());
        return (T)result.Statement!;
    }

    public static Diagnostic Fault(string text)
    {
        ParseResult result = Parser.Parse(text);
        Assert.That(result.Failed, Is.True, $"{text} parsed as {result.Statement}");
        return result.Diagnostics[0];
    }

    /// <summary>All parts of a tree, outer before inner.</summary>
    public static IEnumerable<SqlPart> AllParts(SqlText text) => text.Parts.SelectMany(AllParts);

    private static IEnumerable<SqlPart> AllParts(SqlPart part) => Inner(part).Prepend(part);

    private static IEnumerable<SqlPart> Inner(SqlPart part) => part switch
    {
        QueryExpression query => query.Parts.SelectMany(AllParts),
        WithClause with => with.Parts.SelectMany(AllParts),
        SelectBlock block => block.Parts.SelectMany(AllParts),
        SelectItem item => AllParts(item.Expression),
        FromClause from => AllParts(from.Relations),
        ScalarPredict predict => (predict.Arguments ?? []).SelectMany(argument => AllParts(argument.Expression)),
        TableCall { Source: QuerySource query } => AllParts(query.Query),
        _ => [],
    };

    public static T Only<T>(string text)
        where T : SqlPart => AllParts(Parsed<QueryStatement>(text).Text).OfType<T>().Single();
}
