using System.Collections.Immutable;
using MlSql.Language;

namespace MlSql.Engines.Spark.Text;

/// <summary>What a session remembers of its names: an immutable value, replaced by <see cref="SparkScript.Names"/> after a statement that worked.</summary>
/// <param name="Prefix">What names of our own begin with, a plain word that no other session of the server has: mlsql_3f2a91.</param>
internal sealed record SparkNames(string Prefix)
{
    /// <summary>The tables of the store that are shown under mlsql.</summary>
    private static readonly string[] s_systemTables = ["models", "versions", "aliases", "metrics", "trainings", "trials"];

    /// <summary>Where tables behind TEMP tables are made, as printed SQL.</summary>
    public string Namespace { get; init; } = "spark_catalog.default";

    /// <summary>The folder that relative paths count from, absolute; null where the server does not share the client's files, and paths stay as written.</summary>
    public string? BaseFolder { get; init; }

    /// <summary>The number of the next name of our own.</summary>
    public int Next { get; init; } = 1;

    /// <summary>TEMP tables: the name as the user says it, and the table behind it as printed SQL.</summary>
    public ImmutableDictionary<string, string> TempTables { get; init; } = ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Views of the session.</summary>
    public ImmutableDictionary<string, SessionView> Views { get; init; } = ImmutableDictionary.Create<string, SessionView>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The temporary view that stands for mlsql.NAME, or null where there is no such table.</summary>
    public static string? SystemView(string table) =>
        s_systemTables.FirstOrDefault(t => t.Equals(table, StringComparison.OrdinalIgnoreCase)) is { } name ? "mlsql__" + name : null;

    /// <summary>A new name in a namespace (printed SQL, empty = the current one), and the names after it.</summary>
    public (string Name, SparkNames After) New(string @namespace)
    {
        string name = $"{Prefix}_{Next}";
        return (@namespace.Length == 0 ? name : $"{@namespace}.{name}", this with { Next = Next + 1 });
    }

    /// <summary>The table behind a TEMP table's name, or null.</summary>
    public string? Behind(string name) => TempTables.GetValueOrDefault(name);

    internal static string Quoted(string name) => SqlQuote.Identifier(name);
}

/// <summary>What a view of the session stands on.</summary>
/// <param name="Files">Views over files, made again before a statement that names the view, since Spark keeps the list of files that it found first.</param>
/// <param name="Sources">What those read, resolved.</param>
/// <param name="IsLasting">False for a TEMP view, which hides one of the same name that lasts.</param>
internal sealed record SessionView(ImmutableArray<SparkText> Files, ImmutableArray<string> Sources, bool IsLasting);
