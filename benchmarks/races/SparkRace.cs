using System.Globalization;

namespace MlSql.Races;

/// <summary>We against PySpark on one server. Processor time is the server's with all its workers; clients are not in it.</summary>
internal abstract class SparkRace(SparkTrack track, SparkJob job) : Race
{
    public override string Opponent => job.IsNoOp ? "PySpark arrow_udf" : "PySpark arrow_udf + ONNX Runtime";

    public override string? Skip => track.Missing ?? (job.Function.Model == SparkTrack.GraphFile && !File.Exists(SparkTrack.GraphFile) ? $"no {SparkTrack.GraphFile}" : null);

    // A Java machine's first runs of a query take many times as long as later ones.
    public override int WarmUps => 2;

    protected SparkJob Job => job;

    protected SparkRig Rig { get; private set; } = null!;

    /// <summary>Our session that stays open.</summary>
    protected SparkSide Side => job.IsNoOp ? Rig.NoOp : Rig.Predict;

    protected string OurQuery => job.Query(job.Ours, Side.File);

    protected string TheirQuery => job.Query(job.Theirs, TheirFile);

    public override async Task<string> CompareAsync(CancellationToken cancel)
    {
        Rig = await track.RigAsync(cancel);
        string theirs = Path.Combine(Rig.Host.Folder, job.Function.Name + ".theirs.parquet");
        await Rig.Peer.RegisterAsync(job.Function, cancel);
        await Rig.Peer.WriteAsync($"SELECT i, {job.Theirs} AS p FROM {job.From(TheirFile)}", theirs, cancel);
        var (difference, compared) = await Side.AskAsync($"SELECT max(abs(CAST(o.p - t.p AS DOUBLE))) AS v, count(*) AS n FROM (SELECT i, {job.Ours} AS p FROM {job.From(Side.File)}) o JOIN {Side.File(theirs)} t USING (i)", cancel);
        var (_, all) = await Side.AskAsync(OurQuery, cancel);
        return difference <= job.Tolerance && compared == all && all > 0
            ? string.Create(CultureInfo.InvariantCulture, $"largest difference of {all:N0} values {difference:g2}")
            : throw new ResultsDifferException(string.Create(CultureInfo.InvariantCulture, $"largest difference {difference:g3}, {compared:N0} of {all:N0} rows"));
    }

    private static string TheirFile(string path) => $"parquet.`{path}`";
}

/// <summary>A query in sessions that stay open.</summary>
internal class SparkQueryRace(SparkTrack track, SparkJob job, string name, string aim) : SparkRace(track, job)
{
    public override string Name => "Spark: " + name;

    public override string Aim => aim;

    public override Task<Timing> OursAsync(CancellationToken cancel) => Rig.Host.TimeAsync(() => (Task)Side.AskAsync(OurQuery, cancel));

    public override Task<Timing> TheirsAsync(CancellationToken cancel) => Rig.Host.TimeAsync(() => Rig.Peer.QueryAsync(TheirQuery, cancel));
}

/// <summary>A query of a model in the worker, whose cost is split: Spark's sum of the same columns, the same columns to the worker and one back, and all.</summary>
internal sealed class SparkScoringRace(SparkTrack track, SparkJob job, string name, string aim) : SparkQueryRace(track, job, name, aim)
{
    // After the second turn the machine still spent a third of its time in Java's compiler.
    public override int WarmUps => 6;

    public override IReadOnlyList<RacePart> Parts =>
    [
        new("JVM", cancel => AskAsync(string.Join(" + ", Job.Columns), cancel)),
        // As predictions send their arguments: in one list, made below; the echo gives its first argument back.
        new("transport", cancel => AskAsync($"noop_float({Job.Columns[0]}, nullif(array({string.Join(", ", Job.Columns)}), array()))", cancel)),
        new("scoring", null),
    ];

    private Task<Timing> AskAsync(string call, CancellationToken cancel) => Rig.Host.TimeAsync(() => (Task)Rig.NoOp.AskAsync(Job.Query(call, Rig.NoOp.File), cancel));
}

/// <summary>From nothing over a session to the rows of its first query; the session's end is not in it.</summary>
internal sealed class SparkFirstRace(SparkTrack track, SparkJob job, string name) : SparkRace(track, job)
{
    public override string Name => "Spark: " + name;

    public override string Aim => "≥ 2 ×";

    public override async Task<Timing> OursAsync(CancellationToken cancel)
    {
        SparkSide? fresh = null;
        try
        {
            return await Rig.Host.TimeAsync(async () =>
            {
                fresh = Job.IsNoOp ? await NoOpSide.OpenAsync(Rig.Host, floats: false, cancel) : await PredictSide.OpenAsync(Rig.Host, Rig.Models, cancel);
                await fresh.AskAsync(OurQuery, cancel);
            });
        }
        finally
        {
            if (fresh is not null) await fresh.DisposeAsync();
        }
    }

    public override Task<Timing> TheirsAsync(CancellationToken cancel) => Rig.Host.TimeAsync(() => Rig.Peer.FirstAsync(Job.Function, TheirQuery, cancel));
}

/// <summary>Processor time of the workers alone, over some queries: the kernel counts in hundredths of a second.</summary>
internal sealed class SparkWorkerRace(SparkTrack track, SparkJob job, string name) : SparkRace(track, job)
{
    private const int Queries = 3;

    public override string Name => "Spark: " + name;

    public override string Aim => "CPU ≥ 3 ×";

    public override Task<Timing> OursAsync(CancellationToken cancel) => WorkersAsync(async () => (await Rig.Host.TimeAsync(() => (Task)Side.AskAsync(OurQuery, cancel))).Wall);

    public override Task<Timing> TheirsAsync(CancellationToken cancel) => WorkersAsync(() => Rig.Peer.QueryAsync(TheirQuery, cancel));

    private async Task<Timing> WorkersAsync(Func<Task<double>> query)
    {
        var before = Rig.Host.Time;
        double wall = 0;
        for (int i = 0; i < Queries; i++) wall += await query();
        return new(wall, Rig.Host.Time.Since(before).Workers);
    }
}
