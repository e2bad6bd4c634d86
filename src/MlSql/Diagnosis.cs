using System.Globalization;
using MlSql.Columnar;
using MlSql.Engines.DuckDb;
using MlSql.Engines.Spark;
using MlSql.Models.Store;
using MlSql.Scoring.Onnx;

namespace MlSql;

/// <summary>The doctor's checks of engine and store.</summary>
internal static class Diagnosis
{
    /// <summary>Checks what the options ask for. <paramref name="spark"/> is null where statements run inside the process.</summary>
    public static async Task<DoctorReport> RunAsync(MlSqlOptions options, SparkEngineOptions? spark, CancellationToken cancel)
    {
        var lines = new List<DoctorLine>();
        if (spark is not null) await SparkDiagnosis.AddAsync(lines, spark, cancel).ConfigureAwait(false);
        else
        {
            Check(lines, "engine", () =>
            {
                using var engine = DuckDbEngine.Open(new DuckDbEngineOptions { Threads = options.Threads, Memory = options.Memory });
                return new DoctorLine("engine", DoctorState.Ok, $"{engine.Name} {engine.Version} from {DuckDbEngine.LibraryPath}");
            });
        }
        lines.Add(OnnxRuntime());
        if (options.Database is { } database)
        {
            Check(lines, "database", () =>
            {
                using var engine = DuckDbEngine.Open(new DuckDbEngineOptions { Database = database });
                return new DoctorLine("database", DoctorState.Ok, database);
            });
        }
        cancel.ThrowIfCancellationRequested();
        Check(lines, "models", () => Models(options, cancel));
        return new DoctorReport(lines);
    }

    // Only imported graphs need it.
    private static DoctorLine OnnxRuntime()
    {
        const string Name = "ONNX Runtime";
        try
        {
            var info = OnnxRuntimeInfo.Read();
            return new DoctorLine(Name, DoctorState.Ok, $"{info.Version} from {info.Path}; {info.Processor}");
        }
        catch (CodedException e)
        {
            return new DoctorLine(Name, DoctorState.Warn, $"{e.Code} {e.Message}; imported models cannot predict", e.Hint);
        }
    }

    private static DoctorLine Models(MlSqlOptions options, CancellationToken cancel)
    {
        var store = ModelStore.Open(MlSqlSession.ModelsFolder(options), new PhysicalFileSystem(), options.Time);
        var snapshot = store.Snapshot(cancel);
        foreach (var version in snapshot.Models.SelectMany(m => m.Versions)) store.Load(version);
        string found = string.Create(CultureInfo.InvariantCulture, $"{store.Folder}: {snapshot.Models.Length} models, {snapshot.Models.Sum(m => m.Versions.Length)} versions");
        return snapshot.Problems.IsEmpty
            ? new DoctorLine("models", DoctorState.Ok, found)
            : new DoctorLine("models", DoctorState.Fail, $"{found}, {snapshot.Problems.Length} damaged: {snapshot.Problems[0].Error.Message}", snapshot.Problems[0].Error.Hint);
    }

    private static void Check(List<DoctorLine> lines, string name, Func<DoctorLine> check)
    {
        try
        {
            lines.Add(check());
        }
        catch (CodedException e)
        {
            lines.Add(new DoctorLine(name, DoctorState.Fail, $"{e.Code} {e.Message}", e.Hint));
        }
    }
}
