using MlSql.Columnar;

namespace MlSql.Planning.Binding;

/// <summary>
/// Where a column name is looked up: the FROM clause of the SELECT around it, the common tables that it may use, and the scope outside. Columns are asked of the engine once, when first needed.
/// </summary>
internal sealed class Scope(Scope? outer, string? commonTables, bool recursive, string? relations, ICatalog catalog)
{
    private Description? _description;
    private ColumnLookup? _columns;
    private (ColumnLookup Columns, bool Complete)? _all;

    /// <summary>The common tables in sight, as text that may follow WITH; null for none.</summary>
    public string? CommonTables => (outer?.CommonTables, commonTables) switch
    {
        (null, var own) => own,
        (var theirs, null) => theirs,
        var (theirs, own) => $"{theirs}, {own}",
    };

    private bool Recursive => recursive || outer is { Recursive: true };

    /// <summary>The scope that an inner SELECT over these relations has.</summary>
    public Scope Inner(string? common, bool commonRecursive, string? from) => new(this, common, commonRecursive, from, catalog);

    /// <summary>The columns of the FROM clause; null when there is none or the engine cannot say (a correlated subquery, a form that needs the outer query).</summary>
    public ColumnLookup? Columns
    {
        get
        {
            if (relations is null) return null;
            _description ??= catalog.Describe(Select("*"));
            return _description.Schema is { } schema ? _columns ??= new ColumnLookup(schema.Fields) : null;
        }
    }

    /// <summary>Why the engine cannot say the columns, in its words; null when it can or was not asked.</summary>
    public string? Error => _description?.Error;

    /// <summary>The columns in sight, the outer scopes' after the own; <paramref name="complete"/> is false when some could not be asked for.</summary>
    public ColumnLookup AllColumns(out bool complete)
    {
        (var columns, complete) = _all ??= Gather();
        return columns;
    }

    /// <summary>Types of expressions over these relations (constants, where there are none); null when the engine cannot say.</summary>
    public Schema? TypesOf(IEnumerable<string> expressions) =>
        catalog.Describe(Select(string.Join(", ", expressions.Select(e => $"({e})")))).Schema;

    private (ColumnLookup Columns, bool Complete) Gather()
    {
        bool complete = true;
        var all = new List<Field>();
        for (Scope? scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope.Columns is { } columns) all.AddRange(columns.Fields);
            else if (scope.Outer is not null || scope.HasRelations) complete = false;
        }
        return (new ColumnLookup(all), complete);
    }

    private Scope? Outer => outer;

    private bool HasRelations => relations is not null;

    private string Select(string items) =>
        $"{(CommonTables is { } with ? $"WITH {(Recursive ? "RECURSIVE " : "")}{with} " : "")}SELECT {items}{(relations is null ? "" : " FROM " + relations)}";
}
