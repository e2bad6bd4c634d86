using System.Diagnostics;
using System.Text.Json;

namespace MlSql.Races;

/// <summary>What a Python peer reports of one run: its own times from the file to the coefficients, without starting Python and its imports.</summary>
internal sealed record PeerRun(Timing Timing, double[] Coefficients);

/// <summary>Runs the Python tools that we race against, each run in a process of its own.</summary>
internal sealed class Peer
{
    /// <summary>Why there is no peer.</summary>
    public const string Missing = "no Python with scikit-learn, pandas, pyarrow, duckdb and onnxruntime (set MLSQL_PEERS to a folder for PYTHONPATH)";

    private readonly string _packages;

    private Peer(string packages) => _packages = packages;

    /// <summary>The peer, or null: a folder named by MLSQL_PEERS, the shared folder's packages, or what python3 has.</summary>
    public static Peer? Find(string folder)
    {
        string packages = Environment.GetEnvironmentVariable("MLSQL_PEERS") ?? Shared() ?? "";
        var peer = new Peer(packages);
        using var probe = peer.Start(["-c", "import sklearn, pandas, pyarrow, duckdb, onnxruntime"], folder);
        probe.WaitForExit();
        return probe.ExitCode == 0 ? peer : null;
    }

    public async Task<PeerRun> RunAsync(string script, string data, CancellationToken cancel)
    {
        using var json = await AskAsync(script, [data], Path.GetDirectoryName(data)!, cancel);
        return new PeerRun(TimingOf(json.RootElement), [.. json.RootElement.GetProperty("coef").EnumerateArray().Select(e => e.GetDouble())]);
    }

    /// <summary>The times that a run reports.</summary>
    public static Timing TimingOf(JsonElement report) => new(report.GetProperty("wall").GetDouble(), report.GetProperty("cpu").GetDouble());

    /// <summary>Runs a script and gives its report.</summary>
    public async Task<JsonDocument> AskAsync(string script, string[] arguments, string folder, CancellationToken cancel)
    {
        using var process = Start([Path.Combine(AppContext.BaseDirectory, "peers", script), .. arguments], folder);
        string text = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{script} ended with {process.ExitCode}: {await process.StandardError.ReadToEndAsync(cancel)}");
        return JsonDocument.Parse(text);
    }

    private Process Start(string[] arguments, string folder)
    {
        var start = new ProcessStartInfo("python3", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        start.Environment["PYTHONPATH"] = _packages;
        start.Environment["ORT_DISABLE_TELEMETRY"] = "1";
        return Process.Start(start)!;
    }

    private static string? Shared()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string script = Path.Combine(folder.FullName, "shared", "peers", "peers-home.sh");
            if (!File.Exists(script)) continue;
            using var home = Process.Start(new ProcessStartInfo("bash", [script]) { RedirectStandardOutput = true })!;
            string path = home.StandardOutput.ReadToEnd().Trim();
            home.WaitForExit();
            return home.ExitCode == 0 ? path : null;
        }
        return null;
    }
}
