using System.Globalization;
using MlSql.Columnar;

namespace MlSql.Races;

/// <summary>PREDICT of boosted trees, Parquet to Parquet, whole processes with their start: the command against Python with DuckDB and ONNX Runtime, which runs the file that EXPORT MODEL writes.</summary>
internal sealed class ProcessPredictRace(MlSqlSession session, Command? command, Peer? peer, RaceData data) : Race
{
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(data.Path)!, "processes")).FullName;

    public override string Name => "PREDICT boosted trees 100 × 31, Parquet → Parquet, processes";

    public override string Opponent => "DuckDB Python UDF + ONNX Runtime";

    public override string Aim => "≥ 15 ×";

    public override string? Skip => peer is null ? Peer.Missing : command is null ? Command.Missing : null;

    private string Graph => Path.Combine(_folder, "trees.onnx");

    private string Ours => Path.Combine(_folder, "ours.parquet");

    private string Theirs => Path.Combine(_folder, "theirs.parquet");

    public override async Task<string> CompareAsync(CancellationToken cancel)
    {
        await command!.RunAsync(
            $"TRAIN trees USING boosted_tree_classifier (num_trees = 100, max_leaves = 31) LABEL y AS SELECT {string.Join(", ", RaceData.Names)}, y FROM '{data.Path}'; EXPORT MODEL trees TO '{Graph}'", _folder, [], cancel);
        await OursAsync(cancel);
        await TheirsAsync(cancel);
        await using var result = await session.QueryAsync($"SELECT max(abs(o.p - t.p)) AS d, count(*) AS n FROM '{Ours}' o JOIN '{Theirs}' t USING (i)", cancel);
        (double difference, long rows) = (double.NaN, 0);
        await foreach (RecordBatch batch in result.ReadAsync(cancel)) (difference, rows) = (batch.Column<double>("d")[0], batch.Column<long>("n")[0]);
        return difference <= 1e-5 && rows == data.Rows
            ? string.Create(CultureInfo.InvariantCulture, $"largest difference of {rows:N0} probabilities {difference:g2}")
            : throw new ResultsDifferException(string.Create(CultureInfo.InvariantCulture, $"largest difference of {rows:N0} probabilities {difference:g3}"));
    }

    public override async Task<Timing> OursAsync(CancellationToken cancel) =>
        (await command!.RunAsync($"COPY (SELECT i, PREDICTION_PROBABILITY(trees, true USING *) AS p FROM '{data.Path}') TO '{Ours}' (FORMAT parquet)", _folder, [], cancel)).Timing;

    public override Task<Timing> TheirsAsync(CancellationToken cancel) =>
        peer!.TimeAsync("onnx_udf.py", [data.Path, Graph, Theirs, Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture), string.Join(',', RaceData.Names)], _folder, cancel);
}
