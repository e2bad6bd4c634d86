using System.Globalization;

namespace MlSql.Races;

/// <summary>The rows that every race runs on: 28 FLOAT columns, about normally distributed, a binary label and a number to predict.</summary>
internal sealed record RaceData(string Path, int Rows)
{
    public const int Columns = 28;

    /// <summary>f00, f01, …</summary>
    public static IEnumerable<string> Names => Enumerable.Range(0, Columns).Select(i => string.Create(CultureInfo.InvariantCulture, $"f{i:00}"));

    /// <summary>Writes the Parquet file. The same rows each time: hashes, no random numbers.</summary>
    public static async Task<RaceData> MakeAsync(MlSqlSession session, string folder, int rows, CancellationToken cancel)
    {
        string path = System.IO.Path.Combine(folder, "rows.parquet");
        string Normal(int column) => string.Create(CultureInfo.InvariantCulture,
            $"CAST(sqrt(-2 * ln((hash(i * 64 + {column}) % 16777216 + 1) / 16777217.0)) * cos(6.283185307179586 * (hash(i * 64 + {column + 32}) % 16777216) / 16777216.0) AS FLOAT)");
        string features = string.Join(", ", Names.Select((name, c) => $"{Normal(c)} AS {name}"));
        string score = string.Join(" + ", Names.Select((name, c) => string.Create(CultureInfo.InvariantCulture, $"{(c % 7 - 3) * 0.2} * {name}")));
        await session.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"""
            COPY (
                SELECT *, (hash(i * 3 + 1) % 1000003) / 1000003.0 < 1 / (1 + exp(-(score))) AS y, score + (hash(i * 5 + 2) % 1000003) / 1000003.0 AS z
                FROM (SELECT *, {score} - 0.5 AS score FROM (SELECT i, {features} FROM range({rows}) t(i)))
            ) TO '{path}' (FORMAT parquet)
            """), cancel);
        return new RaceData(path, rows);
    }
}
