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

    private Peer(string packages) => Packages = packages;

    /// <summary>Where our scripts for Python are.</summary>
    public static string Scripts { get; } = Path.Combine(AppContext.BaseDirectory, "peers");

    /// <summary>Where Python finds the tools.</summary>
    public string Packages { get; }

    /// <summary>The interpreter itself, where "python3" may be a script that looks for it.</summary>
    public string Python { get; private init; } = "python3";

    /// <summary>The peer, or null: a folder named by MLSQL_PEERS, the shared folder's packages, or what python3 has.</summary>
    public static Peer? Find(string folder)
    {
        string packages = Environment.GetEnvironmentVariable("MLSQL_PEERS") ?? SharedFolder.Ask("peers", "peers-home.sh") ?? "";
        var peer = new Peer(packages);
        using var probe = peer.Start(["-c", "import sys, sklearn, pandas, pyarrow, duckdb, onnxruntime; print(sys.executable)"], folder);
        string python = probe.StandardOutput.ReadToEnd().Trim();
        probe.WaitForExit();
        return probe.ExitCode == 0 ? new(packages) { Python = python } : null;
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
        using var process = Start([Path.Combine(Scripts, script), .. arguments], folder);
        string text = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{script} ended with {process.ExitCode}: {await process.StandardError.ReadToEndAsync(cancel)}");
        return JsonDocument.Parse(text);
    }

    /// <summary>Runs a script and gives the times of its whole process, with its start and imports.</summary>
    public async Task<Timing> TimeAsync(string script, string[] arguments, string folder, CancellationToken cancel) =>
        (await ChildProcess.RunAsync(Command([Path.Combine(Scripts, script), .. arguments], folder), cancel)).Timing;

    /// <summary>Python with the tools, not yet started.</summary>
    public ProcessStartInfo Command(string[] arguments, string folder)
    {
        var start = new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        start.Environment["PYTHONPATH"] = Packages;
        start.Environment["ORT_DISABLE_TELEMETRY"] = "1";
        return start;
    }

    private Process Start(string[] arguments, string folder) => Process.Start(Command(arguments, folder))!;
}
