using System.Globalization;
using MlSql.Columnar;

namespace MlSql.Races;

/// <summary>PREDICT of a LightGBM file on a table of the engine against LightGBM's own predict of the same file on a matrix of the same rows, one thread each.</summary>
/// <param name="session">Has one thread.</param>
/// <param name="data">The rows and the file.</param>
internal sealed class BoosterPredictRace(MlSqlSession session, TreeRaceData data) : Race
{
    public override string Name => "PREDICT LightGBM file on a table, 1 thread";

    public override string Opponent => "LightGBM's predict, rows in memory";

    public override string Aim => "≥ 20 ×";

    public override string? Skip => data.Skip;

    private string Theirs => Path.Combine(Path.GetDirectoryName(data.Path)!, "booster.theirs.parquet");

    public override async Task<string> CompareAsync(CancellationToken cancel)
    {
        await data.ValuesAsync(cancel);
        await session.ExecuteAsync($"CREATE OR REPLACE TABLE booster_rows AS SELECT * FROM '{data.Path}'", cancel);
        await session.ExecuteAsync($"IMPORT MODEL race_booster FROM '{data.TextOf(TreeRaceData.Fixtures[0])}'", cancel);
        await TheirsAsync(cancel);
        await using var result = await session.QueryAsync($"SELECT max(abs(o.p - t.p)) AS d, count(*) AS n FROM (SELECT i, {Prediction} AS p FROM booster_rows) o JOIN '{Theirs}' t USING (i)", cancel);
        (double difference, long rows) = (double.NaN, 0);
        await foreach (RecordBatch batch in result.ReadAsync(cancel)) (difference, rows) = (batch.Column<double>("d")[0], batch.Column<long>("n")[0]);
        return difference <= 1e-12 && rows == data.Rows
            ? string.Create(CultureInfo.InvariantCulture, $"largest difference of {rows:N0} probabilities {difference:g2}")
            : throw new ResultsDifferException(string.Create(CultureInfo.InvariantCulture, $"largest difference of {rows:N0} probabilities {difference:g3}"));
    }

    public override Task<Timing> OursAsync(CancellationToken cancel) => Timing.OfAsync(() => session.ExecuteAsync($"SELECT sum({Prediction}) FROM booster_rows", cancel));

    public override async Task<Timing> TheirsAsync(CancellationToken cancel)
    {
        using var json = await data.Peer!.AskAsync("lightgbm_predict.py", [data.Path, data.TextOf(TreeRaceData.Fixtures[0]), Theirs], Path.GetDirectoryName(data.Path)!, cancel);
        return Peer.TimingOf(json.RootElement);
    }

    // The file calls its columns Column_0, Column_1, …
    private static string Prediction => $"PREDICT(race_booster, {string.Join(", ", RaceData.Names)})";
}
