using System.Text.Json;
using MlSql.Engines.DuckDb.Database;
using MlSql.Models.Boosters;

namespace MlSql.UnitTests.Scoring.Trees;

/// <summary>One folder of the shared LightGBM and XGBoost models: the files, the rows and what the tool itself gave for them.</summary>
internal sealed class BoosterFixture
{
    private readonly JsonElement _json;

    public BoosterFixture(string folder)
    {
        Folder = folder;
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "fixture.json")));
        _json = file.RootElement.Clone();
        var tolerance = _json.GetProperty("tolerance");
        (Absolute, Relative) = (tolerance.GetProperty("abs").GetDouble(), tolerance.GetProperty("rel").GetDouble());
    }

    public static IEnumerable<BoosterFixture> All =>
        Directory.GetDirectories(TestData.Shared("fixtures", "boosters")).Order(StringComparer.Ordinal).Select(folder => new BoosterFixture(folder));

    public string Folder { get; }

    public double Absolute { get; }

    public double Relative { get; }

    public string[] Columns => [.. _json.GetProperty("columns").EnumerateArray().Select(c => c.GetString()!)];

    public string[] Files => [.. _json.GetProperty("files").EnumerateArray().Select(f => Path.Combine(Folder, f.GetString()!))];

    public string[] Expected => [.. _json.GetProperty("expected").EnumerateArray().Select(c => c.GetString()!)];

    /// <summary>The model of one of the files.</summary>
    public static BoosterModel Read(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        return LightGbmReader.Recognises(bytes) ? LightGbmReader.Read(bytes, file, default) : XgBoostReader.Read(bytes, file, default);
    }

    /// <summary>Columns of a Parquet file of the folder, NaN for NULL.</summary>
    public double[][] Values(string file, IEnumerable<string> columns)
    {
        using var database = DuckDbDatabase.Open(new DatabaseOptions { Threads = 1 });
        using var connection = database.Connect();
        using var result = connection.ExecuteStreaming($"SELECT {string.Join(", ", columns.Select(c => $"CAST(\"{c}\" AS DOUBLE)"))} FROM '{Path.Combine(Folder, file)}'", default);
        var values = columns.Select(_ => new List<double>()).ToArray();
        while (result.NextChunk(default) is { } chunk)
            for (int c = 0; c < values.Length; c++)
                for (int row = 0; row < chunk.Rows; row++) values[c].Add(chunk.Views[c].IsValid(row) ? chunk.Views[c].Values<double>()[row] : double.NaN);
        return [.. values.Select(v => v.ToArray())];
    }

    public override string ToString() => Path.GetFileName(Folder);
}
