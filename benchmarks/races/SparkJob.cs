using System.Globalization;

namespace MlSql.Races;

/// <summary>What both sides of a race on Spark compute: a function over rows that have a number i.</summary>
/// <param name="Ours">The call in our session.</param>
/// <param name="Function">The peer's function.</param>
/// <param name="Columns">The arguments.</param>
/// <param name="File">The Parquet file of the rows; null where <paramref name="Rows"/> makes them.</param>
/// <param name="Rows">A subquery that both sides can run.</param>
/// <param name="Tolerance">Largest difference that still counts as the same result.</param>
internal sealed record SparkJob(string Ours, PySparkFunction Function, string[] Columns, string? File, string Rows, double Tolerance)
{
    /// <summary>The call in PySpark's session.</summary>
    public string Theirs => $"{Function.Name}({string.Join(", ", Columns)})";

    /// <summary>True where our side is a function that computes nothing.</summary>
    public bool IsNoOp => Function.Model is null;

    public static SparkJob OfFile(string ours, string function, string model, string[] columns, string file, double tolerance) =>
        new(ours, new PySparkFunction(function, model, "double"), columns, file, "", tolerance);

    /// <summary>A model over rows that are made as they are read.</summary>
    public static SparkJob OfMade(string ours, string function, string model, string[] columns, int rows, int tasks, double tolerance) =>
        new(ours, new PySparkFunction(function, model, "double"), columns, null, Made(columns, "FLOAT", rows, tasks), tolerance);

    /// <summary>Columns there and one back.</summary>
    public static SparkJob OfNothing(int columns, long rows, int tasks)
    {
        string[] names = [.. Enumerable.Range(0, columns).Select(c => string.Create(CultureInfo.InvariantCulture, $"c{c:00}"))];
        return new($"noop({string.Join(", ", names)})", new PySparkFunction("noop", null, "double"), names, null, Made(names, "DOUBLE", rows, tasks), 0);
    }

    /// <summary>A query that needs the value of each row and gives one row: their sum and their number.</summary>
    public string Query(string call, Func<string, string> spell) => $"SELECT sum({call}) AS v, count(*) AS n FROM {From(spell)}";

    /// <summary>The rows, with a file spelled as a session spells it.</summary>
    public string From(Func<string, string> spell) => File is { } file ? spell(file) : Rows;

    private static string Made(string[] names, string type, long rows, int tasks) => string.Create(CultureInfo.InvariantCulture,
        $"(SELECT id AS i, {string.Join(", ", names.Select((name, c) => string.Create(CultureInfo.InvariantCulture, $"CAST(id + {c} AS {type}) AS {name}")))} FROM range(0, {rows}, 1, {tasks})) made");
}
