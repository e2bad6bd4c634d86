using System.Globalization;
using System.Text.Json;
using MlSql.Columnar;

namespace MlSql.Races;

/// <summary>Rows of the shared generator for the training of trees: a file to learn from and one to be measured on. Made when a race first asks.</summary>
internal sealed class TrainTreesData(MlSqlSession session, Peer? peer, string folder, int rows)
{
    private bool _made;

    public Peer? Peer => peer;

    public int Rows => rows;

    public string Folder => folder;

    public string Train => Path.Combine(folder, "higgs.train.parquet");

    public string Test => Path.Combine(folder, "higgs.test.parquet");

    /// <summary>Why there are no rows, or null.</summary>
    public string? Skip => peer is null ? Peer.Missing : File.Exists(HiggsRows.Generator) ? null : $"no {HiggsRows.Generator}";

    /// <summary>Writes the files: as many rows to learn from as were asked for, and a fifth of that, but 20,000 at least, behind them.</summary>
    public async Task MakeAsync(CancellationToken cancel)
    {
        if (_made) return;
        await HiggsRows.ViewAsync(session, 0, rows + Math.Max(rows / 5, 20_000), cancel);
        foreach (var (file, part) in ((string, string)[])[(Train, "<"), (Test, ">=")])
            await session.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"COPY (SELECT label, {string.Join(", ", RaceData.Names)} FROM higgs_like WHERE row_id {part} {rows}) TO '{file}' (FORMAT parquet)"), cancel);
        _made = true;
    }
}

/// <summary>TRAIN of boosted trees against LightGBM, rows in memory on both sides (a table of the engine, a matrix of 32-bit numbers), binning included.</summary>
internal sealed class TrainTreesRace(TrainTreesData data, int leaves, int threads) : Race, IAsyncDisposable
{
    // The difference of areas under the curve that two good trainers may have after a million rows; after fewer, chance adds as the root of their number says.
    private double Tolerance => 0.001 * Math.Sqrt(Math.Max(1, 1_000_000.0 / data.Rows));

    private MlSqlSession? _session;

    public override string Name => string.Create(CultureInfo.InvariantCulture, $"TRAIN boosted trees 100 × {leaves}, {threads} thread{(threads > 1 ? "s" : "")}");

    public override string Opponent => "LightGBM";

    public override string Aim => "≥ 2 ×";

    public override string? Skip => data.Skip;

    public static IEnumerable<TrainTreesRace> Of(TrainTreesData data)
    {
        foreach (int leaves in (int[])[31, 255])
            foreach (int threads in (int[])[1, 2])
                yield return new(data, leaves, threads);
    }

    public override async Task<string> CompareAsync(CancellationToken cancel)
    {
        await data.MakeAsync(cancel);
        _session = await MlSqlSession.OpenAsync(new MlSqlOptions { Models = Path.Combine(data.Folder, Name), Threads = threads }, cancel);
        await _session.ExecuteAsync($"CREATE TABLE rows AS SELECT * FROM '{data.Train}'", cancel);
        await TrainAsync(cancel);
        double ours = double.NaN;
        await using (var result = await _session.QueryAsync($"SELECT roc_auc FROM ML.EVALUATE(MODEL trees, (SELECT * FROM '{data.Test}'))", cancel))
            await foreach (RecordBatch batch in result.ReadAsync(cancel)) ours = batch.Column<double>("roc_auc")[0];
        using var report = await AskAsync(cancel);
        double theirs = report.RootElement.GetProperty("auc").GetDouble();
        string both = string.Create(CultureInfo.InvariantCulture, $"area under the curve on other rows {ours:0.00000}, theirs {theirs:0.00000}");
        return Math.Abs(ours - theirs) <= Tolerance ? both : throw new ResultsDifferException(both);
    }

    public override Task<Timing> OursAsync(CancellationToken cancel) => Timing.OfAsync(() => TrainAsync(cancel));

    public override async Task<Timing> TheirsAsync(CancellationToken cancel)
    {
        using var report = await AskAsync(cancel);
        return Peer.TimingOf(report.RootElement);
    }

    public async ValueTask DisposeAsync()
    {
        if (_session is not null) await _session.DisposeAsync();
    }

    private Task<IReadOnlyList<StatementResult>> TrainAsync(CancellationToken cancel) =>
        _session!.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"TRAIN trees USING boosted_tree_classifier (num_trees = 100, max_leaves = {leaves}) LABEL label AS SELECT * FROM rows"), cancel);

    private Task<JsonDocument> AskAsync(CancellationToken cancel) =>
        data.Peer!.AskAsync("lightgbm_train.py", [data.Train, data.Test, leaves.ToString(CultureInfo.InvariantCulture), threads.ToString(CultureInfo.InvariantCulture)], data.Folder, cancel);
}
