using System.Globalization;

namespace MlSql.Races;

/// <summary>The most memory that the command holds while it trains trees on a Parquet file under --memory 1GB; ten times the rows of the races.</summary>
internal sealed class TrainMemory(MlSqlSession session, Command? command, string folder, long rows)
{
    public const string Name = "TRAIN boosted trees under --memory 1GB, peak memory";

    public const string Aim = "≤ 1.6 GiB for 10,000,000 rows";

    /// <summary>Why it cannot be measured here, or null.</summary>
    public string? Skip => command is null ? Command.Missing : !OperatingSystem.IsLinux() ? "only Linux says what was the peak" : null;

    /// <summary>Trains 20 trees, and gives the peak with the rows that it was for.</summary>
    public async Task<string> MeasureAsync(CancellationToken cancel)
    {
        string path = Path.Combine(folder, "many.parquet");
        string Value(int column) => string.Create(CultureInfo.InvariantCulture, $"CAST((hash(i * 64 + {column}) % 16777216) / 16777216.0 AS FLOAT)");
        string features = string.Join(", ", RaceData.Names.Select((name, c) => $"{Value(c)} AS {name}"));
        await session.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"COPY (SELECT *, f00 + f01 * f02 > 0.7 AS y FROM (SELECT {features} FROM range({rows}) t(i))) TO '{path}' (FORMAT parquet)"), cancel);
        var run = await command!.RunAsync($"TRAIN many USING boosted_tree_classifier (num_trees = 20) LABEL y AS SELECT * FROM '{path}'", folder, ["--memory", "1GB"], cancel);
        File.Delete(path);
        return string.Create(CultureInfo.InvariantCulture, $"{run.PeakBytes / (double)(1 << 30):0.00} GiB, {rows:N0} rows, {run.Timing.Wall:0.0} s");
    }
}
