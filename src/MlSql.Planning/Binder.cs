using MlSql.Language;
using MlSql.Planning.Binding;
using MlSql.Planning.Plans;

namespace MlSql.Planning;

/// <summary>Resolves the names of a statement: models to versions, features to columns, options to values. Pure: asks the catalog only.</summary>
public static class Binder
{
    /// <summary>Binds a parsed statement. User faults are diagnostics, all of them gathered; nothing is thrown for them.</summary>
    public static BindResult Bind(ParseResult parsed, ICatalog catalog)
    {
        var statement = parsed.Statement ?? throw new ArgumentException("The statement did not parse.", nameof(parsed));
        var context = new BindContext(parsed.Source, catalog);
        var bound = new StatementBinder(context).Bind(statement);
        return new BindResult(context.HasErrors ? null : bound, [.. context.Diagnostics]);
    }
}
