using System.Globalization;
using MlSql.Columnar;
using MlSql.Engines.Spark;

namespace MlSql;

/// <summary>The doctor's checks of Spark: what executors are sent, the server, and a worker that answers from a task of it.</summary>
internal static class SparkDiagnosis
{
    private const string Archive = "worker's archive", Worker = "worker";

    public static async Task AddAsync(List<DoctorLine> lines, SparkEngineOptions options, CancellationToken cancel)
    {
        bool hasArchive = await TryAsync(lines, Archive, () =>
        {
            var file = new FileInfo(SparkEngine.WorkerArchive);
            return Task.FromResult(new DoctorLine(Archive, DoctorState.Ok, string.Create(CultureInfo.InvariantCulture, $"{file.FullName}, {file.Length / 1e6:0.0} MB")));
        }).ConfigureAwait(false);
        SparkEngine? engine = null;
        await TryAsync(lines, "engine", async () =>
        {
            engine = await SparkEngine.OpenAsync(options, cancel).ConfigureAwait(false);
            return new DoctorLine("engine", DoctorState.Ok, $"{engine.Name} {engine.Version} at {engine.Address}");
        }).ConfigureAwait(false);
        if (engine is null) return;
        await using (engine.ConfigureAwait(false))
            if (hasArchive) await TryAsync(lines, Worker, async () => Answer(await engine.ProbeAsync(cancel).ConfigureAwait(false))).ConfigureAwait(false);
    }

    private static DoctorLine Answer(string answer)
    {
        var said = answer.Split(' ').Select(pair => pair.Split('=', 2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        return new DoctorLine(Worker, DoctorState.Ok, $"{said.GetValueOrDefault("version", "unknown version")} answers from an executor, {said.GetValueOrDefault("architecture", "unknown architecture")}");
    }

    private static async Task<bool> TryAsync(List<DoctorLine> lines, string name, Func<Task<DoctorLine>> check)
    {
        try
        {
            lines.Add(await check().ConfigureAwait(false));
            return true;
        }
        catch (CodedException e)
        {
            lines.Add(new DoctorLine(name, DoctorState.Fail, $"{e.Code} {e.Message}", e.Hint));
            return false;
        }
    }
}
