using System.Globalization;
using MlSql.Columnar;

namespace MlSql.Races;

/// <summary>Rows of the shared generator and the trees that are raced over them: LightGBM's files, and for the opponent the same trees as ONNX graphs. Made when a race first asks.</summary>
internal sealed class TreeRaceData(MlSqlSession session, Peer? peer, string folder, int rows)
{
    /// <summary>The fixtures' models.</summary>
    public static readonly string[] Fixtures = ["lightgbm_binary", "bench_gbdt_higgs_like"];

    /// <summary>The model that is trained here, of 255 leaves.</summary>
    public const string Large = "large";

    private float[]? _values;

    public int Rows => rows;

    public Peer? Peer => peer;

    /// <summary>The rows with their number i.</summary>
    public string Path => System.IO.Path.Combine(folder, "trees.parquet");

    /// <summary>Why there are no rows, or null.</summary>
    public string? Skip => peer is null ? Peer.Missing : File.Exists(HiggsRows.Generator) ? null : $"no {HiggsRows.Generator}";

    /// <summary>LightGBM's file of a model.</summary>
    public string TextOf(string model) => model == Large ? System.IO.Path.Combine(folder, Large + ".txt") : SharedFolder.Path("fixtures", "models", model, "model.txt");

    /// <summary>The opponent's file of a model.</summary>
    public string GraphOf(string model) => System.IO.Path.Combine(folder, model + ".onnx");

    /// <summary>All rows column by column.</summary>
    public async Task<float[]> ValuesAsync(CancellationToken cancel)
    {
        if (_values is not null) return _values;
        using (await peer!.AskAsync("trees.py", [HiggsRows.Generator, rows.ToString(CultureInfo.InvariantCulture), folder, .. Fixtures.Select(TextOf)], folder, cancel))
        {
            float[] values = new float[rows * RaceData.Columns];
            await using var result = await session.QueryAsync($"SELECT {string.Join(", ", RaceData.Names)} FROM '{Path}' ORDER BY i", cancel);
            int at = 0;
            await foreach (RecordBatch batch in result.ReadAsync(cancel))
            {
                foreach (var (column, name) in RaceData.Names.Index()) batch.Column<float>(name).CopyTo(values.AsSpan(column * rows + at));
                at += batch.Rows;
            }
            return at == rows ? _values = values : throw new InvalidOperationException($"{at} rows for {rows}");
        }
    }

    /// <summary>The probabilities that the opponent wrote, row by row.</summary>
    public async Task<double[]> ProbabilitiesAsync(string file, CancellationToken cancel)
    {
        List<double> found = [];
        await using var result = await session.QueryAsync($"SELECT p FROM '{file}' ORDER BY i", cancel);
        await foreach (RecordBatch batch in result.ReadAsync(cancel)) found.AddRange(batch.Column<double>("p"));
        return [.. found];
    }
}
