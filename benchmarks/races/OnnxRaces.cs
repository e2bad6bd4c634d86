using System.Globalization;
using System.Text.Json;
using MlSql.Columnar;

namespace MlSql.Races;

/// <summary>PREDICT against a Python tool that runs the same ONNX file; results are compared row by row.</summary>
internal abstract class OnnxRace(MlSqlSession session, Peer? peer, string script, string path, string[] columns, int threads) : Race
{
    protected MlSqlSession Session => session;

    protected string Rows => path;

    protected string[] Columns => columns;

    public override string? Skip => peer is null ? Peer.Missing : Fixture is { } file && !File.Exists(file) ? $"no {file}" : null;

    /// <summary>The graph of a fixture, or null when the race makes its own.</summary>
    protected virtual string? Fixture => null;

    /// <summary>Makes the model ready and gives the ONNX file.</summary>
    protected abstract Task<string> PrepareAsync(CancellationToken cancel);

    /// <summary>SQL of our probability of the last class.</summary>
    protected abstract string Probability { get; }

    protected abstract double Tolerance { get; }

    private string Theirs => Path.ChangeExtension(path, ".theirs.parquet");

    private string _model = "";

    public override async Task<string> CompareAsync(CancellationToken cancel)
    {
        _model = await PrepareAsync(cancel);
        await TheirsAsync(cancel);
        await using var result = await session.QueryAsync($"SELECT max(abs(o.p - t.p)) AS d, count(*) AS n FROM (SELECT i, {Probability} AS p FROM '{path}') o JOIN '{Theirs}' t USING (i)", cancel);
        (double difference, long rows) = (double.NaN, 0);
        await foreach (RecordBatch batch in result.ReadAsync(cancel)) (difference, rows) = (batch.Column<double>("d")[0], batch.Column<long>("n")[0]);
        return difference <= Tolerance && rows > 0
            ? string.Create(CultureInfo.InvariantCulture, $"largest difference of {rows:N0} probabilities {difference:g2}")
            : throw new ResultsDifferException(string.Create(CultureInfo.InvariantCulture, $"largest difference {difference:g3}"));
    }

    public override async Task<Timing> TheirsAsync(CancellationToken cancel)
    {
        using var json = await peer!.AskAsync(script, [path, _model, Theirs, threads.ToString(CultureInfo.InvariantCulture), string.Join(',', columns)], Path.GetDirectoryName(path)!, cancel);
        return Peer.TimingOf(json.RootElement);
    }

    protected Task<Timing> CopyAsync(CancellationToken cancel) =>
        Timing.OfAsync(() => session.ExecuteAsync($"COPY (SELECT i, {Probability} AS p FROM '{path}') TO '{Path.ChangeExtension(path, ".ours.parquet")}' (FORMAT parquet)", cancel));
}

/// <summary>Our logistic model against the file that EXPORT MODEL writes of it, in a Python function inside DuckDB.</summary>
internal sealed class ExportedRace(MlSqlSession session, RaceData data, Peer? peer) : OnnxRace(session, peer, "onnx_udf.py", data.Path, [.. RaceData.Names], Environment.ProcessorCount)
{
    public override string Name => "PREDICT logistic, Parquet → Parquet";

    public override string Opponent => "DuckDB Python UDF + ONNX Runtime";

    public override string Aim => "≥ 2.5 ×";

    protected override string Probability => "PREDICTION_PROBABILITY(race_predict, 'true' USING *)";

    protected override double Tolerance => 1e-9;

    protected override async Task<string> PrepareAsync(CancellationToken cancel)
    {
        string file = Path.ChangeExtension(Rows, ".onnx");
        await Session.ExecuteAsync($"EXPORT MODEL race_predict TO '{file}'", cancel);
        return file;
    }

    public override Task<Timing> OursAsync(CancellationToken cancel) => CopyAsync(cancel);
}

/// <summary>A graph of the fixtures through ONNX Runtime inside the engine, one thread each, against ONNX Runtime in Python.</summary>
/// <param name="session">Has one thread.</param>
/// <param name="peer">Python.</param>
/// <param name="fixture">The fixture's folder.</param>
/// <param name="path">Rows with a column i.</param>
/// <param name="bare">True against the runtime alone, over rows in memory on both sides; false against a function of DuckDB, file to file.</param>
internal sealed class GraphRace(MlSqlSession session, Peer? peer, string fixture, string path, bool bare)
    : OnnxRace(session, peer, bare ? "onnx_bare.py" : "onnx_udf.py", path, ColumnsOf(fixture), threads: 1)
{
    private readonly string _model = "race_" + System.IO.Path.GetFileName(fixture);

    public override string Name => $"PREDICT {System.IO.Path.GetFileName(fixture)}, 1 thread";

    public override string Opponent => bare ? "ONNX Runtime in Python, rows in memory" : "DuckDB Python UDF + ONNX Runtime";

    public override string Aim => bare ? "≥ 1.0 ×" : "≥ 1.1 ×";

    protected override string? Fixture => System.IO.Path.Combine(fixture, "model.onnx");

    protected override string Probability => $"PREDICTION_PROBABILITY({_model}, '{LastClass}' USING *)";

    protected override double Tolerance => 1e-5;

    private string LastClass => fixture.Contains("digits", StringComparison.Ordinal) ? "9" : "1";

    /// <summary>The columns that feed the graph's matrix.</summary>
    public static string[] ColumnsOf(string fixture)
    {
        string file = System.IO.Path.Combine(fixture, "fixture.json");
        if (!File.Exists(file)) return [];
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        return [.. json.RootElement.GetProperty("inputs")[0].GetProperty("columns").EnumerateArray().Select(c => c.GetString()!)];
    }

    protected override async Task<string> PrepareAsync(CancellationToken cancel)
    {
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(System.IO.Path.Combine(fixture, "fixture.json"), cancel));
        string input = json.RootElement.GetProperty("inputs")[0].GetProperty("input").GetString()!;
        await Session.ExecuteAsync($"IMPORT MODEL {_model} FROM '{Fixture}' INPUT ({input} FROM ({string.Join(", ", Columns)})); CREATE OR REPLACE TABLE race_rows AS SELECT * FROM '{Rows}'", cancel);
        return Fixture!;
    }

    public override Task<Timing> OursAsync(CancellationToken cancel) => bare ? Timing.OfAsync(() => Session.ExecuteAsync($"SELECT sum({Probability}) FROM race_rows", cancel)) : CopyAsync(cancel);
}
