using System.Globalization;

namespace MlSql.Races;

/// <summary>A graph of the shared fixtures, and its own rows again and again until there are enough.</summary>
internal sealed record GraphData(string Fixture, string Path)
{
    /// <summary>Writes the rows as FLOAT columns with their number i; without the fixtures nothing is written.</summary>
    public static async Task<GraphData> MakeAsync(MlSqlSession session, string name, string folder, int rows, CancellationToken cancel)
    {
        string fixture = SharedFolder.Path("fixtures", "models", name), path = System.IO.Path.Combine(folder, name + ".parquet");
        string[] columns = GraphRace.ColumnsOf(fixture);
        if (columns.Length > 0)
        {
            string floats = string.Join(", ", columns.Select(c => $"{c}::FLOAT AS {c}"));
            await session.ExecuteAsync(string.Create(CultureInfo.InvariantCulture,
                $"COPY (SELECT row_number() OVER () AS i, {floats} FROM '{System.IO.Path.Combine(fixture, "input.parquet")}', range({rows}) LIMIT {rows}) TO '{path}' (FORMAT parquet)"), cancel);
        }
        return new GraphData(fixture, path);
    }
}
