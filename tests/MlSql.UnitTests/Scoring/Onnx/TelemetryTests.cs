using System.Diagnostics;
using MlSql.Columnar;
using MlSql.Models.Onnx;
using MlSql.Scoring.Onnx;
using MlSql.UnitTests.Scoring.Memory;

namespace MlSql.UnitTests.Scoring.Onnx;

internal sealed class TelemetryTests
{
    internal const string ScoreTask = "onnx";

    [Test]
    public async Task The_runtime_leaves_no_trace_in_the_home_and_temp_folders()
    {
        string home = Directory.CreateTempSubdirectory("mlsql-home-").FullName, temp = Directory.CreateDirectory(Path.Combine(home, "temp")).FullName;
        try
        {
            string assembly = typeof(StartupHook).Assembly.Location;
            var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", ["exec", assembly]) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["DOTNET_STARTUP_HOOKS"] = assembly;
            start.Environment[StartupHook.TaskVariable] = ScoreTask;
            start.Environment["HOME"] = home;
            start.Environment["TMPDIR"] = temp;
            foreach (string variable in (string[])["XDG_CACHE_HOME", "ORT_DISABLE_TELEMETRY"]) start.Environment.Remove(variable);
            using var child = Process.Start(start)!;
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            var errors = child.StandardError.ReadToEndAsync(limit.Token);
            string output = await child.StandardOutput.ReadToEndAsync(limit.Token);
            await child.WaitForExitAsync(limit.Token);
            Assert.That(await errors, Is.Empty);
            Assert.That(output.Trim(), Is.EqualTo("42"));
            Assert.That(Directory.Exists(Path.Combine(home, ".cache", "Microsoft")), Is.False);
            Assert.That(Directory.GetFiles(temp, "mat-debug*", SearchOption.AllDirectories), Is.Empty);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    /// <summary>What the child process does: a whole run.</summary>
    internal static void Score()
    {
        byte[] graph = new TestGraph().Input("x", TensorElement.Float, "N").Output("y", TensorElement.Float, "N").Node("Add", ["x", "x"], ["y"]).ToBytes();
        var (model, _) = TestGraph.Import(graph);
        using var session = GraphSession.Create(graph, new GraphSessionOptions(), default);
        using var views = new ScoringViews(ViewStyle.Views);
        using var batch = new GraphScorer(model, session).Score([views.Make(new FloatType(32), [21f])], 1, new RunLimits(TimeSpan.FromSeconds(10), default));
        Console.Out.WriteLine(((ValueColumn)batch.Columns[0]).Values.Values<float>()[0]);
    }
}
