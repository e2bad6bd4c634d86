using System.Globalization;
using MlSql;
using MlSql.Races;

// Side by side, in one run on one machine: dotnet run --project benchmarks/races -c Release [-- --rows N] [--repeats N] [--only TEXT of the races' names] [--spark]
// All races on Spark begin with its name, so that --spark is --only spark.
int rows = Option("--rows", 1_000_000), sparkRows = Option("--rows", 2_000_000), repeats = Option("--repeats", 5);
string? only = args.Contains("--spark") ? "spark:" : Word("--only");
string folder = Directory.CreateTempSubdirectory("mlsql-races-").FullName;
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
try
{
    string models = Path.Combine(folder, "models");
    await using var session = await MlSqlSession.OpenAsync(new MlSqlOptions { Models = models }, stop.Token);
    var data = await RaceData.MakeAsync(session, folder, rows, stop.Token);
    var table = new RaceTable("In the process", rows, repeats, only);
    await table.AddAsync(new PredictRace(session, data), stop.Token);
    var peer = Peer.Find(folder);
    await table.AddAsync(new LogisticRace(session, data, peer), stop.Token);
    await table.AddAsync(new RidgeRace(session, data, peer), stop.Token);
    await table.AddAsync(new ExportedRace(session, data, peer), stop.Token);
    await using var oneThread = await MlSqlSession.OpenAsync(new MlSqlOptions { Models = Path.Combine(folder, "graphs"), Threads = 1 }, stop.Token);
    foreach (string fixture in (string[])["bench_gbdt_higgs_like", "cnn_digits", "mlp_digits"])
    {
        var graph = await GraphData.MakeAsync(oneThread, fixture, folder, Math.Min(rows, 100_000), stop.Token);
        await table.AddAsync(new GraphRace(oneThread, peer, graph.Fixture, graph.Path, bare: true), stop.Token);
        await table.AddAsync(new GraphRace(oneThread, peer, graph.Fixture, graph.Path, bare: false), stop.Token);
    }
    var single = await GraphData.MakeAsync(oneThread, "bench_gbdt_higgs_like", folder, Math.Min(rows, 100_000), stop.Token);
    foreach (bool native in (bool[])[false, true])
        await using (var race = new SingleRowRace(oneThread, Path.Combine(folder, "graphs"), peer, single, native))
            await table.AddAsync(race, stop.Token);
    var trees = new TreeRaceData(oneThread, peer, folder, Math.Min(rows, 1_000_000));
    foreach (var race in TreeRaces.Of(trees)) await table.AddAsync(race, stop.Token);
    await table.AddAsync(new BoosterPredictRace(oneThread, trees), stop.Token);
    var command = Command.Find();
    await table.AddAsync(new ProcessPredictRace(session, command, peer, data), stop.Token);
    var learning = new TrainTreesData(session, peer, folder, rows);
    foreach (var race in TrainTreesRace.Of(learning))
        await using (race)
            await table.AddAsync(race, stop.Token);
    await table.MeasureAsync(new TrainMemory(session, command, folder, rows * 10L), stop.Token);
    table.Print(Console.Out);
    var sparkTable = new RaceTable($"Spark, local[{SparkHost.Threads}], one server for both, TCP", sparkRows, repeats, only);
    await using var track = new SparkTrack(session, models, peer, Path.Combine(folder, "spark"), sparkRows);
    foreach (var race in SparkRaces.Of(track)) await sparkTable.AddAsync(race, stop.Token);
    sparkTable.Print(Console.Out);
    return table.ResultsAgree && sparkTable.ResultsAgree ? 0 : 1;
}
finally
{
    Directory.Delete(folder, recursive: true);
}

int Option(string name, int standard) => Word(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : standard;

string? Word(string name)
{
    int at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}
